using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.Application;

/// <summary>What the ledger writes down about the call that an act came with. One per call.</summary>
public sealed class CallContext
{
    /// <summary>Role and reference, never a name: <c>union:019…</c>, <c>member</c>, <c>operator</c>.</summary>
    public string Actor { get; set; } = "system";

    /// <summary>Whose eyes the database lends to a read: the registry's own where it decides, the caller's where it answers.</summary>
    public string ReadsAs { get; private set; } = ViewReader.Itself;

    /// <summary>From here on the database shows what this organisation may see, or this person, or nobody.</summary>
    public void ReadAs(Guid? organisation, string? subject, Members.Vault vault) => ReadsAs =
        organisation is { } org ? $"org:{org}" : subject is { } person ? $"subject:{Convert.ToHexStringLower(vault.SubjectIndex(person))}" : "nobody";

    /// <summary>W3C trace id.</summary>
    public string? Trace { get; set; }

    /// <summary>The command's name.</summary>
    public string? Cause { get; set; }

    /// <summary>Null where the caller named none.</summary>
    public IdempotencyKey? Key => key ??= onceRead?.Invoke();

    private IdempotencyKey? key;
    private Func<IdempotencyKey>? onceRead;

    /// <summary>Machine time, for the age of a key only.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>The caller named a key: a repetition with it has one effect and one answer.</summary>
    public void Repeatable(CallDigests digests, string caller, string named, string method, string path, ReadOnlySpan<byte> body) =>
        key = digests.Key(caller, named, method, path, body);

    /// <summary>The same for a body that is read as it arrives: its digest is known once it has been read.</summary>
    public void RepeatableOnceRead(CallDigests digests, string caller, string named, System.Security.Cryptography.IncrementalHash request) => onceRead = () => digests.Key(caller, named, request);
}
