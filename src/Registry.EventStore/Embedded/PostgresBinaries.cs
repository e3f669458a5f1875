using System.Globalization;

namespace Registry.EventStore.Embedded;

/// <summary>Where PostgreSQL's server programs stand on this machine.</summary>
public static class PostgresBinaries
{
    private const string Debian = "/usr/lib/postgresql";

    /// <summary>The folder with <c>postgres</c> and <c>initdb</c>: the configured one, PATH, then the newest of Debian's.</summary>
    /// <exception cref="EmbeddedException">No folder holds them.</exception>
    public static string Find(string? configured)
    {
        if (configured is not null)
        {
            return Holds(configured) ? configured : throw new EmbeddedException("no-binaries", $"{configured} holds no postgres and initdb.");
        }
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return path.Concat(DebianFolders()).FirstOrDefault(Holds)
            ?? throw new EmbeddedException("no-binaries", "PostgreSQL's server programs were not found. On Debian: apt-get install postgresql. Or name their folder in Registry__PostgresBinaries.");
    }

    private static IEnumerable<string> DebianFolders() => !Directory.Exists(Debian) ? [] : Directory.EnumerateDirectories(Debian)
        .OrderByDescending(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
        .Select(d => Path.Combine(d, "bin"));

    private static bool Holds(string folder) => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"));
}
