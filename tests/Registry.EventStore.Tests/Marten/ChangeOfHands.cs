using Registry.EventStore.Schema;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests.Marten;

/// <summary>One database, written by one engine after the other.</summary>
[Collection(OnPostgres.Name)]
public sealed class ChangeOfHands(Postgres postgres)
{
    private const string Events = """
        SELECT string_agg(format('%s %s %s %s %s %s %s %s %s %s %s %s %s %s', e.seq_id, e.id, e.stream_id, e.version, e.data, e.bdata, e.type, e.timestamp, e.tenant_id, e.mt_dotnet_type,
            e.correlation_id, e.causation_id, e.headers, e.is_archived), E'\n' ORDER BY e.seq_id) FROM mt_events e
        """;
    private const string Streams = "SELECT string_agg(s::text, E'\n' ORDER BY id) FROM mt_streams s";

    private static readonly View Things = new("things", "thing", """
        -- :table
        CREATE TABLE {table} (id uuid PRIMARY KEY, version bigint NOT NULL, data jsonb NOT NULL);
        """);

    [Theory]
    [InlineData("registry", "marten")]
    [InlineData("marten", "registry")]
    public async Task What_one_wrote_the_other_reads_and_goes_on_with_and_back_again(string first, string second)
    {
        await using var log = await postgres.NewLog(Things);
        await log.Writer.DisposeAsync();
        var stream = Guid.NewGuid();
        var position = 0L;
        foreach (var (turn, name) in new[] { first, second, first, second }.Index())
        {
            await using var hands = log.Again(Named(name));
            await Free(hands);
            await Migrations.Check(hands.Database, [Things], Named(name), default);
            for (var act = 0; act < 3; act++)
            {
                var version = (3 * turn) + act;
                Assert.Equal(version, (await hands.Log.FetchForWriting<string>(stream, (all, e) => all + e.Data, default)).Version);
                var appended = await hands.Append(Act(Noon.AddHours(version)).AppendTo(stream, "thing", version, Happened(data: $$"""{"n": {{version}}}"""))
                    .StartStream(Guid.NewGuid(), "thing", Happened("thing_began"), Happened("thing_grew")).Write(Things.Row(stream, version + 1, $$"""{"n": {{version}}}""")));
                Assert.Null(appended.Conflict);
                Assert.Equal(position += 3, appended.Position);
            }
            Assert.Equal(ConflictKind.Version, (await hands.Append(Act().AppendTo(stream, "thing", 1, Happened()))).Conflict);
            await hands.EveryLeafCommits();
            Assert.Equal(Enumerable.Range(1, (int)position).Select(n => (long)n), (await hands.All()).Select(e => e.Position));
            Assert.Equal(position, await hands.Scalar<long>("SELECT last_value FROM mt_events_sequence"));
            Assert.Equal(position, await hands.Log.Head(default));
            await AreReadAlike(log, stream);
        }
        Assert.Equal(12L, await log.Scalar<long>("SELECT version FROM things"));
    }

    [Fact]
    public async Task The_same_appends_leave_the_same_rows_in_every_column()
    {
        var written = new List<(string Events, string Streams)>();
        var (one, two, events) = (Guid.NewGuid(), Guid.NewGuid(), Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToArray());
        NewEvent Same(int n, string type) => new(events[n], type, $"Tests.{type}, Tests", $$"""{"n": {{n}}, "text": "é \u2028 \"quoted\"", "none": null, "list": [1, 2]}""");
        foreach (var engine in new[] { Engine.Grouped, Engine.Marten })
        {
            await using var log = (await postgres.NewLog(Things)).Again(engine);
            await log.Append(Act().StartStream(one, "thing", Same(0, "thing_began"), Same(1, "thing_grew")));
            await log.Append(Act(Noon.AddMinutes(1)).StartStream(two, "note", Same(2, "note_written")).AppendTo(one, "thing", 2, Same(3, "thing_happened")));
            await log.Append(Act(Noon.AddMinutes(-1)).AppendTo(one, "thing", Registry.EventStore.Streams.Append.AnyVersion, Same(4, "thing_happened"), Same(5, "thing_ended")));
            written.Add((await log.Scalar<string>(Events), await log.Scalar<string>(Streams)));
        }
        Assert.Equal(written[0], written[1]);
    }

    [Fact]
    public async Task Whoever_comes_second_is_kept_out_until_the_first_has_gone()
    {
        await using var log = await postgres.NewLog();
        foreach (var (first, second) in new[] { (Engine.Grouped, Engine.Marten), (Engine.Marten, Engine.Grouped) })
        {
            await using var late = log.Again(second);
            await using (var there = log.Again(first))
            {
                await Free(there);
                await there.Writer.Open();
                await Assert.ThrowsAsync<DatabaseAwayException>(() => late.Writer.Open());
                await Assert.ThrowsAsync<DatabaseAwayException>(() => late.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened())));
            }
            await Free(late);
            Assert.Null((await late.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).Conflict);
        }
    }

    /// <summary>PostgreSQL notices a moment later that whoever held it has gone.</summary>
    private static async Task Free(TestLog log)
    {
        for (var waited = 0; ; waited++)
        {
            try
            {
                await log.Writer.Open();
                return;
            }
            catch (DatabaseAwayException) when (waited < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    private static Engine Named(string name) => name == "marten" ? Engine.Marten : Engine.Grouped;

    /// <summary>Headers are a dictionary to Marten: the same pairs, without PostgreSQL's blanks between them.</summary>
    private static IEnumerable<StoredEvent> Same(IEnumerable<StoredEvent> events) => events.Select(e => e with { Headers = e.Headers?.Replace("\": \"", "\":\"", StringComparison.Ordinal) });

    /// <summary>Both engines read the log, a stream of it, several and a past one alike, whichever wrote it.</summary>
    private static async Task AreReadAlike(TestLog log, Guid stream)
    {
        await using var ours = log.Again(Engine.Grouped);
        await using var martens = log.Again(Engine.Marten);
        var all = await ours.All();
        Assert.Equal(Same(all), Same(await martens.All()));
        Assert.Equal(Same((await ours.Log.FetchStream(stream, default)).Events), Same((await martens.Log.FetchStream(stream, default)).Events));
        Assert.Equal(Same((await ours.Log.FetchStream(stream, default, upTo: 2, asOf: 3)).Events), Same((await martens.Log.FetchStream(stream, default, upTo: 2, asOf: 3)).Events));
        Assert.Equal((0, 0), ((await ours.Log.FetchStream(stream, default, upTo: 0)).Events.Count, (await martens.Log.FetchStream(stream, default, upTo: 0)).Events.Count));
        var asked = all.Select(e => e.Stream).Distinct().Take(3).Append(Guid.NewGuid()).ToArray();
        var streams = await ours.Log.FetchStreams(asked, default, asOf: all[^1].Position - 1);
        var same = await martens.Log.FetchStreams(asked, default, asOf: all[^1].Position - 1);
        Assert.Equal(streams.Select(s => (s.Id, s.Version)), same.Select(s => (s.Id, s.Version)));
        Assert.Equal(Same(streams.SelectMany(s => s.Events)), Same(same.SelectMany(s => s.Events)));
        Assert.Equal(await ours.Log.AggregateStream<string>(stream, (t, e) => t + e.Data, default, upTo: 2), await martens.Log.AggregateStream<string>(stream, (t, e) => t + e.Data, default, upTo: 2));
    }
}
