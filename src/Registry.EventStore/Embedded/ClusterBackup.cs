using System.Diagnostics;

namespace Registry.EventStore.Embedded;

/// <summary>
/// A physical copy of a cluster as one tar file, made by PostgreSQL's own pg_basebackup while the service goes on. It takes
/// no snapshot of the tables, so that no append waits for it and no old row is kept for it.
/// </summary>
public static class ClusterBackup
{
    /// <summary>Copies the running cluster of a folder into a file that only its owner may read.</summary>
    /// <exception cref="EmbeddedException"><c>backup-failed</c>: the cluster does not run, or the disk is full.</exception>
    public static async Task Make(string folder, string? configuredBinaries, ClusterPasswords passwords, string file, CancellationToken ct)
    {
        var beside = file + ".part";
        File.Delete(beside);
        await using (var target = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            var error = await Run(
                [Tool(configuredBinaries), "-h", EmbeddedCluster.SocketFolder(folder), "-U", EmbeddedCluster.AdminRole, "-w", "-D", "-", "-F", "tar", "-X", "fetch", "-c", "fast"],
                passwords.Admin, null, target, ct);
            if (error is not null)
            {
                File.Delete(beside);
                throw new EmbeddedException("backup-failed", $"The backup was not made: {error}");
            }
            target.Flush(flushToDisk: true);
        }
        File.Move(beside, file, overwrite: false);
    }

    /// <summary>Puts the copy in the place of a folder's cluster, which must not run; what stood there stays beside under the name that is returned.</summary>
    /// <returns>Where the replaced cluster stands now; null where there was none.</returns>
    /// <exception cref="EmbeddedException"><c>not-a-backup</c>, or the folder cannot be written.</exception>
    public static async Task<string?> Restore(string folder, string file, string suffix, CancellationToken ct)
    {
        var user = ClusterUser.Current();
        var (data, unpacked) = (Path.Combine(folder, "pg"), Path.Combine(folder, "pg.restoring"));
        if (Directory.Exists(unpacked)) Directory.Delete(unpacked, recursive: true);
        string[] owner = user.Name is null ? [] : ["-o", user.Name, "-g", user.Name];
        if (await Run(["install", "-d", "-m", "0700", .. owner, unpacked], null, null, Stream.Null, ct) is { } refused) throw new EmbeddedException("folder-unreachable", $"{unpacked} cannot be made: {refused}");
        await using (var source = File.OpenRead(file))
        {
            var error = await Run([.. user.Prefix, "tar", "-x", "-C", unpacked], null, source, Stream.Null, ct);
            if (error is not null || !File.Exists(Path.Combine(unpacked, "backup_label")) || !File.Exists(Path.Combine(unpacked, "PG_VERSION")))
            {
                Directory.Delete(unpacked, recursive: true);
                throw new EmbeddedException("not-a-backup", $"{file} is no backup of a registry{(error is null ? "" : ": " + error)}.");
            }
        }
        var replaced = Directory.Exists(data) ? $"{data}.{suffix}" : null;
        if (replaced is not null) Directory.Move(data, replaced);
        Directory.Move(unpacked, data);
        return replaced;
    }

    /// <summary>Beside the server's programs, or on the path: Debian keeps it with the client's.</summary>
    private static string Tool(string? configuredBinaries)
    {
        var beside = Path.Combine(PostgresBinaries.Find(configuredBinaries), "pg_basebackup");
        return File.Exists(beside) ? beside : "pg_basebackup";
    }

    /// <summary>Null where it went well, else what it said.</summary>
    private static async Task<string?> Run(IReadOnlyList<string> command, string? password, Stream? input, Stream output, CancellationToken ct)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var argument in command.Skip(1)) start.ArgumentList.Add(argument);
        start.Environment["LC_ALL"] = "C";
        if (password is not null) start.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(ct);
        var copied = process.StandardOutput.BaseStream.CopyToAsync(output, ct);
        try
        {
            if (input is not null) await input.CopyToAsync(process.StandardInput.BaseStream, ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it ended before it had read everything, and says why
        }
        await Task.WhenAll(errors, copied);
        await process.WaitForExitAsync(ct);
        return process.ExitCode == 0 ? null : (await errors).Trim().ReplaceLineEndings(" ");
    }
}
