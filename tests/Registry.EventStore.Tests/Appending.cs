using Registry.EventStore;
using Registry.EventStore.Leaves;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests;

[Collection(OnPostgres.Name)]
public sealed class Appending(Postgres postgres)
{
    private static readonly View Things = new("things", "thing", """
        -- :table
        CREATE TABLE {table} (id uuid PRIMARY KEY, version bigint NOT NULL, data jsonb NOT NULL, n int GENERATED ALWAYS AS ((data ->> 'n')::int) STORED);
        CREATE INDEX {table}_by_n ON {table} (n);
        -- :query by_n
        SELECT id, version, data FROM {table} WHERE n = $1 ORDER BY id
        -- :query how_many
        SELECT count(*) FROM {table} WHERE id = $1
        """);

    [Fact]
    public async Task Events_come_back_in_order_with_who_and_when()
    {
        await using var log = await postgres.NewLog();
        var stream = Guid.NewGuid();
        await log.Append(Act().StartStream(stream, "thing", Happened("thing_began"), Happened("thing_grew", """{"b": "é\"\\", "a": [1, true, null]}""")));
        await log.Append(Act().AppendTo(stream, "thing", 2, Happened("thing_ended")));

        var fetched = await log.Log.FetchStream(stream, default);
        Assert.Equal(3, fetched.Version);
        Assert.Equal(["thing_began", "thing_grew", "thing_ended"], fetched.Events.Select(e => e.Type));
        Assert.Equal([1, 2, 3], fetched.Events.Select(e => e.Position));
        Assert.All(fetched.Events, e => Assert.Equal(Noon, e.At));
        Assert.All(fetched.Events, e => Assert.Contains("test", e.Headers!, StringComparison.Ordinal));
        Assert.Equal(3, (await log.Log.FetchForWriting<string>(stream, (all, e) => all + e.Type, default)).Version);
        Assert.Equal("thing_beganthing_grew", await log.Log.AggregateStream<string>(stream, (all, e) => all + e.Type, default, upTo: 2));
    }

    [Fact]
    public async Task A_stale_version_loses_and_stores_nothing()
    {
        await using var log = await postgres.NewLog();
        var stream = Guid.NewGuid();
        await log.Append(Act().StartStream(stream, "thing", Happened()));
        var lost = await log.Append(Act().StartStream(stream, "thing", Happened()));
        Assert.Equal(ConflictKind.Version, lost.Conflict);
        Assert.Equal(stream, lost.Stream);
        Assert.Equal(1, await log.Log.Head(default));
        Assert.Equal(1L, await log.Scalar<long>("SELECT count(*) FROM registry_leaves"));
    }

    [Fact]
    public async Task Several_streams_are_all_or_nothing()
    {
        await using var log = await postgres.NewLog();
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        await log.Append(Act().StartStream(one, "thing", Happened()));
        Assert.Equal(ConflictKind.Version, (await log.Append(Act().AppendTo(one, "thing", 1, Happened()).AppendTo(two, "thing", 7, Happened()))).Conflict);
        Assert.Equal(1, (await log.Log.FetchStream(one, default)).Version);
        Assert.Null((await log.Append(Act().AppendTo(one, "thing", 1, Happened()).StartStream(two, "thing", Happened()))).Conflict);
        Assert.Equal(3, await log.Log.Head(default));
    }

    [Fact]
    public async Task A_version_can_be_expected_without_appending_to_it()
    {
        await using var log = await postgres.NewLog();
        var (rule, act) = (Guid.NewGuid(), Guid.NewGuid());
        await log.Append(Act().StartStream(rule, "rule", Happened()));
        Assert.Null((await log.Append(Act().ExpectVersion(rule, "rule", 1).StartStream(act, "thing", Happened()))).Conflict);
        await log.Append(Act().AppendTo(rule, "rule", 1, Happened()));
        Assert.Equal(ConflictKind.Version, (await log.Append(Act().ExpectVersion(rule, "rule", 1).StartStream(Guid.NewGuid(), "thing", Happened()))).Conflict);
    }

    [Fact]
    public async Task Of_fifty_at_one_version_one_succeeds_and_positions_stay_gapless()
    {
        await using var log = await postgres.NewLog();
        var stream = Guid.NewGuid();
        await log.Append(Act().StartStream(stream, "thing", Happened()));
        var bystanders = Enumerable.Range(0, 50).Select(_ => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened())));
        var rivals = Enumerable.Range(0, 50).Select(_ => log.Append(Act().AppendTo(stream, "thing", 1, Happened()))).ToList();
        Assert.All(await Task.WhenAll(bystanders), done => Assert.Null(done.Conflict));
        Assert.Single(await Task.WhenAll(rivals), done => done.Conflict is null);
        var positions = new List<long>();
        await foreach (var stored in log.Log.ReadAll(0, 1_000, default)) positions.Add(stored.Position);
        Assert.Equal(Enumerable.Range(1, 52).Select(n => (long)n), positions);
    }

    [Fact]
    public async Task A_recorded_instant_is_never_earlier_than_its_predecessors()
    {
        await using var log = await postgres.NewLog();
        await log.Append(Act(Noon).StartStream(Guid.NewGuid(), "thing", Happened()));
        var late = await log.Append(Act(Noon.AddMinutes(-5)).StartStream(Guid.NewGuid(), "thing", Happened()));
        Assert.Equal(Noon, late.At);
    }

    [Fact]
    public async Task The_leaf_is_the_digest_that_the_documents_say()
    {
        await using var log = await postgres.NewLog();
        var stream = Guid.NewGuid();
        await log.Append(Act().StartStream(stream, "thing", Happened(data: """{"z": 1, "a": "b"}""")));
        var salt = await log.Scalar<byte[]>("SELECT salt FROM registry_leaves");
        var canonical = $$"""{"at":"2026-11-25T12:00:00.000000Z","data":{"a":"b","z":1},"position":1,"stream":"{{stream}}","type":"thing_happened","version":1}""";
        var entry = System.Security.Cryptography.HMACSHA256.HashData(salt, System.Text.Encoding.UTF8.GetBytes(canonical));
        var leaf = System.Security.Cryptography.SHA256.HashData([0, .. entry]);
        Assert.Equal(leaf, await log.Scalar<byte[]>("SELECT leaf FROM registry_leaves"));
        Assert.Equal(Leaf.Size, salt.Length);
    }

    [Fact]
    public async Task Views_claims_keys_and_messages_stand_or_fall_with_the_append()
    {
        await using var log = await postgres.NewLog(Things);
        var key = new IdempotencyKey([1], "k", [2]);
        var stream = Guid.NewGuid();
        Append One(Guid id, string claim) => Full(Act().StartStream(id, "thing", Happened()).Write(Things.Row(id, 1, """{"n": 5}""")), claim, key, id);
        Assert.Null((await log.Append(One(stream, "name"))).Conflict);
        Assert.Equal(ConflictKind.Key, (await log.Append(One(Guid.NewGuid(), "other"))).Conflict);
        var kept = await log.Log.FindKey(key, default);
        Assert.Equal((stream, 1L, 201), (kept!.Stream, kept.Version, kept.Status));
        key = new IdempotencyKey([1], "k2", [2]);
        Assert.Equal(ConflictKind.Claim, (await log.Append(One(Guid.NewGuid(), "name"))).Conflict);

        var reader = new ViewReader(log.Database, log.Database, () => "registry");
        Assert.Equal(stream, Assert.Single(await reader.Query(Things.Query("by_n"), [5], default)).Id);
        Assert.Equal(1L, await log.Scalar<long>("SELECT count(*) FROM registry_outbox"));
        Assert.Equal(1L, await log.Scalar<long>("SELECT count(*) FROM registry_idempotency"));
        Assert.Equal(1, await log.Writer.DropKeys(Noon.AddSeconds(1), default));
    }

    [Fact]
    public async Task A_count_that_changed_since_the_decision_loses()
    {
        await using var log = await postgres.NewLog(Things);
        var id = Guid.NewGuid();
        var append = Act().StartStream(Guid.NewGuid(), "thing", Happened());
        append.Expectations.Add(new CountExpected(Things.Query("how_many"), id, 0));
        await log.Append(Act().StartStream(id, "thing", Happened()).Write(Things.Row(id, 1, """{"n": 1}""")));
        Assert.Equal(ConflictKind.Expectation, (await log.Append(append)).Conflict);
    }

    [Fact]
    public async Task An_append_that_PostgreSQL_rejects_fails_alone()
    {
        await using var log = await postgres.NewLog();
        for (var round = 1; round <= 5; round++)
        {
            var before = Enumerable.Range(0, 10).Select(_ => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).ToList();
            var poisoned = log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened(data: """{"n": "\u0000"}""")));
            var after = Enumerable.Range(0, 10).Select(_ => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).ToList();
            await Assert.ThrowsAsync<AppendRejectedException>(() => poisoned);
            Assert.All(await Task.WhenAll(before.Concat(after)), done => Assert.Null(done.Conflict));
            Assert.Equal(20 * round, await log.Log.Head(default));
        }
        Assert.Equal(100L, await log.Scalar<long>("SELECT last_value FROM mt_events_sequence"));
    }

    [Fact]
    public async Task What_another_node_wrote_is_noticed_and_both_go_on_without_a_gap()
    {
        await using var log = await postgres.NewLog();
        await using var other = new TestLog(log.Owner, log.Connection, log.Admin);
        var shared = Guid.NewGuid();
        await log.Append(Act().StartStream(shared, "thing", Happened()));
        for (var version = 1; version <= 20; version++)
        {
            var (winner, loser) = version % 2 == 0 ? (log, other) : (other, log);
            Assert.Null((await winner.Append(Act().AppendTo(shared, "thing", version, Happened()))).Conflict);
            Assert.Equal(ConflictKind.Version, (await loser.Append(Act().AppendTo(shared, "thing", version, Happened()))).Conflict);
            Assert.Null((await loser.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).Conflict);
        }
        var stored = await log.All();
        Assert.Equal(Enumerable.Range(1, 41).Select(n => (long)n), stored.Select(e => e.Position));
        Assert.Equal(Enumerable.Range(1, 21).Select(n => (long)n), stored.Where(e => e.Stream == shared).Select(e => e.Version));
    }

    [Fact]
    public async Task A_claim_and_a_key_that_another_node_took_lose_here_too()
    {
        await using var log = await postgres.NewLog();
        await using var other = new TestLog(log.Owner, log.Connection, log.Admin);
        await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()));
        Append With(string claim, string key) => Full(Act(), claim, new IdempotencyKey([1], key, [2]), Guid.NewGuid());
        Assert.Null((await other.Append(With("name", "k"))).Conflict); // no event: the log's end does not tell of it
        Assert.Equal(ConflictKind.Claim, (await log.Append(With("name", "k2"))).Conflict);
        await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()));
        Assert.Equal(ConflictKind.Key, (await log.Append(With("other", "k"))).Conflict);
    }

    [Fact]
    public async Task A_large_append_goes_beside_the_groups_and_is_all_or_nothing()
    {
        await using var log = await postgres.NewLog(Things);
        Append Large(Guid rival)
        {
            var append = Act().AppendTo(rival, "thing", 1, Happened());
            for (var i = 0; i < 250; i++)
            {
                var id = Guid.NewGuid();
                append.StartStream(id, "thing", Happened()).Write(Things.Row(id, 1, """{"n": 9}"""));
            }
            return append.Write(Things.Row(rival, 2, """{"n": 9}"""));
        }
        var stream = Guid.NewGuid();
        await log.Append(Act().StartStream(stream, "thing", Happened()).Write(Things.Row(stream, 1, """{"n": 1}""")));
        var small = Enumerable.Range(0, 50).Select(_ => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).ToList();
        var large = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => log.Append(Large(stream))));
        await Task.WhenAll(small);
        Assert.Single(large, done => done.Conflict is null);
        Assert.Equal(302, (await log.All()).Count);
        Assert.Equal(251L, await log.Scalar<long>("SELECT count(*) FROM things WHERE n = 9"));
        Assert.Equal(302L, await log.Scalar<long>("SELECT last_value FROM mt_events_sequence"));
        Assert.Equal(302L, await log.Scalar<long>("SELECT count(*) FROM registry_leaves"));
        var again = Act().StartStream(stream, "thing", Happened()); // it is there already: its primary key says so, and the answer is the ordinary one
        for (var i = 0; i < 100; i++) again.StartStream(Guid.NewGuid(), "thing", Happened());
        var lost = await log.Append(again);
        Assert.Equal((ConflictKind.Version, stream), (lost.Conflict, lost.Stream));
        Assert.Equal(302, await log.Log.Head(default));
        Assert.Throws<AppendTooLargeException>(() => Act().StartStream(Guid.NewGuid(), "thing", [.. Enumerable.Range(0, Append.MostEvents + 1).Select(_ => Happened())]));
    }

    [Fact]
    public async Task One_act_that_cannot_be_split_may_be_larger()
    {
        await using var log = await postgres.NewLog(Things);
        static Append Whole()
        {
            var append = new Append(Act().Context, Append.MostOfOneAct);
            for (var i = 0; i < Append.MostOfOneAct; i++)
            {
                var id = Guid.NewGuid();
                append.StartStream(id, "thing", Happened()).Write(Things.Row(id, 1, """{"n": 9}"""));
            }
            return append;
        }
        var small = Enumerable.Range(0, 20).Select(_ => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).ToList();
        Assert.NotNull((await log.Append(Whole().ExpectVersion(Guid.NewGuid(), "thing", 7))).Conflict);
        Assert.Null((await log.Append(Whole())).Conflict);
        Assert.All(await Task.WhenAll(small), done => Assert.Null(done.Conflict));
        Assert.Equal(Enumerable.Range(1, Append.MostOfOneAct + 20), (await log.All()).Select(e => (int)e.Position));
        Assert.Equal((long)Append.MostOfOneAct, await log.Scalar<long>("SELECT count(*) FROM things"));
        Assert.Throws<AppendTooLargeException>(() => Whole().StartStream(Guid.NewGuid(), "thing", Happened()));
    }

    [Fact]
    public async Task A_stop_finishes_what_was_taken_and_takes_no_more()
    {
        await using var log = await postgres.NewLog();
        var writer = new AppendWriter(log.Database, Names);
        var taken = Enumerable.Range(0, 300).Select(_ => writer.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()), default)).ToList();
        await writer.DisposeAsync();
        Assert.All(await Task.WhenAll(taken), done => Assert.Null(done.Conflict));
        Assert.Equal(300, await log.Log.Head(default));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()), default));
    }

    /// <summary>4,096 wait; the next one is held back at the door, where it can still give up and leave nothing.</summary>
    [Fact]
    public async Task A_full_queue_holds_the_caller_back()
    {
        await using var log = await postgres.NewLog();
        await using var other = new Npgsql.NpgsqlConnection(log.Owner + ";Search Path=registry;Pooling=false");
        await other.OpenAsync();
        List<Task<Appended>> waiting;
        await using (var held = await other.BeginTransactionAsync())
        {
            await using (var command = new Npgsql.NpgsqlCommand("SELECT 1 FROM registry_head WHERE one FOR UPDATE", other)) await command.ExecuteNonQueryAsync();
            waiting = [.. Enumerable.Range(0, 4_096).Select(_ => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened())))];
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.Log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()), soon.Token));
            Assert.DoesNotContain(waiting, task => task.IsCompleted);
        }
        Assert.All(await Task.WhenAll(waiting), done => Assert.Null(done.Conflict));
        Assert.Equal(4_096, await log.Log.Head(default));
    }

    [Theory]
    [InlineData(0, 3, "1,2,3")]
    [InlineData(1, 3, "2,3")]
    [InlineData(3, 3, "")]
    [InlineData(7, 7, "")]
    public async Task A_stream_is_read_on_after_a_version(long after, long version, string read)
    {
        await using var log = await postgres.NewLog();
        var stream = Guid.NewGuid();
        await log.Append(Act().StartStream(stream, "thing", Happened(), Happened(), Happened()));
        var fetched = await log.Log.FetchEnd(stream, after, default);
        Assert.Equal((version, read), (fetched.Version, string.Join(',', fetched.Events.Select(e => e.Version))));
    }

    [Fact]
    public async Task Martens_version_sequence_and_alias_are_kept()
    {
        await using var log = await postgres.NewLog();
        var stream = Guid.NewGuid();
        await log.Append(Act().StartStream(stream, "thing", Happened(), Happened()));
        await log.Append(Act().AppendTo(stream, "thing", 2, Happened()));
        Assert.Equal(3L, await log.Scalar<long>("SELECT version FROM mt_streams"));
        Assert.Equal("thing", await log.Scalar<string>("SELECT type FROM mt_streams"));
        Assert.Equal(3L, await log.Scalar<long>("SELECT last_value FROM mt_events_sequence"));
        Assert.Equal("Tests.thing_happened, Tests", await log.Scalar<string>("SELECT mt_dotnet_type FROM mt_events LIMIT 1"));
    }

    [Fact]
    public async Task A_database_that_went_away_is_said_and_found_again()
    {
        await using var log = await postgres.NewLog();
        await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()));
        await log.Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", log.Admin);
        Assert.Null((await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).Conflict);

        await using var nowhere = new Database("Host=/nowhere;Username=x;Password=x;Database=x");
        await using var writer = new AppendWriter(nowhere, Names);
        await Assert.ThrowsAsync<DatabaseAwayException>(() => writer.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()), default));
    }

    [Fact]
    public async Task A_caller_who_gave_up_before_its_turn_leaves_nothing()
    {
        await using var log = await postgres.NewLog();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            log.Log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()), new CancellationToken(canceled: true)));
        Assert.Equal(0, await log.Log.Head(default));
    }

    private static Append Full(Append append, string claim, IdempotencyKey key, Guid stream)
    {
        append.Claims.Add(claim, stream);
        append.Outbox.Add(new OutboxMessage(Guid.NewGuid(), "thing", stream));
        append.Key = new KeyToKeep(key, 201, stream, 1, Noon);
        return append;
    }
}
