using Registry.EventStore.Schema;
using Registry.EventStore.Streams;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests;

/// <summary>A database is written by the nodes of one engine only.</summary>
[Collection(OnPostgres.Name)]
public sealed class OneEngineAtATime(Postgres postgres)
{
    private static readonly Engine Other = Engine.BuiltIn with { Name = "other", Lock = 99 };

    [Fact]
    public async Task While_a_node_with_another_engine_holds_it_nothing_is_appended_and_nobody_is_ready()
    {
        await using var log = await postgres.NewLog();
        await using (var held = log.Database.OpenOwn())
        {
            EngineLock.Hold(held, Other);
            await Assert.ThrowsAsync<DatabaseAwayException>(() => log.Writer.Open());
            await Assert.ThrowsAsync<DatabaseAwayException>(() => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened())));
            Assert.Equal("engine-other", (await Assert.ThrowsAsync<SchemaException>(() => Migrations.Check(log.Database, [], default))).Code);
        }
        await log.Writer.Open();
        await Migrations.Check(log.Database, [], default);
        Assert.Equal(1, (await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).Position);
    }

    [Fact]
    public async Task A_node_keeps_another_engine_out_from_its_start_on_until_it_stops()
    {
        await using var log = await postgres.NewLog();
        await using var connection = log.Database.OpenOwn();
        await log.Writer.Open();
        Assert.True(await EngineLock.IsAnothers(connection, Other, default));
        await using (var second = log.Again()) await second.Writer.Open(); // nodes of one engine share it
        await log.Writer.DisposeAsync();
        var isHeld = true;
        for (var waited = 0; isHeld && waited < 100; waited++)
        {
            await Task.Delay(50); // PostgreSQL notices a moment later that a connection has gone
            isHeld = await EngineLock.IsAnothers(connection, Other, default);
        }
        Assert.False(isHeld);
    }

    /// <summary>An error closes the connection that wrote, and an administrator may end the one that holds: neither lets another engine in for good.</summary>
    [Fact]
    public async Task What_breaks_a_connection_lets_nobody_in_who_stays()
    {
        await using var log = await postgres.NewLog();
        await using var connection = log.Database.OpenOwn();
        await log.Writer.Open();
        var rejected = Happened(data: """{"text": "\u0000"}"""); // PostgreSQL keeps no such text
        await Assert.ThrowsAsync<AppendRejectedException>(() => log.Append(Act().StartStream(Guid.NewGuid(), "thing", rejected)));
        Assert.True(await EngineLock.IsAnothers(connection, Other, default));

        await using (var end = new Npgsql.NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", connection)) await end.ExecuteNonQueryAsync();
        for (var waited = 0; await EngineLock.IsAnothers(connection, Other, default) && waited < 100; waited++) await Task.Delay(50);
        Assert.False(await EngineLock.IsAnothers(connection, Other, default));
        await log.Writer.Open(); // as every look at whether the node is ready does
        Assert.True(await EngineLock.IsAnothers(connection, Other, default));
    }

    [Fact]
    public async Task A_name_that_nobody_registered_is_refused_before_anything_is_stored()
    {
        await using var log = await postgres.NewLog();
        await Assert.ThrowsAsync<ArgumentException>(() => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened("never_heard_of"))));
        Assert.Equal(0, await log.Log.Head(default));
    }
}
