using System.Diagnostics;
using System.Globalization;
using Registry.EventStore.Embedded;
using Registry.EventStore.Schema;
using Registry.EventStore.Views;

namespace Registry.Benchmarks;

/// <summary>
/// The machine's own measure, taken beside ours in the same run: pgbench with one prepared statement per transaction, the
/// same rows (stream, event, leaf, view) into the same tables and indexes, positions from the sequence, no head row, over
/// the same socket.
/// </summary>
internal sealed class Floor : IAsyncDisposable
{
    public const string Data = """{"n": 1, "member": "0193a5c2-0000-7000-8000-000000000000", "text": "a mandate, more or less"}""";
    public const string ViewData = """{"n": 1, "text": "a view row"}""";

    public static readonly View Things = new("things", "thing", """
        -- :table
        CREATE TABLE {table} (id uuid PRIMARY KEY, version bigint NOT NULL, data jsonb NOT NULL);
        """);

    private const string Statement = $"""
        WITH p AS (SELECT nextval('registry.mt_events_sequence') AS seq, gen_random_uuid() AS id),
        s AS (INSERT INTO registry.mt_streams (id, type, version) SELECT id, 'thing', 1 FROM p),
        e AS (INSERT INTO registry.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
              SELECT seq, gen_random_uuid(), id, 1, '{Data}', 'thing_happened', now(), 'Bench.ThingHappened, Bench', repeat('a', 32), 'Bench', '{"{"}"actor": "bench"{"}"}' FROM p),
        l AS (INSERT INTO registry.registry_leaves (position, salt, leaf) SELECT seq, sha256('salt'), sha256('leaf') FROM p)
        INSERT INTO registry.things (id, version, data) SELECT id, 1, '{ViewData}' FROM p;
        """;

    private readonly string folder;
    private int databases;

    private Floor(string folder, EmbeddedCluster cluster) => (this.folder, Cluster) = (folder, cluster);

    public EmbeddedCluster Cluster { get; }

    public static async Task<Floor> Start()
    {
        var folder = Path.Combine(Path.GetTempPath(), "registry-bench-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new Floor(folder, await EmbeddedCluster.Start(folder, null, ClusterPasswords.Random(), default));
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A database with its tables; seed and vacuum it, so that no plan is made for empty ones.</summary>
    public async Task<string> NewDatabase(IReadOnlyList<View>? views = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bench{++databases}");
        await Cluster.MakeDatabase(name, default);
        await Migrations.Apply(Cluster.OwnerConnection(name), EmbeddedCluster.Roles, views ?? [Things], default);
        return name;
    }

    public Task Vacuum(string database) => Program("psql", database, ["-q", "-c", "VACUUM (ANALYZE) registry.mt_streams, registry.mt_events, registry.registry_leaves, registry.things"]);

    /// <summary>Transactions a second, on a database of its own.</summary>
    public async Task<double> Pgbench(int callers, double seconds)
    {
        var database = await NewDatabase();
        var script = Path.Combine(folder, "floor.sql");
        await File.WriteAllTextAsync(script, Statement.ReplaceLineEndings(" ") + "\n");
        await Pgbench(database, script, 8, 1);
        await Vacuum(database);
        return await Pgbench(database, script, callers, seconds);
    }

    private async Task<double> Pgbench(string database, string script, int callers, double seconds)
    {
        var output = await Program("pgbench", database, ["-n", "-M", "prepared", "-c", Text(callers), "-j", callers < 2 ? "1" : "2", "-T", Text((int)Math.Ceiling(seconds)), "-f", script]);
        var line = output.Split('\n').Single(l => l.StartsWith("tps = ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    private async Task<string> Program(string name, string database, string[] arguments)
    {
        var connection = new System.Data.Common.DbConnectionStringBuilder { ConnectionString = Cluster.OwnerConnection(database) };
        var beside = Path.Combine(PostgresBinaries.Find(null), name);
        var start = new ProcessStartInfo(File.Exists(beside) ? beside : name, [.. arguments, "-h", Cluster.Socket, "-U", (string)connection["Username"], database])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = (string)connection["Password"];
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{name}: {errors}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
