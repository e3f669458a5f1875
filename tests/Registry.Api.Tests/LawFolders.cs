namespace Registry.Api.Tests;

/// <summary>Law and words of a test's own.</summary>
internal static class LawFolders
{
    /// <summary>A copy of the registry's files that a test may change.</summary>
    public static string Copy()
    {
        var (from, to) = (Path.Combine(AppContext.BaseDirectory, "law"), Directory.CreateTempSubdirectory("registry-law-").FullName);
        foreach (var file in Directory.EnumerateFiles(from, "*.json", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return to;
    }
}
