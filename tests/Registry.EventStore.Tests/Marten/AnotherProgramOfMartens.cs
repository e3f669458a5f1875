using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using Marten.Events.Aggregation;
using Registry.EventStore.Schema;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests.Marten;

public sealed record ThingHappened(int N);

public sealed record ThingGrew(int N);

public sealed class Thing
{
    public Guid Id { get; set; }

    public int Sum { get; set; }
}

/// <summary>Somebody else's program, with types of its own under our stored names, on Marten as anybody sets it up.</summary>
[Collection(OnPostgres.Name)]
public sealed class AnotherProgramOfMartens(Postgres postgres)
{
    [Fact]
    public async Task Opens_our_database_reads_folds_and_projects_it_with_its_daemon_and_appends_what_we_go_on_with()
    {
        await using var log = await postgres.NewLog();
        var streams = Enumerable.Range(0, 20).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var stream in streams) await log.Append(Act().StartStream(stream, "thing", Happened(data: """{"n": 1}"""), Happened("thing_grew", """{"n": 2}""")));
        await log.Append(Act().AppendTo(streams[0], "thing", 2, Happened("thing_grew", """{"n": 40}""")));
        await log.Writer.DisposeAsync();

        await MakeItsOwnTables(log.Owner);
        await using (var theirs = Program(log.Owner, "registry", AutoCreate.None))
        {
            await using var session = theirs.LightweightSession();
            var read = await session.Events.FetchStreamAsync(streams[0]);
            Assert.Equal([1, 2, 40], read.Select(e => e.Data is ThingHappened happened ? happened.N : ((ThingGrew)e.Data).N));
            Assert.Equal(43, (await session.Events.AggregateStreamAsync<Thing>(streams[0]))!.Sum);

            session.Events.Append(streams[1], 3, new ThingGrew(7)); // at the version that we left
            session.Events.StartStream(Guid.NewGuid(), new ThingHappened(9));
            await session.SaveChangesAsync();
            await using (var late = theirs.LightweightSession())
            {
                late.Events.Append(streams[1], 3, new ThingGrew(8));
                await Assert.ThrowsAsync<EventStreamUnexpectedMaxEventIdException>(() => late.SaveChangesAsync()); // and a tombstone for its number
            }

            using var daemon = await theirs.BuildProjectionDaemonAsync();
            await daemon.StartAllAsync();
            await theirs.WaitForNonStaleProjectionDataAsync(TimeSpan.FromSeconds(30));
            await daemon.StopAllAsync();
            await using var query = theirs.QuerySession();
            Assert.Equal((21, 116), (await query.Query<Thing>().CountAsync(), await query.Query<Thing>().SumAsync(t => t.Sum)));
        }

        await using var again = log.Again();
        await Migrations.Check(again.Database, [], default);
        Assert.Equal(44, await again.Log.Head(default));
        Assert.Equal("tombstone", (await again.All())[^1].Type);
        await again.EveryLeafCommits();
        Assert.Equal("""{"n": 7}""", (await again.Log.FetchStream(streams[1], default)).Events[^1].Data);
        Assert.Null((await again.Append(Act().AppendTo(streams[1], "thing", 3, Happened()))).Conflict);
        await again.EveryLeafCommits();
    }

    private static DocumentStore Program(string connection, string events, AutoCreate create) => DocumentStore.For(options =>
    {
        options.Connection(connection);
        options.DatabaseSchemaName = "theirs";
        options.Events.DatabaseSchemaName = events;
        options.AutoCreateSchemaObjects = create;
        options.UseSystemTextJsonForSerialization(casing: Weasel.Core.Casing.CamelCase);
        options.Events.UseArchivedStreamPartitioning = true;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        options.Events.AppendMode = EventAppendMode.Rich;
        options.Events.MapEventType<ThingHappened>("thing_happened");
        options.Events.MapEventType<ThingGrew>("thing_grew");
        options.Projections.Add(new Things(), ProjectionLifecycle.Async);
    });

    /// <summary>The table of its documents, in a schema of its own.</summary>
    private static async Task MakeItsOwnTables(string owner)
    {
        await using var store = Program(owner, "theirs", AutoCreate.All);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
    }

    private sealed class Things : SingleStreamProjection<Thing, Guid>
    {
        public override Thing? Evolve(Thing? snapshot, Guid id, IEvent e)
        {
            int? more = e.Data switch { ThingHappened happened => happened.N, ThingGrew grew => grew.N, _ => null }; // nothing for a tombstone
            return more is { } n ? new Thing { Id = id, Sum = (snapshot?.Sum ?? 0) + n } : snapshot;
        }
    }
}
