using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Registry.EventStore.Schema;

namespace Registry.EventStore.Embedded;

/// <summary>The passwords of the cluster's roles, of 192 random bits each.</summary>
/// <param name="Admin">Makes roles, databases and backups, nothing else.</param>
/// <param name="Owner">Migrates.</param>
/// <param name="Writer">What the service writes as.</param>
/// <param name="Reader">What it reads as.</param>
/// <param name="Eraser">What it blanks ended streams as.</param>
public sealed record ClusterPasswords(string Admin, string Owner, string Writer, string Reader, string Eraser)
{
    /// <summary>New ones.</summary>
    public static ClusterPasswords Random() => new(One(), One(), One(), One(), One());

    private static string One() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}

/// <summary>A private PostgreSQL cluster in a folder, on a Unix socket only, owned by this process.</summary>
public sealed class EmbeddedCluster : IAsyncDisposable
{
    /// <summary>The role that migrates.</summary>
    public const string OwnerRole = "registry_owner";

    /// <summary>The role that the service writes as: neither superuser nor owner.</summary>
    public const string WriterRole = "registry_writer";

    /// <summary>The role that it reads as.</summary>
    public const string ReaderRole = "registry_reader";

    /// <summary>The role that blanks ended streams.</summary>
    public const string EraserRole = "registry_eraser";

    /// <summary>The roles beside the owner.</summary>
    public static readonly SchemaRoles Roles = new(WriterRole, ReaderRole, EraserRole);

    internal const string AdminRole = "registry_admin";
    private const int LongestSocketPath = 107; // sockaddr_un.sun_path of Linux, less its end
    private const long LeastFreeBytes = 200L << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskedAgain = TimeSpan.FromMilliseconds(500);

    private readonly string folder;
    private readonly string binaries;
    private readonly ClusterUser user;
    private readonly ClusterPasswords passwords;
    private readonly CancellationTokenSource stopping = new();
    private Process? server;
    private Task watching = Task.CompletedTask;

    private EmbeddedCluster(string folder, string binaries, ClusterUser user, ClusterPasswords passwords)
    {
        (this.folder, this.binaries, this.user, this.passwords) = (Path.GetFullPath(folder), binaries, user, passwords);
        Socket = SocketFolder(this.folder);
    }

    /// <summary>The folder of the socket.</summary>
    public string Socket { get; }

    private string Data => Path.Combine(folder, "pg");

    /// <summary>Makes the cluster where the folder is new, and starts it. A cluster left behind by a killed service is stopped first.</summary>
    /// <param name="folder">The data folder; the cluster stands in its <c>pg/</c>.</param>
    /// <param name="configuredBinaries">Where PostgreSQL's programs stand, if not where they usually do.</param>
    /// <param name="passwords">The same at every start.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="EmbeddedException">It cannot be made or started.</exception>
    public static async Task<EmbeddedCluster> Start(string folder, string? configuredBinaries, ClusterPasswords passwords, CancellationToken ct)
    {
        var cluster = new EmbeddedCluster(folder, PostgresBinaries.Find(configuredBinaries), ClusterUser.Current(), passwords);
        cluster.CheckFolder();
        if (!cluster.Exists()) await cluster.Make(ct);
        await cluster.StopLeftBehind(ct);
        try
        {
            await cluster.Launch(ct);
            await cluster.MakeRoles(ct);
        }
        catch
        {
            await cluster.DisposeAsync(); // refused: no server is left running without anybody
            throw;
        }
        cluster.watching = cluster.Watch();
        return cluster;
    }

    /// <summary>Where a cluster in a folder listens, whether it runs or not.</summary>
    public static string SocketFolder(string folder)
    {
        var inside = Path.Combine(Path.GetFullPath(folder), "run");
        if (Encoding.UTF8.GetByteCount(Path.Combine(inside, ".s.PGSQL.5432")) <= LongestSocketPath) return inside;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inside)))[..12];
        return Path.Combine(Path.GetTempPath(), "registry-" + digest);
    }

    /// <summary>How the service connects to a cluster in a folder.</summary>
    public static string Connection(string folder, string role, string password, string database = "registry") => new NpgsqlConnectionStringBuilder
    {
        Host = SocketFolder(folder), Username = role, Password = password, Database = database,
    }.ConnectionString;

    /// <summary>How to connect as the owner of the schema.</summary>
    public string OwnerConnection(string database = "registry") => Connection(folder, OwnerRole, passwords.Owner, database);

    /// <summary>How the service connects to read.</summary>
    public string ReaderConnection(string database = "registry") => Connection(folder, ReaderRole, passwords.Reader, database);

    /// <summary>How ended streams are blanked.</summary>
    public string EraserConnection(string database = "registry") => Connection(folder, EraserRole, passwords.Eraser, database);

    /// <summary>How the service connects to write.</summary>
    public string WriterConnection(string database = "registry") => Connection(folder, WriterRole, passwords.Writer, database);

    internal string AdminConnection(string database) => Connection(folder, AdminRole, passwords.Admin, database) + ";Pooling=false";

    /// <summary>Makes a database, empty or as a copy of one that nobody uses; harmless where it exists.</summary>
    public async Task MakeDatabase(string database, CancellationToken ct, string template = "template1")
    {
        await using var connection = new NpgsqlConnection(AdminConnection("postgres"));
        await connection.OpenAsync(ct);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = database } } };
        if (await exists.ExecuteScalarAsync(ct) is null) await Run(connection, $"CREATE DATABASE \"{database}\" OWNER {OwnerRole} TEMPLATE \"{template}\"", ct);
    }

    /// <summary>The server's process, for tests that kill it.</summary>
    public int ProcessId => server?.Id ?? 0;

    /// <summary>
    /// Stops the server: sessions are ended, what was committed is on disk. It is asked again until it has ended: until PostgreSQL
    /// itself runs, a shell stands there, and one that was started in the background ignores what it is asked (POSIX sh, 2.11).
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (server is null) return;
        await stopping.CancelAsync();
        await watching;
        stopping.Dispose();
        while (!server.HasExited)
        {
            _ = NativeSignals.Send(server.Id, NativeSignals.Interrupt);
            await server.WaitForExitAsync().WaitAsync(AskedAgain).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        server.Dispose();
        server = null;
    }

    private void CheckFolder()
    {
        if (!user.Reaches(folder))
        {
            throw new EmbeddedException("folder-unreachable", $"PostgreSQL runs as the user {user.Name}, who cannot reach {folder}: a folder above it is closed to others. Name another folder with --data.");
        }
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        if (new DriveInfo(folder).AvailableFreeSpace < LeastFreeBytes) throw new EmbeddedException("disk-full", $"Less than 200 MB are free for {folder}.");
    }

    private bool Exists() => File.Exists(Path.Combine(Data, "PG_VERSION"));

    private async Task Make(CancellationToken ct)
    {
        await user.MakeFolder(Data, "0700", ct);
        await user.MakeFolder(Socket, "0755", ct);
        // The password reaches initdb through a file that only the cluster's user can read, and that is gone at once.
        const string script = "umask 077; f=$1; shift; trap 'rm -f \"$f\"' EXIT; cat >\"$f\"; \"$@\" --pwfile=\"$f\"";
        using var password = new MemoryStream(Encoding.UTF8.GetBytes(passwords.Admin + "\n"));
        var failed = await SystemProgram.Run(
            [.. user.Prefix, "/bin/sh", "-c", script, "initdb", Path.Combine(Socket, ".password"), Path.Combine(binaries, "initdb"), "-D", Data, "-U", AdminRole,
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"], ct, input: password);
        if (failed is null) return;
        throw failed.Contains("No space left", StringComparison.Ordinal)
            ? new EmbeddedException("disk-full", $"The disk of {folder} is full.")
            : new EmbeddedException("cluster-failed", $"initdb failed: {failed}");
    }

    /// <summary>A killed service leaves its cluster running: it is ours by its folder, so it is ended and started anew.</summary>
    private async Task StopLeftBehind(CancellationToken ct)
    {
        var file = Path.Combine(Data, "postmaster.pid");
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(50, ct))
        {
            if (!File.Exists(file)) return;
            var first = (await File.ReadAllLinesAsync(file, ct)).FirstOrDefault();
            if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || !IsPostgres(pid)) return;
            if (!NativeSignals.Send(pid, NativeSignals.Interrupt)) return;
        }
    }

    private static bool IsPostgres(int pid) =>
        File.Exists($"/proc/{pid}/comm") && File.ReadAllText($"/proc/{pid}/comm").StartsWith("postgres", StringComparison.Ordinal);

    /// <summary>After a kill the first start can be refused for some seconds, while the old server's children still end.</summary>
    private async Task Launch(CancellationToken ct)
    {
        if (!Directory.Exists(Socket)) await user.MakeFolder(Socket, "0755", ct);
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(200, ct))
        {
            server = StartServer();
            if (await IsReady(waited, ct)) return;
            var log = Path.Combine(folder, "postgres.log");
            var last = File.Exists(log) ? string.Join(' ', File.ReadLines(log).TakeLast(4)) : "";
            if (last.Contains("No space left", StringComparison.Ordinal)) throw new EmbeddedException("disk-full", $"The disk of {folder} is full.");
            if (waited.Elapsed > Patience) throw new EmbeddedException("cluster-failed", $"PostgreSQL did not start within {Patience.TotalSeconds:0} s: {last}");
        }
    }

    /// <summary>A server that is killed is started again; the service answers 503 in between.</summary>
    private async Task Watch()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await server!.WaitForExitAsync(stopping.Token);
                await StopLeftBehind(stopping.Token);
                await Launch(stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (EmbeddedException)
            {
                await Task.Delay(Patience, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // said by /health/ready; tried again for as long as the service runs
            }
        }
    }

    /// <summary>
    /// In a session of its own: a Ctrl-C for the service must not end the database under it. Tables are looked at every five
    /// seconds: a plan that was made while they were empty is made anew then. One that has grown by a third is sampled anew:
    /// at PostgreSQL's tenth a young log that grows fast is sampled at every look, which took a tenth of two processors.
    /// </summary>
    private Process StartServer()
    {
        string[] command =
        [
            "setsid", .. user.Prefix, Path.Combine(binaries, "postgres"), "-D", Data, "-c", "listen_addresses=", "-c", $"unix_socket_directories={Socket}",
            "-c", "max_connections=250", "-c", "jit=off", "-c", "autovacuum_naptime=5s", "-c", "autovacuum_analyze_scale_factor=0.33", "-c", "shared_buffers=256MB", "-c", "max_wal_size=4GB", "-c", "wal_recycle=off", "-c", "log_min_messages=warning", "-c", "log_min_error_statement=panic",
            "-c", "log_parameter_max_length=0", "-c", "log_parameter_max_length_on_error=0", "-c", "log_error_verbosity=terse",
        ];
        var script = $"exec \"$@\" >>'{Path.Combine(folder, "postgres.log").Replace("'", "'\\''", StringComparison.Ordinal)}' 2>&1 </dev/null";
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", script, "postgres" }, WorkingDirectory = "/" };
        foreach (var argument in command) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private async Task<bool> IsReady(Stopwatch waited, CancellationToken ct)
    {
        while (!server!.HasExited && waited.Elapsed < Patience)
        {
            try
            {
                await using var connection = new NpgsqlConnection(AdminConnection("postgres") + ";Timeout=2");
                await connection.OpenAsync(ct);
                return true;
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
            {
                throw new EmbeddedException("keys-missing", $"The cluster in {folder} was made with other keys than those in its keys folder.");
            }
            catch (NpgsqlException)
            {
                await Task.Delay(30, ct); // not up yet
            }
        }
        return false;
    }

    private async Task MakeRoles(CancellationToken ct)
    {
        await using (var connection = new NpgsqlConnection(AdminConnection("postgres")))
        {
            await connection.OpenAsync(ct);
            foreach (var (role, password) in new[] { (OwnerRole, passwords.Owner), (WriterRole, passwords.Writer), (ReaderRole, passwords.Reader), (EraserRole, passwords.Eraser) })
            {
                await Run(connection, $"DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD '{password}'; EXCEPTION WHEN duplicate_object THEN NULL; END $$", ct);
            }
        }
        await MakeDatabase("registry", ct);
        await using var registry = new NpgsqlConnection(AdminConnection("registry"));
        await registry.OpenAsync(ct);
        await Run(registry, $"GRANT pg_checkpoint TO {EraserRole}; GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {EraserRole}", ct);
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
