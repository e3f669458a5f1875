namespace Registry.EventStore.Embedded;

/// <summary>postgres refuses to run as root: started by root, the cluster runs as Debian's postgres user.</summary>
public sealed class ClusterUser
{
    private const string Debian = "postgres";

    private ClusterUser(string? name) => Name = name;

    /// <summary>Null: the cluster runs as who started the service.</summary>
    public string? Name { get; }

    /// <summary>Who the cluster runs as on this machine, for this process.</summary>
    /// <exception cref="EmbeddedException">Started by root, and there is no postgres user.</exception>
    public static ClusterUser Current()
    {
        if (!Environment.IsPrivilegedProcess) return new ClusterUser(null);
        return File.ReadLines("/etc/passwd").Any(line => line.StartsWith(Debian + ":", StringComparison.Ordinal))
            ? new ClusterUser(Debian)
            : throw new EmbeddedException("no-cluster-user", "Started by root, PostgreSQL needs another user to run as, and this machine has no user named postgres. Start as an ordinary user.");
    }

    /// <summary>True where the cluster's user can walk down to a folder.</summary>
    public bool Reaches(string folder)
    {
        if (Name is null) return true;
        for (var part = new DirectoryInfo(Path.GetFullPath(folder)); part is not null; part = part.Parent)
        {
            if (part.Exists && !part.UnixFileMode.HasFlag(UnixFileMode.OtherExecute)) return false;
        }
        return true;
    }

    /// <summary>A program's arguments, so that it runs as the cluster's user.</summary>
    internal IReadOnlyList<string> Prefix => Name is null ? [] : ["setpriv", $"--reuid={Name}", $"--regid={Name}", "--init-groups"];

    /// <summary>Makes a folder that belongs to the cluster's user.</summary>
    internal async Task MakeFolder(string path, string mode, CancellationToken ct)
    {
        string[] owner = Name is null ? [] : ["-o", Name, "-g", Name];
        if (await SystemProgram.Run(["install", "-d", "-m", mode, .. owner, path], ct) is { } refused)
        {
            throw new EmbeddedException("folder-unreachable", $"{path} cannot be made: {refused}");
        }
    }
}
