using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Registry.Application.Members;
using Registry.EventStore.Embedded;

namespace Registry.Application.Instance;

/// <summary>Where an instance keeps what is its own: the cluster in <c>pg/</c>, the keys in <c>keys/</c>, and where it listens.</summary>
public sealed class DataFolder
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = Private | UnixFileMode.UserExecute;
    private const string Wrapping = "vault-wrapping", Retired = ".retired";
    private const int KeySize = 32;
    private const string StateDirectory = "/var/lib/registry";

    public DataFolder(string path) => Root = Path.GetFullPath(path);

    public string Root { get; }

    /// <summary>Why this folder was taken and not the default; null where it is the default or was named.</summary>
    public string? Remark { get; private init; }

    private string KeysFolder => Path.Combine(Root, "keys");

    private string ErasedFile => Path.Combine(KeysFolder, "erased");

    private string TurnedOverFile => Path.Combine(KeysFolder, "turned-over");

    private string WitnessFile => Path.Combine(KeysFolder, "witness");

    private string RunningFile => Path.Combine(Root, "running.json");

    /// <summary>
    /// The folder named, or the default; where the cluster's user cannot reach the default, as in root's home, a folder
    /// under the system's state directory that is the same at every start.
    /// </summary>
    public static DataFolder Choose(string? named, string standard)
    {
        if (named is not null) return new DataFolder(named);
        var usual = Path.GetFullPath(standard);
        if (ClusterUser.Current() is var user && user.Reaches(usual)) return new DataFolder(usual);
        var instead = Path.Combine(StateDirectory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(usual)))[..12]);
        return new DataFolder(instead) { Remark = $"{usual} cannot be reached by PostgreSQL's user {user.Name}; {instead} is used instead." };
    }

    /// <summary>A key by its name, made at its first use. Readable by the service's user only, and refused where it is not.</summary>
    public byte[] Key(string name, int size) => Convert.FromBase64String(Secret(name, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(size))));

    /// <summary>The vault's keys: the newest wrapping key first, those retired last.</summary>
    public VaultKeys VaultKeys()
    {
        if (WrappingKeys().Count == 0) Key(Wrapping, KeySize);
        return new VaultKeys([.. WrappingKeys().Select(Existing).OfType<string>().Select(Convert.FromBase64String)], Key("vault-index", KeySize));
    }

    /// <summary>Makes a newer wrapping key; the others still open what they wrapped.</summary>
    public void AddWrappingKey() => Key(string.Create(CultureInfo.InvariantCulture, $"{Wrapping}-{(WrappingKeys() is [var newest, ..] ? NumberOf(newest) : 0) + 1}"), KeySize);

    /// <summary>Puts every wrapping key but the newest aside: they open what an older backup brings, and wrap nothing.</summary>
    public IReadOnlyList<string> RetireWrappingKeys()
    {
        var old = WrappingKeys().Skip(1).Where(name => !name.EndsWith(Retired, StringComparison.Ordinal)).ToList();
        foreach (var name in old) File.Move(Path.Combine(KeysFolder, name), Path.Combine(KeysFolder, name + Retired));
        return [.. old.Select(name => Path.Combine(KeysFolder, name + Retired))];
    }

    private List<string> WrappingKeys() => !Directory.Exists(KeysFolder) ? [] : [.. Directory.EnumerateFiles(KeysFolder, Wrapping + "*").Select(file => Path.GetFileName(file)!)
        .OrderBy(name => name.EndsWith(Retired, StringComparison.Ordinal)).ThenByDescending(NumberOf)];

    private static int NumberOf(string name) => int.TryParse(name.Replace(Retired, "", StringComparison.Ordinal).AsSpan(Wrapping.Length).TrimStart('-'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1;

    public string Secret(string name, Func<string> make)
    {
        var file = Path.Combine(KeysFolder, name);
        Make();
        if (!File.Exists(file)) Write(file, make());
        if ((File.GetUnixFileMode(file) & ~PrivateFolder) != 0)
        {
            throw new InstanceException("keys-readable", $"{file} can be read by others than its owner. Run: chmod 600 {file}");
        }
        return File.ReadAllText(file);
    }

    /// <summary>A secret that must be there already.</summary>
    public string? Existing(string name) => File.Exists(Path.Combine(KeysFolder, name)) ? Secret(name, () => throw new UnreachableSecret()) : null;

    /// <summary>A folder of an earlier program knows no reader and no eraser: theirs are made beside.</summary>
    public ClusterPasswords Passwords()
    {
        var fresh = ClusterPasswords.Random();
        var kept = JsonSerializer.Deserialize<ClusterPasswords>(Secret("database", () => JsonSerializer.Serialize(fresh)))!;
        return kept.Reader is not null ? kept : kept with { Reader = Secret("database-reader", () => fresh.Reader), Eraser = Secret("database-eraser", () => fresh.Eraser) };
    }

    /// <summary>
    /// Remembers who was erased, beside the key that opened their names and outside the database: a backup that is restored
    /// must not bring them back. On disk before it returns.
    /// </summary>
    public void RememberErased(IEnumerable<Guid> members)
    {
        Make();
        using var list = new FileStream(ErasedFile, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = Private });
        list.Write(Encoding.UTF8.GetBytes("\n" + string.Concat(members.Select(m => m.ToString("D") + "\n")))); // a line that a crash cut short spoils none that follows
        list.Flush(flushToDisk: true);
    }

    /// <summary>Everybody who was ever erased here. A line that a crash cut short was never acknowledged.</summary>
    public IReadOnlyList<Guid> Erased() => !File.Exists(ErasedFile) ? [] : [.. File.ReadLines(ErasedFile).Where(l => Guid.TryParse(l, out _)).Select(Guid.Parse).Distinct()];

    /// <summary>How many of them had been erased when the tables were last rewritten.</summary>
    public int TurnedOver() => File.Exists(TurnedOverFile) && int.TryParse(File.ReadAllText(TurnedOverFile), NumberStyles.None, CultureInfo.InvariantCulture, out var erased) ? erased : 0;

    public void RememberTurnedOver(int erased) => Replace(TurnedOverFile, erased.ToString(CultureInfo.InvariantCulture));

    /// <summary>How far the log is known to have reached, kept outside the database: by it a restored older one is known.</summary>
    public Witness? Witnessed() => !File.Exists(WitnessFile) ? null : JsonSerializer.Deserialize<Witness>(File.ReadAllText(WitnessFile));

    public void Remember(Witness witness) => Replace(WitnessFile, JsonSerializer.Serialize(witness));

    private void Replace(string file, string text)
    {
        Make();
        var next = file + ".next";
        File.Delete(next);
        Write(next, text);
        File.Move(next, file, overwrite: true);
    }

    /// <summary>The keys without which a restored database opens nobody's name.</summary>
    public bool HasKeys => WrappingKeys().Count > 0;

    /// <summary>Held while the service runs, so that two services never work in one folder; the system lets go of it after a kill.</summary>
    public IDisposable Lock() =>
        LockIfFree() ?? throw new InstanceException("folder-in-use", $"Another registry runs in {Root}. Stop it, or name another folder with --data.");

    /// <summary>The same; null where a service runs.</summary>
    public IDisposable? LockIfFree()
    {
        Make();
        try
        {
            return new FileStream(Path.Combine(Root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Writes down where the service listens, so that every other verb finds it.</summary>
    public void Announce(string urls) => File.WriteAllText(RunningFile, JsonSerializer.Serialize(new { urls }));

    public string? Announced()
    {
        if (!File.Exists(RunningFile)) return null;
        using var running = JsonDocument.Parse(File.ReadAllText(RunningFile));
        return running.RootElement.GetProperty("urls").GetString();
    }

    private void Make()
    {
        if (Directory.Exists(KeysFolder)) return;
        try
        {
            Directory.CreateDirectory(Root, PrivateFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            Directory.CreateDirectory(KeysFolder, PrivateFolder);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new InstanceException("folder-unreachable", $"{Root} cannot be made: {error.Message}", error);
        }
    }

    private static void Write(string file, string text)
    {
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private });
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
    }

    private sealed class UnreachableSecret : Exception;
}

/// <summary>A position of the log and its leaf, in hexadecimal digits.</summary>
public sealed record Witness(long Position, string Leaf);
