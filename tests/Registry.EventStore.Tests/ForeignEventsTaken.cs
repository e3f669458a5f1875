using Registry.EventStore.Schema;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests;

/// <summary>Another program of Marten's may have appended while no node of ours wrote.</summary>
[Collection(OnPostgres.Name)]
public sealed class ForeignEventsTaken(Postgres postgres)
{
    [Fact]
    public async Task The_head_goes_on_after_them_and_each_gets_its_leaf()
    {
        await using var log = await postgres.NewLog();
        await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()));
        var stream = Guid.NewGuid();
        await Foreign(log, stream, 3, 1, """{"n": 7}""");
        await Foreign(log, stream, 5, 2, """{"n": 8}"""); // Marten's numbers may have gaps
        await Migrations.Check(log.Database, [], default);

        Assert.Equal(5, await log.Log.Head(default));
        Assert.Equal(6, (await log.Append(Act(Noon.AddYears(-1)).AppendTo(stream, "thing", 2, Happened()))).Position);
        var all = await log.All();
        Assert.Equal([1L, 3, 5, 6], all.Select(e => e.Position));
        Assert.Equal(all.Select(e => e.At).Order(), all.Select(e => e.At)); // no instant before its predecessor's, whoever wrote that
        await log.EveryLeafCommits();
    }

    [Fact]
    public async Task One_that_no_leaf_can_commit_to_keeps_the_service_from_starting()
    {
        await using var log = await postgres.NewLog();
        await Foreign(log, Guid.NewGuid(), 1, 1, """{"n": 0.5}""");
        var error = await Assert.ThrowsAsync<SchemaException>(() => Migrations.Check(log.Database, [], default));
        Assert.Equal("event-unprovable", error.Code);
        Assert.Contains("position 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await log.Log.Head(default));
    }

    private static Task Foreign(TestLog log, Guid stream, long position, long version, string data) => log.Execute($$"""
        INSERT INTO mt_streams (id, type, version) VALUES ('{{stream}}', 'thing', {{version}}) ON CONFLICT (id, is_archived) DO UPDATE SET version = excluded.version;
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) VALUES ({{position}}, '{{Guid.NewGuid()}}', '{{stream}}', {{version}}, '{{data}}', 'thing_happened', '2027-01-0{{version}}T12:00:00Z');
        SELECT setval('mt_events_sequence', {{position}});
        """);
}
