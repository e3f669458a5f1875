using System.Diagnostics;
using System.Globalization;
using Registry.EventStore;
using Registry.EventStore.Embedded;
using Registry.EventStore.Schema;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.Benchmarks;

/// <summary>
/// Durable appends of one event with one view row, against pgbench: one prepared statement per transaction with the same
/// rows (stream, event, leaf, view) into the same tables, positions from the sequence, no head row, over the same socket.
/// </summary>
internal sealed class AppendBench : IAsyncDisposable
{
    private const int Rounds = 5;
    private static readonly int[] Callers = [1, 8, 32, 128];

    private static readonly View Things = new("things", "thing", """
        -- :table
        CREATE TABLE {table} (id uuid PRIMARY KEY, version bigint NOT NULL, data jsonb NOT NULL);
        """);

    private const string Floor = """
        WITH p AS (SELECT nextval('registry.mt_events_sequence') AS seq, gen_random_uuid() AS id),
        s AS (INSERT INTO registry.mt_streams (id, type, version) SELECT id, 'thing', 1 FROM p),
        e AS (INSERT INTO registry.mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
              SELECT seq, gen_random_uuid(), id, 1, '{"n": 1, "member": "0193a5c2-0000-7000-8000-000000000000", "text": "a mandate, more or less"}', 'thing_happened', now(), 'Bench.ThingHappened, Bench', repeat('a', 32), 'Bench', '{"actor": "bench"}' FROM p),
        l AS (INSERT INTO registry.registry_leaves (position, salt, leaf) SELECT seq, sha256('salt'), sha256('leaf') FROM p)
        INSERT INTO registry.things (id, version, data) SELECT id, 1, '{"n": 1, "text": "a view row"}' FROM p;
        """;

    private readonly string folder;
    private readonly EmbeddedCluster cluster;

    private AppendBench(string folder, EmbeddedCluster cluster) => (this.folder, this.cluster) = (folder, cluster);

    public static async Task<AppendBench> Start()
    {
        var folder = Path.Combine(Path.GetTempPath(), "registry-bench-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new AppendBench(folder, await EmbeddedCluster.Start(folder, null, ClusterPasswords.Random(), default));
    }

    public async Task Run(TimeSpan length)
    {
        Console.WriteLine($"Durable appends a second, one event and one view row each, medians of {Rounds} rounds of {length.TotalSeconds:0} s");
        Console.WriteLine($"{"callers",8} {"pgbench",9} {"registry",9} {"ratio",6}");
        foreach (var callers in Callers)
        {
            var (floors, ours) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                floors.Add(await Pgbench(await Fresh($"floor{callers}x{round}"), callers, length));
                ours.Add(await Appends(await Fresh($"ours{callers}x{round}"), callers, length));
            }
            var (floor, own) = (Median(floors), Median(ours));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{callers,8} {floor,9:0} {own,9:0} {own / floor,6:0.00}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Seeded and analysed, so that no plan is made for empty tables.</summary>
    private async Task<string> Fresh(string name)
    {
        await cluster.MakeDatabase(name, default);
        await Migrations.Apply(cluster.OwnerConnection(name), EmbeddedCluster.Roles, [Things], default);
        await Appends(name, 8, TimeSpan.FromMilliseconds(500));
        await Psql(name, ["-c", "ANALYZE registry.mt_streams, registry.mt_events, registry.things"]);
        return name;
    }

    private async Task<double> Appends(string database, int callers, TimeSpan length)
    {
        await using var pool = new Database(cluster.WriterConnection(database));
        await using var writer = new AppendWriter(pool);
        var (done, clock) = (0L, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed < length)
            {
                var id = Guid.NewGuid();
                var append = new Append(new AppendContext(TimeProvider.System.GetUtcNow(), """{"actor": "bench"}""", new string('a', 32), "Bench"))
                    .StartStream(id, "thing", new NewEvent(Guid.NewGuid(), "thing_happened", "Bench.ThingHappened, Bench", """{"n": 1, "member": "0193a5c2-0000-7000-8000-000000000000", "text": "a mandate, more or less"}"""))
                    .Write(Things.Row(id, 1, """{"n": 1, "text": "a view row"}"""));
                if ((await writer.Append(append, default)).Conflict is { } lost) throw new InvalidOperationException($"lost by {lost}");
                Interlocked.Increment(ref done);
            }
        })));
        return done / clock.Elapsed.TotalSeconds;
    }

    private async Task<double> Pgbench(string database, int callers, TimeSpan length)
    {
        var script = Path.Combine(folder, "floor.sql");
        await File.WriteAllTextAsync(script, Floor.ReplaceLineEndings(" ") + "\n");
        var output = await Program("pgbench", database, ["-n", "-M", "prepared", "-c", Text(callers), "-j", "2", "-T", Text((int)length.TotalSeconds), "-f", script]);
        var line = output.Split('\n').Single(l => l.StartsWith("tps = ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    private Task<string> Psql(string database, string[] arguments) => Program("psql", database, ["-q", .. arguments]);

    private async Task<string> Program(string name, string database, string[] arguments)
    {
        var connection = new System.Data.Common.DbConnectionStringBuilder { ConnectionString = cluster.OwnerConnection(database) };
        var beside = Path.Combine(PostgresBinaries.Find(null), name);
        var start = new ProcessStartInfo(File.Exists(beside) ? beside : name, [.. arguments, "-h", cluster.Socket, "-U", (string)connection["Username"], database])
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

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
