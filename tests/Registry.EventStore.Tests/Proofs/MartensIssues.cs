using System.Globalization;
using Npgsql;
using Registry.EventStore.Replay;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests.Proofs;

/// <summary>
/// What users of Marten reported of events skipped and marks that stall, by the number of the report, brought about on
/// purpose. Here positions are given under the head row, so a page never has a hole and nothing waits for a gap to close.
/// </summary>
[Collection(OnPostgres.Name), Trait("Proof", "no-skipped-event")]
public sealed class MartensIssues(Postgres postgres)
{
    private static readonly View Things = new("things", "thing", """
        -- :table
        CREATE TABLE {table} (id uuid PRIMARY KEY, version bigint NOT NULL, data jsonb NOT NULL);
        """);

    /// <summary>A huge event takes its number first and commits last, while tiny ones overtake it.</summary>
    [Fact]
    public async Task Issue_1629_a_huge_event_that_commits_late_is_not_overtaken()
    {
        await using var log = await postgres.NewLog();
        var huge = $$"""{"text": "{{new string('x', 4_000_000)}}"}""";
        var append = log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened("huge", huge)));
        var tiny = Enumerable.Range(0, 300).Select(_ => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).ToList();
        await NoPageHasAHole(log, Task.WhenAll([append, .. tiny]), 301);
    }

    /// <summary>A bulk import runs while others append: numbers are reserved long before their rows are visible.</summary>
    [Fact]
    public async Task Issue_4952_an_import_beside_single_appends_leaves_no_page_with_a_hole()
    {
        await using var log = await postgres.NewLog(Things);
        await using var other = new TestLog(log.Owner, log.Connection, log.Admin);
        async Task Import(TestLog on)
        {
            for (var chunk = 0; chunk < 4; chunk++)
            {
                var append = Act();
                for (var i = 0; i < 300; i++)
                {
                    var id = Guid.NewGuid();
                    append.StartStream(id, "thing", Happened()).Write(Things.Row(id, 1, "{}"));
                }
                Assert.Null((await on.Append(append)).Conflict);
            }
        }
        async Task Single(TestLog on)
        {
            for (var i = 0; i < 200; i++) await on.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()));
        }
        await NoPageHasAHole(log, Task.WhenAll(Import(log), Import(other), Single(log), Single(other)), 2 * 1_200 + 2 * 200);
    }

    /// <summary>The mark moves over numbers that transactions in flight still hold, above all under a rebuild.</summary>
    [Fact]
    public async Task Issue_4953_the_head_never_passes_a_transaction_in_flight_and_a_rebuild_loses_nothing()
    {
        await using var log = await postgres.NewLog(Things);
        for (var i = 0; i < 20; i++) await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()));
        await using var connection = new NpgsqlConnection(log.Owner + ";Search Path=registry;Pooling=false");
        await connection.OpenAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var stream = Guid.NewGuid();
            await using var insert = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"""
                UPDATE registry_head SET position = 21 WHERE one;
                INSERT INTO mt_streams (id, type, version) VALUES ('{stream}', 'thing', 1);
                INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) VALUES (21, '{Guid.NewGuid()}', '{stream}', 1, '{"{}"}', 'thing_happened', now());
                """), connection);
            await insert.ExecuteNonQueryAsync();
            var later = Enumerable.Range(0, 30).Select(_ => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).ToList();
            var rebuilt = Task.Run(() => Rebuild.Run(log.Owner, Embedded.EmbeddedCluster.Roles, Things, [Things], stream => stream[^1].Data, default));
            await Task.Delay(300);
            Assert.Equal(20, await log.Log.Head(default));
            Assert.Equal(20, (await log.All()).Count); // nothing later is visible before it
            await transaction.CommitAsync();
            await Task.WhenAll(later);
            Assert.InRange(await rebuilt, 21, 51); // as many streams as there were when it swapped, the held one with them
        }
        Assert.Equal(Enumerable.Range(1, 51).Select(n => (long)n), (await log.All()).Select(e => e.Position));
    }

    /// <summary>One row stays invisible in the middle of a page while later ones are committed.</summary>
    [Fact]
    public async Task Issue_4964_a_row_that_is_slow_to_insert_leaves_no_hole_in_a_page()
    {
        await using var log = await postgres.NewLog();
        await log.Execute("""
            CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN NEW; END $$;
            CREATE TRIGGER slowly BEFORE INSERT ON mt_events_default FOR EACH ROW WHEN (NEW.type = 'slow') EXECUTE FUNCTION slowly();
            """);
        var acts = Enumerable.Range(1, 40).Select(i => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened(i == 9 ? "slow" : "thing_happened"))));
        await NoPageHasAHole(log, Task.WhenAll(acts.ToList()), 40);
    }

    /// <summary>Losers' numbers are gone for ever, and a session that idles in a transaction makes the mark wait for them.</summary>
    [Fact]
    public async Task Issue_5108_losers_leave_no_gap_and_an_idle_transaction_stalls_nobody()
    {
        await using var log = await postgres.NewLog();
        var stream = Guid.NewGuid();
        await log.Append(Act().StartStream(stream, "thing", Happened()));
        await using var idle = new NpgsqlConnection(log.Owner + ";Search Path=registry;Pooling=false");
        await idle.OpenAsync();
        await using var transaction = await idle.BeginTransactionAsync();
        await using (var parked = new NpgsqlCommand("SELECT pg_advisory_xact_lock(1), max(seq_id) FROM mt_events", idle)) await parked.ExecuteNonQueryAsync();
        var rivals = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => log.Append(Act().AppendTo(stream, "thing", 1, Happened()))));
        Assert.Single(rivals, done => done.Conflict is null);
        await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()));
        Assert.Equal([1L, 2L, 3L], (await log.All()).Select(e => e.Position));
        Assert.Equal(3L, await log.Scalar<long>("SELECT last_value FROM mt_events_sequence")); // none was burnt
    }

    /// <summary>While work goes on, every page read is the next positions without one missing, up to the last.</summary>
    private static async Task NoPageHasAHole(TestLog log, Task work, long events)
    {
        var position = 0L;
        while (position < events)
        {
            if (work.IsFaulted) await work;
            await foreach (var stored in log.Log.ReadAll(position, 10, default)) Assert.Equal(++position, stored.Position);
        }
        await work;
        Assert.Equal(events, await log.Log.Head(default));
    }
}
