using System.Diagnostics;

namespace Registry.EventStore.Embedded;

/// <summary>Runs one of the machine's programs to its end.</summary>
internal static class SystemProgram
{
    /// <summary>Null where it went well, else what it said.</summary>
    public static async Task<string?> Run(IReadOnlyList<string> command, CancellationToken ct, Stream? input = null, Stream? output = null, string? password = null)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C";
        if (password is not null) start.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(start)!;
        using var said = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync(ct);
        var copied = process.StandardOutput.BaseStream.CopyToAsync(output ?? said, ct);
        await Feed(process, input, ct);
        await Task.WhenAll(errors, copied);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? null : $"{System.Text.Encoding.UTF8.GetString(said.ToArray())} {await errors}".Trim().ReplaceLineEndings(" ");
    }

    private static async Task Feed(Process process, Stream? input, CancellationToken ct)
    {
        try
        {
            if (input is not null) await input.CopyToAsync(process.StandardInput.BaseStream, ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it ended before it had read everything, and its exit code says so
        }
    }
}
