using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Registry.Domain.Kernel;
using Registry.EventStore.Views;

namespace Registry.Application.Members;

/// <summary>What is known of a person. It stands in the vault only, never in an event, a view or a log.</summary>
/// <param name="Remarks">What the member remarked on a proof of theirs, by its id.</param>
public sealed record Person(string? Name, string? Contact, string? Reference, IReadOnlyDictionary<Guid, string> Accounts, IReadOnlyDictionary<Guid, string>? Remarks = null)
{
    public static readonly Person Nobody = new(null, null, null, new Dictionary<Guid, string>());

    /// <summary>What was said before stays where nothing newer is said.</summary>
    public Person With(Person newer) => new(
        newer.Name ?? Name, newer.Contact ?? Contact, newer.Reference ?? Reference,
        Together(Accounts, newer.Accounts), newer.Remarks is null ? Remarks : Together(Remarks ?? newer.Remarks, newer.Remarks));

    public bool IsSame(Person other) =>
        (Name, Contact, Reference) == (other.Name, other.Contact, other.Reference) && Accounts.Count == other.Accounts.Count && Accounts.All(a => other.Accounts.TryGetValue(a.Key, out var theirs) && theirs == a.Value);

    private static Dictionary<Guid, string> Together(IReadOnlyDictionary<Guid, string> before, IReadOnlyDictionary<Guid, string> newer) =>
        before.Concat(newer).GroupBy(a => a.Key).ToDictionary(g => g.Key, g => g.Last().Value);
}

/// <summary>Keys of 256 bits that stand outside the database: one wraps the keys of the rows, one indexes blindly.</summary>
/// <param name="Wrapping">The newest first: that one wraps, all of them open.</param>
/// <param name="Index">Never changed: by it a person is found.</param>
public sealed record VaultKeys(IReadOnlyList<byte[]> Wrapping, byte[] Index);

/// <summary>A row as it stands in the database.</summary>
public sealed record VaultRow(MemberRef Member, OrganisationId Representative, byte[]? SubjectIndex, byte[]? ReferenceIndex, byte[] WrappedKey, byte[] Sealed);

/// <summary>Seals people: AES-256-GCM under a key per row, wrapped by a key outside the database (NIST SP 800-38D, 800-57).</summary>
public sealed class Vault(Func<VaultKeys> read)
{
    private volatile VaultKeys keys = read();

    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public static readonly Table Rows = new(
        "vault", "ON CONFLICT (member) DO UPDATE SET wrapped_key = excluded.wrapped_key, sealed = excluded.sealed, subject_index = coalesce(excluded.subject_index, vault.subject_index)",
        Column.Uuid("member"), Column.Uuid("representative"), Column.Bytes("subject_index"), Column.Bytes("reference_index"),
        Column.Bytes("wrapped_key"), Column.Bytes("sealed"));

    /// <summary>Takes over keys that were made since.</summary>
    public void ReadKeysAgain() => keys = read();

    /// <summary>Finds a person who signs in without telling who they are: HMAC-SHA-256 of issuer and subject.</summary>
    public byte[] SubjectIndex(string subject) => Blind("subject", subject);

    /// <summary>Finds a representative's own reference; another representative's same number gives another index.</summary>
    public byte[] ReferenceIndex(OrganisationId representative, string reference) => Blind($"reference {representative}", reference);

    /// <summary>A keyed digest, for what must be compared and never read back.</summary>
    public byte[] Blind(string kind, string text) => HMACSHA256.HashData(keys.Index, Encoding.UTF8.GetBytes($"{kind}\0{text}"));

    public VaultRow Seal(MemberRef member, OrganisationId representative, byte[]? subjectIndex, byte[]? referenceIndex, Person person)
    {
        var key = RandomNumberGenerator.GetBytes(KeySize);
        return new VaultRow(
            member, representative, subjectIndex, referenceIndex, Encrypt(keys.Wrapping[0], key, member.Value),
            Encrypt(key, JsonSerializer.SerializeToUtf8Bytes(person, RegistryJson.Stored), member.Value));
    }

    /// <summary>The same row with another content, under the same key.</summary>
    public VaultRow Reseal(VaultRow row, Person person) => row.WrappedKey.Length == 0 ? Seal(row.Member, row.Representative, row.SubjectIndex, row.ReferenceIndex, person) :
        row with { Sealed = Encrypt(KeyOf(row), JsonSerializer.SerializeToUtf8Bytes(person, RegistryJson.Stored), row.Member.Value) };

    /// <summary>Of a row that was blanked nothing is known but whose mandates are its.</summary>
    public Person Open(VaultRow row) => row.Sealed.Length == 0 ? Person.Nobody : JsonSerializer.Deserialize<Person>(Decrypt(KeyOf(row), row.Sealed, row.Member.Value), RegistryJson.Stored)!;

    /// <summary>Something about a member that stands elsewhere, under the member's own key, bound to its place.</summary>
    public byte[] SealFor(VaultRow row, string text, Guid place) => Encrypt(KeyOf(row), Encoding.UTF8.GetBytes(text), place);

    /// <summary>The account by which a platform knows the person, sealed for another place; null where none is known.</summary>
    public byte[]? Lend(VaultRow row, OrganisationId platform, Guid place)
    {
        if (row.Sealed.Length == 0) return null;
        var key = KeyOf(row);
        var person = JsonSerializer.Deserialize<Person>(Decrypt(key, row.Sealed, row.Member.Value), RegistryJson.Stored)!;
        return person.Accounts.TryGetValue(platform.Value, out var account) ? Encrypt(key, Encoding.UTF8.GetBytes(account), place) : null;
    }

    public string OpenFor(VaultRow row, byte[] box, Guid place) => Encoding.UTF8.GetString(Decrypt(KeyOf(row), box, place));

    public static TableRow Row(VaultRow row) =>
        Rows.Row(row.Member.Value, row.Representative.Value, row.SubjectIndex, row.ReferenceIndex, row.WrappedKey, row.Sealed);

    /// <summary>A key of its own for something that stands elsewhere, wrapped; bound to its place.</summary>
    public byte[] NewKey(Guid place) => Encrypt(keys.Wrapping[0], RandomNumberGenerator.GetBytes(KeySize), place);

    public byte[] SealUnder(byte[] wrappedKey, Guid place, byte[] text) => Encrypt(Unwrap(wrappedKey, place), text, place);

    public byte[] OpenUnder(byte[] wrappedKey, Guid place, byte[] box) => Decrypt(Unwrap(wrappedKey, place), box, place);

    /// <summary>The same key under the newest wrapping key; null where it stands under that one already.</summary>
    public byte[]? Rewrap(byte[] wrappedKey, Guid place) =>
        Unwrapped(keys.Wrapping[0], wrappedKey, place) is not null ? null : Encrypt(keys.Wrapping[0], Unwrap(wrappedKey, place), place);

    private byte[] KeyOf(VaultRow row) => Unwrap(row.WrappedKey, row.Member.Value);

    /// <summary>By whichever key wraps it: while keys are exchanged rows stand under the old and the new.</summary>
    private byte[] Unwrap(byte[] wrappedKey, Guid place)
    {
        if (Opened(wrappedKey, place) is { } key) return key;
        ReadKeysAgain(); // another process may have made a newer one a moment ago
        return Opened(wrappedKey, place) ?? throw new AuthenticationTagMismatchException("none of the wrapping keys opens this row");
    }

    private byte[]? Opened(byte[] wrappedKey, Guid place) => keys.Wrapping.Select(wrapping => Unwrapped(wrapping, wrappedKey, place)).FirstOrDefault(key => key is not null);

    private static byte[]? Unwrapped(byte[] wrapping, byte[] wrappedKey, Guid place)
    {
        try
        {
            return Decrypt(wrapping, wrappedKey, place);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null; // wrapped by another
        }
    }

    /// <summary>Nonce, tag, text. The place is bound in, so that a box moved to another row does not open.</summary>
    private static byte[] Encrypt(byte[] key, byte[] text, Guid place)
    {
        var box = new byte[NonceSize + TagSize + text.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(box.AsSpan(0, NonceSize), text, box.AsSpan(NonceSize + TagSize), box.AsSpan(NonceSize, TagSize), place.ToByteArray());
        return box;
    }

    private static byte[] Decrypt(byte[] key, byte[] box, Guid place)
    {
        var text = new byte[box.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(box.AsSpan(0, NonceSize), box.AsSpan(NonceSize + TagSize), box.AsSpan(NonceSize, TagSize), text, place.ToByteArray());
        return text;
    }
}
