using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests.Marten;

/// <summary>Marten fills the numbers of a failed append with tombstones. Here they would be events without a leaf.</summary>
[Collection(OnPostgres.Name)]
public sealed class NoTombstones(Postgres postgres)
{
    [Fact]
    public async Task A_rejected_append_leaves_neither_a_gap_nor_a_tombstone()
    {
        await using var log = await postgres.NewLog();
        await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()));
        await log.Execute("ALTER TABLE mt_events ADD CONSTRAINT refuses CHECK (type <> 'thing_ended')");
        await Assert.ThrowsAsync<Registry.EventStore.Streams.AppendRejectedException>(() => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened(), Happened("thing_ended"))));
        await Task.Delay(500); // a tombstone would come by itself, in the background
        Assert.Equal(2, (await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).Position);
        Assert.Equal([1L, 2], (await log.All()).Select(e => e.Position));
        Assert.Equal(0L, await log.Scalar<long>("SELECT count(*) FROM mt_streams WHERE type IS NULL"));
        await log.EveryLeafCommits();
    }
}
