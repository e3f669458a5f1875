using System.Diagnostics;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Registry.EventStore;
using Registry.EventStore.Embedded;
using Registry.EventStore.Replay;
using Registry.EventStore.Streams;

namespace Registry.Benchmarks;

/// <summary>The log itself: appends, decisions on a stream, refolding a view, and a million appends.</summary>
internal sealed class LogBench(Floor floor, int rounds, double seconds)
{
    private static readonly AppendContext Bench = new(TimeProvider.System.GetUtcNow(), """{"actor": "bench"}""", new string('a', 32), "Bench");

    private static readonly string[] Names = ["thing_happened"];

    private static NewEvent Happened() => new(Guid.NewGuid(), "thing_happened", "Bench.ThingHappened, Bench", Floor.Data);

    private static Append One()
    {
        var id = Guid.NewGuid();
        return new Append(Bench).StartStream(id, "thing", Happened()).Write(Floor.Things.Row(id, 1, Floor.ViewData));
    }

    /// <summary>Every engine of this build beside the same floor, turn by turn: one alone, or Marten too where it was built in.</summary>
    public async Task Engines()
    {
        foreach (var engine in Engine.All)
        {
            using var watch = new HeadWatch();
            await OnLog(log => Rounds.Rate(32, 3, async _ => Won(await log.Append(One(), default))), engine);
            foreach (var callers in new[] { 1, 8, 32 })
            {
                await Rounds.Compare(
                    string.Create(CultureInfo.InvariantCulture, $"{engine.Name}: appends, {callers} callers"), rounds, () => floor.Pgbench(callers, seconds),
                    () => OnLog(log => Rounds.Rate(callers, seconds, async _ => Won(await log.Append(One(), default))), engine), "");
            }
            await LoadDecideAppend(engine, "");
            watch.Tell(engine.Name);
            await ReadAll(engine);
        }
    }

    /// <summary>Events a second from the first position on, against a plain COPY of the same rows out of PostgreSQL.</summary>
    private async Task ReadAll(Engine engine)
    {
        const int events = 50_000;
        var database = await floor.NewDatabase();
        await using var writes = new Database(floor.Cluster.WriterConnection(database));
        await using (var writer = new AppendWriter(writes, Names, Engine.Grouped)) await Fill(writer, events);
        await floor.Vacuum(database);
        await using var reading = new AppendWriter(writes, Names, engine);
        var log = new Registry.EventStore.Streams.EventLog(writes, reading);
        await Rounds.Compare($"{engine.Name}: events read, all in order", rounds, async () => events / await Copied(database), async () =>
        {
            var (clock, read) = (Stopwatch.StartNew(), 0);
            await foreach (var stored in log.ReadAll(0, int.MaxValue, default)) read += stored.Position > 0 ? 1 : 0;
            return read / clock.Elapsed.TotalSeconds;
        }, "");
    }

    private async Task<double> Copied(string database)
    {
        await using var from = new NpgsqlConnection(floor.Cluster.OwnerConnection(database) + ";Search Path=registry");
        await from.OpenAsync();
        var clock = Stopwatch.StartNew();
        await using var reader = await from.BeginBinaryExportAsync("COPY (SELECT seq_id, id, stream_id, version, type, data FROM mt_events ORDER BY seq_id) TO STDOUT (FORMAT BINARY)");
        while (await reader.StartRowAsync() >= 0)
        {
            for (var column = 0; column < 6; column++) await reader.SkipAsync();
        }
        return clock.Elapsed.TotalSeconds;
    }

    public async Task Appends()
    {
        await Warm();
        using var watch = new HeadWatch();
        foreach (var (callers, asked) in new[] { (1, "0.5"), (8, "0.9"), (32, "1.5"), (128, "2.5") })
        {
            await Rounds.Compare(
                string.Create(CultureInfo.InvariantCulture, $"durable appends, {callers} callers"), rounds, () => floor.Pgbench(callers, seconds),
                () => OnLog(log => Rounds.Rate(callers, seconds, async _ => Won(await log.Append(One(), default)))), asked, callers > 8 ? () => floor.Pgbench(8, seconds) : null);
            Console.WriteLine("  " + watch.Groups());
        }
    }

    /// <summary>Read a stream of ten events, fold it, decide, append the eleventh at the version read; each caller has streams of its own.</summary>
    public Task LoadDecideAppend() => LoadDecideAppend(Engine.BuiltIn, "0.8");

    private async Task LoadDecideAppend(Engine engine, string asked)
    {
        await Decided(engine, 8); // as in Warm
        await Rounds.Compare($"{engine.Name}: load ten, decide, append, 32 callers", rounds, () => floor.Pgbench(32, seconds), () => Decided(engine, seconds), asked, () => floor.Pgbench(8, seconds));
    }

    private Task<double> Decided(Engine engine, double lasting)
    {
        // Streams grow by one each turn; a caller goes round its own hundred, so that ten to thirteen is the rule.
        var ids = Enumerable.Range(0, 32).Select(_ => Enumerable.Range(0, 100).Select(_ => Guid.NewGuid()).ToArray()).ToArray();
        var turns = new int[ids.Length];
        return OnLog(log => Rounds.Rate(ids.Length, lasting, async caller =>
        {
            var id = ids[caller][turns[caller]++ % ids[caller].Length];
            var loaded = await log.FetchForWriting<string>(id, (_, stored) => stored.Data, default);
            Won(await log.Append(new Append(Bench).AppendTo(id, "thing", loaded.Version, Happened()).Write(Floor.Things.Row(id, loaded.Version + 1, Floor.ViewData)), default));
        }), engine, async log =>
        {
            foreach (var chunk in ids.SelectMany(own => own).Chunk(25))
            {
                var append = new Append(Bench);
                foreach (var id in chunk) append.StartStream(id, "thing", [.. Enumerable.Range(0, 10).Select(_ => Happened())]);
                Won(await log.Append(append, default));
            }
        });
    }

    /// <summary>Events a second from the first position on, against a binary COPY of the same events with batched upserts of the same rows.</summary>
    public async Task Refold()
    {
        const int events = 100_000;
        var database = await floor.NewDatabase();
        await using (var pool = new Database(floor.Cluster.WriterConnection(database)))
        await using (var writer = new AppendWriter(pool, Names)) await Fill(writer, events);
        await floor.Vacuum(database);
        await Rounds.Compare("refold of a view, events", rounds, async () => events / await RawRefold(database), async () =>
        {
            var clock = Stopwatch.StartNew();
            await Rebuild.Run(floor.Cluster.OwnerConnection(database), EmbeddedCluster.Roles, Floor.Things, [Floor.Things], stream => stream[^1].Data, default);
            return events / clock.Elapsed.TotalSeconds;
        }, "0.4");
    }

    /// <summary>What the writer keeps must not grow with what it wrote.</summary>
    public async Task Million(int appends)
    {
        var (before, after, rate) = (0L, 0L, 0.0);
        await OnLog(async log =>
        {
            await Rounds.Rate(128, 3, async _ => Won(await log.Append(One(), default)));
            using var watch = new HeadWatch(); // a connection's first group, for which PostgreSQL plans every statement, is not the figure
            before = Live();
            var (left, clock) = (appends, Stopwatch.StartNew());
            await Task.WhenAll(Enumerable.Range(0, 128).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Decrement(ref left) >= 0) Won(await log.Append(One(), default));
            })));
            rate = appends / clock.Elapsed.TotalSeconds;
            after = Live();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{appends} appends at 128 callers: {rate:0} a second; live memory {before / 1024.0 / 1024:0.0} MB before, {after / 1024.0 / 1024:0.0} MB after"));
            watch.Tell("single appends");
            return rate;
        });
    }

    /// <summary>Large appends beside single ones: how long the head row is held, and what the single ones keep.</summary>
    public async Task Beside()
    {
        await OnLog(async log =>
        {
            await Large(log);
            using var watch = new HeadWatch();
            var clock = Stopwatch.StartNew();
            var large = Task.Run(async () =>
            {
                var done = 0;
                for (; clock.Elapsed.TotalSeconds < seconds * 2; done++) await Large(log);
                return done * Append.MostEvents / clock.Elapsed.TotalSeconds;
            });
            var single = await Rounds.Rate(8, seconds * 2, async _ => Won(await log.Append(One(), default)));
            var bulk = await large;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"appends of {Append.MostEvents} events beside single ones of 8 callers: {bulk:0} events and {single:0} single appends a second"));
            watch.Tell("with large appends beside");
            return single;
        });
    }

    /// <summary>Streams of two events each.</summary>
    private static async Task Fill(AppendWriter writer, int events)
    {
        for (var i = 0; i < events / 250; i++)
        {
            var append = new Append(Bench);
            for (var j = 0; j < 125; j++) append.StartStream(Guid.NewGuid(), "thing", Happened(), Happened());
            Won(await writer.Append(append, default));
        }
    }

    private static async Task Large(Registry.EventStore.Streams.EventLog log)
    {
        var append = new Append(Bench);
        for (var i = 0; i < Append.MostEvents; i++)
        {
            var id = Guid.NewGuid();
            append.StartStream(id, "thing", Happened()).Write(Floor.Things.Row(id, 1, Floor.ViewData));
        }
        Won(await log.Append(append, default));
    }

    private async Task<double> RawRefold(string database)
    {
        await using var from = new NpgsqlConnection(floor.Cluster.OwnerConnection(database) + ";Search Path=registry");
        await using var into = new NpgsqlConnection(floor.Cluster.OwnerConnection(database) + ";Search Path=registry");
        await from.OpenAsync();
        await into.OpenAsync();
        await using (var fresh = new NpgsqlCommand("DROP TABLE IF EXISTS raw; CREATE TABLE raw (id uuid PRIMARY KEY, version bigint NOT NULL, data jsonb NOT NULL)", into)) await fresh.ExecuteNonQueryAsync();
        var clock = Stopwatch.StartNew();
        await using var reader = await from.BeginBinaryExportAsync("COPY (SELECT stream_id, version, data FROM mt_events WHERE NOT is_archived ORDER BY stream_id, version) TO STDOUT (FORMAT BINARY)");
        var rows = new Dictionary<Guid, (long Version, string Data)>();
        while (await reader.StartRowAsync() >= 0)
        {
            var id = await reader.ReadAsync<Guid>();
            if (rows.Count == 1_000 && !rows.ContainsKey(id)) await Upsert(into, rows);
            rows[id] = (await reader.ReadAsync<long>(), await reader.ReadAsync<string>(NpgsqlDbType.Jsonb));
        }
        await Upsert(into, rows);
        var took = clock.Elapsed.TotalSeconds;
        await using (var gone = new NpgsqlCommand("DROP TABLE raw", into)) await gone.ExecuteNonQueryAsync();
        return took;
    }

    private static async Task Upsert(NpgsqlConnection connection, Dictionary<Guid, (long Version, string Data)> rows)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO raw SELECT * FROM unnest($1, $2, $3) ON CONFLICT (id) DO UPDATE SET version = excluded.version, data = excluded.data", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = rows.Keys.ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = rows.Values.Select(r => r.Version).ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = rows.Values.Select(r => r.Data).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync();
        rows.Clear();
    }

    /// <summary>A log in a database of its own, seeded and vacuumed.</summary>
    private async Task<double> OnLog(Func<Registry.EventStore.Streams.EventLog, Task<double>> measure, Engine? engine = null, Func<Registry.EventStore.Streams.EventLog, Task>? seed = null)
    {
        var database = await floor.NewDatabase();
        await using var writes = new Database(floor.Cluster.WriterConnection(database));
        await using var reads = new Database(floor.Cluster.ReaderConnection(database));
        await using var writer = new AppendWriter(writes, Names, engine ?? Engine.BuiltIn);
        var log = new Registry.EventStore.Streams.EventLog(reads, writer);
        await Rounds.Rate(8, 1, async _ => Won(await log.Append(One(), default)));
        if (seed is not null) await seed(log);
        await floor.Vacuum(database);
        return await measure(log);
    }

    /// <summary>A service runs for months; what its first seconds cost is not the figure.</summary>
    private Task<double> Warm() => OnLog(log => Rounds.Rate(32, 3, async _ => Won(await log.Append(One(), default))));

    private static void Won(Appended done)
    {
        if (done.Conflict is { } lost) throw new InvalidOperationException($"lost by {lost}");
    }

    private static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
