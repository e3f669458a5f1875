using Npgsql;
using Registry.EventStore;
using Registry.EventStore.Views;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests;

/// <summary>What each role of the database may do, and that a pooled connection carries no reader over to the next.</summary>
[Collection(OnPostgres.Name)]
public sealed class Roles(Postgres postgres)
{
    private static readonly View Secrets = new("secrets", "secret", """
        -- :table
        CREATE TABLE {table} (id uuid PRIMARY KEY, version bigint NOT NULL, data jsonb NOT NULL, owner uuid GENERATED ALWAYS AS ((data ->> 'owner')::uuid) STORED);
        -- :query all
        SELECT id, version, data FROM {table}
        -- :guard secrets
        owner = registry_reading_org()
        """);

    private static readonly Guid One = Guid.NewGuid();
    private static readonly Guid Two = Guid.NewGuid();

    private static async Task Fill(TestLog log)
    {
        foreach (var owner in new[] { One, One, Two })
        {
            var id = Guid.NewGuid();
            await log.Append(Act().StartStream(id, "secret", Happened()).Write(Secrets.Row(id, 1, $$"""{"owner": "{{owner}}"}""")));
        }
    }

    [Fact]
    public async Task Even_a_query_without_a_condition_gives_only_what_its_reader_may_see()
    {
        await using var log = await postgres.NewLog(Secrets);
        await Fill(log);
        await using var reads = new Database(log.Reader);
        foreach (var (caller, seen) in new[] { ($"org:{One}", 2), ($"org:{Two}", 1), ($"org:{Guid.NewGuid()}", 0), ("subject:00ff", 0), ("nobody", 0), ("", 0), ("registry", 3) })
        {
            var reader = new ViewReader(reads, log.Database, () => caller);
            Assert.Equal(seen, (await reader.Query(Secrets.Query("all"), [], default)).Count);
            var streamed = 0;
            await foreach (var row in reader.Stream(Secrets.Query("all"), [], default)) streamed++;
            Assert.Equal(seen, streamed);
            Assert.Equal(seen, (await reader.Rows(Secrets.Query("all"), [], row => row, default)).Count);
        }
    }

    [Fact]
    public async Task A_pooled_connection_carries_no_reader_over()
    {
        await using var log = await postgres.NewLog(Secrets);
        await Fill(log);
        await using var single = new Database(log.Reader + ";Maximum Pool Size=1");
        for (var i = 0; i < 20; i++)
        {
            var reader = new ViewReader(single, log.Database, () => $"org:{One}");
            Assert.Equal(2, (await reader.Query(Secrets.Query("all"), [], default)).Count);
            Assert.Equal(0, await Unnamed(single)); // the same session, and nobody named
        }
        await using var few = new Database(log.Reader + ";Maximum Pool Size=3");
        var mixed = await Task.WhenAll(Enumerable.Range(0, 400).Select(async n =>
        {
            var caller = n % 2 == 0 ? One : Two;
            return (n, (await new ViewReader(few, log.Database, () => $"org:{caller}").Query(Secrets.Query("all"), [], default)).Count);
        }));
        Assert.All(mixed, read => Assert.Equal(read.n % 2 == 0 ? 2 : 1, read.Count));
    }

    /// <summary>The negative control: a setting of the session would be carried over, and the same test sees it.</summary>
    [Fact]
    public async Task A_setting_of_the_session_would_be_carried_over()
    {
        await using var log = await postgres.NewLog(Secrets);
        await Fill(log);
        await using var single = new Database(log.Reader + ";Maximum Pool Size=1");
        await single.Use(async connection =>
        {
            await using var named = new NpgsqlCommand($"SELECT set_config('registry.caller', 'org:{One}', false)", connection);
            return await named.ExecuteNonQueryAsync();
        }, default);
        Assert.Equal(2, await Unnamed(single));
    }

    /// <summary>The service reads for itself as the writer; to the reader that name is a name like any other.</summary>
    [Fact]
    public async Task No_name_opens_the_wall_to_the_reader()
    {
        await using var log = await postgres.NewLog(Secrets);
        await Fill(log);
        await using var reads = new Database(log.Reader + ";Maximum Pool Size=1");
        foreach (var (name, seen) in new[] { ("registry", 0), ("registry_writer", 0), ($"org:{One}", 2) })
        {
            await reads.Use(async connection =>
            {
                await using var named = new NpgsqlCommand("SELECT set_config('registry.caller', $1, false)", connection) { Parameters = { new() { Value = name } } };
                return await named.ExecuteNonQueryAsync();
            }, default);
            Assert.Equal(seen, await Unnamed(reads));
        }
    }

    /// <summary>A second node that starts must not lock the tables of the first.</summary>
    [Fact]
    public async Task A_start_that_changes_no_guard_makes_none_anew()
    {
        await using var log = await postgres.NewLog(Secrets);
        const string policies = "SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_policy";
        var before = await log.Scalar<string>(policies);
        await Schema.Migrations.Apply(log.Owner, Embedded.EmbeddedCluster.Roles, [Secrets], default);
        Assert.Equal(before, await log.Scalar<string>(policies));
        await Schema.Migrations.Apply(log.Owner, Embedded.EmbeddedCluster.Roles with { Writer = "registry_eraser" }, [Secrets], default);
        Assert.NotEqual(before, await log.Scalar<string>(policies));
    }

    [Fact]
    public async Task The_reader_writes_nothing_and_the_writer_is_not_walled_in()
    {
        await using var log = await postgres.NewLog(Secrets);
        await Fill(log);
        foreach (var sql in new[] { "INSERT INTO secrets (id, version, data) VALUES (gen_random_uuid(), 1, '{}')", "UPDATE registry_head SET position = 9", "DELETE FROM secrets", "SELECT registry_erase(gen_random_uuid(), 1)" })
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => log.Execute(sql, log.Reader))).SqlState);
        }
        await log.Execute("UPDATE secrets SET version = version", log.Connection);
        foreach (var sql in new[] { "ALTER TABLE secrets DISABLE ROW LEVEL SECURITY", "DROP POLICY reading ON secrets", "SELECT registry_erase(gen_random_uuid(), 1)" })
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => log.Execute(sql, log.Connection))).SqlState);
        }
    }

    [Fact]
    public async Task The_eraser_blanks_one_stream_at_the_version_that_was_decided_on_and_can_do_nothing_else()
    {
        await using var log = await postgres.NewLog();
        var (ended, other) = (Guid.NewGuid(), Guid.NewGuid());
        await log.Append(Act().StartStream(ended, "thing", Happened(data: """{"said": "something"}"""), Happened()).StartStream(other, "thing", Happened()));
        await log.Execute($"SELECT registry_erase('{ended}', 1)", log.Eraser); // it has moved on: nothing
        Assert.Equal(2, (await log.Log.FetchStream(ended, default)).Version);
        await log.Execute($"SELECT registry_erase('{ended}', 2)", log.Eraser);
        Assert.Empty((await log.Log.FetchStream(ended, default)).Events);
        var stored = await log.All();
        Assert.Equal([1L, 2L, 3L], stored.Select(e => e.Position)); // its places stay
        Assert.Equal(["{}", "{}"], stored.Where(e => e.Stream == ended).Select(e => e.Data));
        Assert.All(stored.Where(e => e.Stream == ended), e => Assert.Null(e.Headers));
        Assert.Equal(2L, await log.Scalar<long>("SELECT count(*) FROM registry_leaves WHERE salt IS NULL"));
        Assert.Equal(3L, await log.Scalar<long>("SELECT count(leaf) FROM registry_leaves"));
        Assert.Equal(1, (await log.Log.FetchStream(other, default)).Version);
        foreach (var sql in new[] { "SELECT data FROM mt_events", "UPDATE mt_events SET data = '{}'", "DELETE FROM registry_leaves", "UPDATE registry_leaves SET salt = NULL" })
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => log.Execute(sql, log.Eraser))).SqlState);
        }
    }

    private static Task<long> Unnamed(Database database) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT count(*) FROM secrets", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }, default);
}
