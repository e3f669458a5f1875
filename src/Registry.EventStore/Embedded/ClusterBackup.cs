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
        try
        {
            await Copy(folder, configuredBinaries, passwords, beside, ct);
            File.Move(beside, file, overwrite: false);
        }
        catch (IOException error)
        {
            throw new EmbeddedException("backup-failed", $"The backup was not made: {error.Message}");
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private static async Task Copy(string folder, string? configuredBinaries, ClusterPasswords passwords, string file, CancellationToken ct)
    {
        await using var target = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        string[] command = [Tool(configuredBinaries), "-h", EmbeddedCluster.SocketFolder(folder), "-U", EmbeddedCluster.AdminRole, "-w", "-D", "-", "-F", "tar", "-X", "fetch", "-c", "fast"];
        if (await SystemProgram.Run(command, ct, output: target, password: passwords.Admin) is { } error) throw new EmbeddedException("backup-failed", $"The backup was not made: {error}");
        target.Flush(flushToDisk: true);
    }

    /// <summary>Puts the copy in the place of a folder's cluster, which must not run; what stood there stays beside under the name that is returned.</summary>
    /// <returns>Where the replaced cluster stands now; null where there was none.</returns>
    /// <exception cref="EmbeddedException"><c>not-a-backup</c>, or the folder cannot be written.</exception>
    public static async Task<string?> Restore(string folder, string file, string suffix, CancellationToken ct)
    {
        var user = ClusterUser.Current();
        var (data, unpacked) = (Path.Combine(folder, "pg"), Path.Combine(folder, "pg.restoring"));
        if (Directory.Exists(unpacked)) Directory.Delete(unpacked, recursive: true);
        await user.MakeFolder(unpacked, "0700", ct);
        await using (var source = File.OpenRead(file))
        {
            var error = await SystemProgram.Run([.. user.Prefix, "tar", "-x", "-C", unpacked], ct, input: source);
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

    /// <summary>Takes a restored cluster away again, and brings back the one that it replaced.</summary>
    public static void PutBack(string folder, string? replaced)
    {
        var data = Path.Combine(folder, "pg");
        Directory.Delete(data, recursive: true);
        if (replaced is not null) Directory.Move(replaced, data);
    }

    /// <summary>Beside the server's programs, or on the path: Debian keeps it with the client's.</summary>
    private static string Tool(string? configuredBinaries)
    {
        var beside = Path.Combine(PostgresBinaries.Find(configuredBinaries), "pg_basebackup");
        return File.Exists(beside) ? beside : "pg_basebackup";
    }
}
