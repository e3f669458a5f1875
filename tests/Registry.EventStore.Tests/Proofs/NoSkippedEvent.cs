using System.Collections.Concurrent;
using Npgsql;
using Registry.EventStore.Streams;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests.Proofs;

/// <summary>
/// Sixteen writers on two nodes, four readers that follow the head, a transaction held open, rollbacks and conflicts: every
/// reader sees every committed event once and in order. The same readers miss events where positions come from a sequence.
/// </summary>
[Collection(OnPostgres.Name), Trait("Proof", "no-skipped-event")]
public sealed class NoSkippedEvent(Postgres postgres)
{
    private const int Writers = 16;
    private const int Readers = 4;

    /// <summary>An insert under the head row by somebody else's hand, as another node would make it.</summary>
    private const string ByHand = """
        WITH head AS (UPDATE registry_head SET position = position + 1 WHERE one RETURNING position),
             stream AS (INSERT INTO mt_streams (id, type, version) SELECT $1, 'thing', 1 FROM head)
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) SELECT position, $2, $1, 1, '{}', 'thing_happened', now() FROM head
        """;

    private const string FromSequence = """
        WITH stream AS (INSERT INTO mt_streams (id, type, version) VALUES ($1, 'thing', 1))
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) VALUES (nextval('mt_events_sequence'), $2, $1, 1, '{}', 'thing_happened', now())
        """;

    private sealed class Run
    {
        public ConcurrentQueue<Guid> Committed { get; } = new();

        public bool Writing { get; set; } = true;
    }

    [Fact]
    public async Task Every_reader_sees_every_committed_event_once_in_order()
    {
        for (var round = 0; round < Rounds.Of(full: 5); round++)
        {
            await using var one = await postgres.NewLog();
            await using var two = new TestLog(one.Owner, one.Connection, one.Admin);
            var run = new Run();
            var readers = Enumerable.Range(0, Readers).Select(n => Task.Run(() => Follow(n % 2 == 0 ? one : two, 1 + 7 * n, run))).ToList();
            var held = Task.Run(() => Transaction(one, ByHand, TimeSpan.FromSeconds(3), commit: true, run));
            await Task.WhenAll([held, .. Enumerable.Range(0, Writers).Select(n => Task.Run(() => Write(n % 2 == 0 ? one : two, n, run)))]);
            run.Writing = false;
            foreach (var seen in await Task.WhenAll(readers))
            {
                Assert.Equal(seen.Count, seen.Distinct().Count());
                Assert.Empty(run.Committed.Except(seen));
                Assert.Equal(run.Committed.Count, seen.Count);
            }
            var stored = await one.All();
            Assert.Equal(Enumerable.Range(1, run.Committed.Count).Select(n => (long)n), stored.Select(e => e.Position));
        }
    }

    /// <summary>The negative control: the proof turns red where positions come from a sequence, whatever the readers do.</summary>
    [Fact]
    public async Task With_positions_from_a_sequence_readers_miss_events()
    {
        await using var log = await postgres.NewLog();
        var run = new Run();
        var readers = Enumerable.Range(0, Readers).Select(n => Task.Run(() => Follow(log, 1 + 7 * n, run))).ToList();
        var held = Task.Run(() => Transaction(log, FromSequence, TimeSpan.FromSeconds(1), commit: true, run));
        await Task.WhenAll([held, .. Enumerable.Range(0, Writers).Select(n => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++) await Transaction(log, FromSequence, TimeSpan.Zero, commit: (i + n) % 5 > 0, run);
        }))]);
        run.Writing = false;
        Assert.Contains(await Task.WhenAll(readers), seen => run.Committed.Except(seen).Any());
    }

    private static async Task Write(TestLog log, int writer, Run run)
    {
        var random = new Random(writer);
        var shared = new Guid(writer / 4, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8); // four writers want each of these streams
        for (var i = 0; i < 60; i++)
        {
            if (random.Next(8) == 0) await Transaction(log, ByHand, TimeSpan.FromMilliseconds(random.Next(5)), commit: false, run);
            var version = random.Next(3) == 0 ? (await log.Log.FetchStream(shared, default)).Version : -1;
            var happened = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Happened()).ToList();
            var append = version >= 0 ? Act().AppendTo(shared, "thing", version, happened) : Act().StartStream(Guid.NewGuid(), "thing", happened);
            if ((await log.Append(append)).Conflict is not null) continue;
            foreach (var stored in happened) run.Committed.Enqueue(stored.Id);
        }
    }

    private static async Task Transaction(TestLog log, string sql, TimeSpan held, bool commit, Run run)
    {
        await using var connection = new NpgsqlConnection(log.Owner + ";Search Path=registry");
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var id = Guid.NewGuid();
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = Guid.NewGuid() }, new() { Value = id } } };
        await command.ExecuteNonQueryAsync();
        await Task.Delay(held);
        if (!commit) return; // rolled back
        await transaction.CommitAsync();
        run.Committed.Enqueue(id);
    }

    /// <summary>Reads on from where it stands, as every catch-up does, and never looks back.</summary>
    private static async Task<List<Guid>> Follow(TestLog log, int page, Run run)
    {
        var (seen, position) = (new List<Guid>(), 0L);
        while (true)
        {
            var (last, before) = (!run.Writing, seen.Count);
            await foreach (var stored in log.Log.ReadAll(position, page, default))
            {
                Assert.True(stored.Position > position);
                position = stored.Position;
                seen.Add(stored.Id);
            }
            if (last && seen.Count == before) return seen;
        }
    }
}
