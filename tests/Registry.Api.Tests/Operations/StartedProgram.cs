using System.Diagnostics;

namespace Registry.Api.Tests.Operations;

/// <summary>The program as its users start it: a process, a Folder, a private cluster.</summary>
public abstract class StartedProgram : IAsyncLifetime
{
    protected string Folder { get; } = Path.Combine(Path.GetTempPath(), "registry-up-" + Guid.NewGuid().ToString("N")[..12]);
    protected List<Process> Started { get; } = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var process in Started.Where(p => !p.HasExited)) await Stop(process);
        // A cluster left behind by a killed service is ended by its own pid file.
        var pid = Path.Combine(Folder, "pg", "postmaster.pid");
        if (File.Exists(pid)) using (var kill = Process.Start("kill", ["-INT", (await File.ReadAllLinesAsync(pid))[0]])) await kill.WaitForExitAsync();
        for (var i = 0; i < 100 && File.Exists(pid); i++) await Task.Delay(50);
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    protected Task<(Process Process, Uri Url)> Up(params string[] more) => Up([], more);

    protected async Task<(Process Process, Uri Url)> Up((string, string)[] environment, params string[] more)
    {
        var process = Start(environment, ["up", "--data", Folder, "--urls", "http://127.0.0.1:0", .. more]);
        return (process, await Serving(process));
    }

    /// <summary>Where it serves, once it does.</summary>
    protected static async Task<Uri> Serving(Process process)
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("The Registry serves ", StringComparison.Ordinal)) continue;
            _ = process.StandardError.ReadToEndAsync();
            return new Uri(line["The Registry serves ".Length..].Split(',')[0]);
        }
        throw new InvalidOperationException("the program ended before it served");
    }

    protected Process Start((string Name, string Value)[] environment, params string[] arguments) => Start(environment, arguments, null);

    /// <param name="environment">Settings.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="log">What the program writes to its log, where somebody wants to read it.</param>
    protected Process Start((string Name, string Value)[] environment, string[] arguments, System.Text.StringBuilder? log)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Registry.Api.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        Started.Add(process);
        if (arguments[0] == "up") _ = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync() is { } line)
            {
                if (log is null) continue;
                lock (log) log.AppendLine(line);
            }
        });
        return process;
    }

    protected Task<(int Code, string Output, string Error)> Run(params string[] arguments) => Run([], arguments);

    protected async Task<(int Code, string Output, string Error)> Run((string, string)[] environment, params string[] arguments)
    {
        var process = Start(environment, arguments);
        var output = arguments[0] == "up" ? Task.FromResult("") : process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    protected static async Task Stop(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
    }

    protected async Task Says(int code, string sentence, params string[] arguments) => await Says(code, sentence, arguments, []);

    protected async Task Says(int code, string sentence, string verb, string name, string value, (string, string) environment) => await Says(code, sentence, [verb, name, value], [environment]);

    protected async Task Says(int code, string sentence, string[] arguments, (string, string)[] environment)
    {
        var ended = await Run(environment, arguments);
        Assert.True(code == ended.Code, $"{ended.Code} instead of {code}: {ended.Error}");
        Assert.Contains(sentence, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal); // a sentence, not a stack
    }
}
