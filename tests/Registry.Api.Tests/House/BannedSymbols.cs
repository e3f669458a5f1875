using System.Diagnostics;

namespace Registry.Api.Tests.House;

/// <summary>The banned symbols of each project, held against a planted offender that is really compiled.</summary>
public sealed class BannedSymbols
{
    private const string Clock = "public static class Offender { public static System.DateTime Now() => System.DateTime.UtcNow; }";
    private const string Id = " public static class Offender2 { public static System.Guid Id() => System.Guid.NewGuid(); }";
    private const string Sql = " public static class Offender3 { public static object Sql() => new Npgsql.NpgsqlConnection(); }";
    private const string Http = " public static class Offender4 { public static object Http() => new System.Net.Http.HttpClient(); }";
    private const string ReadsFile = " public static class Offender5 { public static string Read() => System.IO.File.ReadAllText(\"x\"); }";

    [Theory]
    [InlineData("Registry.Domain", Clock + Id + ReadsFile)]
    [InlineData("Registry.EventStore", Clock + Http)]
    [InlineData("Registry.Application", Clock + Id + Sql + Http)]
    [InlineData("Registry.Api", Clock + Id + Sql)]
    public async Task A_planted_offender_does_not_compile(string project, string code)
    {
        var folder = Directory.CreateTempSubdirectory("registry-banned-").FullName;
        try
        {
            foreach (var shared in new[] { "Directory.Packages.props", ".editorconfig", "global.json" }) File.Copy(Path.Combine(Architecture.Root, shared), Path.Combine(folder, shared));
            File.Copy(Path.Combine(Architecture.Root, "Directory.Build.props"), Path.Combine(folder, "Directory.Build.props"));
            File.Copy(Path.Combine(Architecture.Root, "src", project, "BannedSymbols.txt"), Path.Combine(folder, "BannedSymbols.txt"));
            await File.WriteAllTextAsync(Path.Combine(folder, "Offender.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><PackageReference Include=\"Npgsql\" /></ItemGroup></Project>");
            await File.WriteAllTextAsync(Path.Combine(folder, "Offender.cs"), "namespace Planted; " + code);
            var output = await Build(folder);
            Assert.Equal(code.Split("class ").Length - 1, output.Split('\n').Where(l => l.Contains("error RS0030", StringComparison.Ordinal)).Select(l => l[..l.IndexOf("error", StringComparison.Ordinal)]).Distinct().Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }


    private static async Task<string> Build(string folder)
    {
        var start = new ProcessStartInfo("dotnet", ["build", folder, "--nologo", "-v", "quiet", "-nodeReuse:false"]) { RedirectStandardOutput = true, WorkingDirectory = folder };
        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        return output;
    }
}
