using System.Runtime.CompilerServices;
using System.Text.Json;
using JasperFx.Events;
using JasperFx.Events.Aggregation;
using Marten;
using Marten.Events.Aggregation;
using Marten.Events.Archiving;

namespace Registry.EventStore.Streams;

/// <summary>Reads events through Marten's query sessions.</summary>
internal sealed class MartenReader(Database database, IReadOnlyCollection<string> names) : LogReader
{
    private readonly Lazy<DocumentStore> store = new(() => MartenStore.On(database.Source, names));

    public override Task<EventStream> FetchStream(Guid stream, long upTo, long asOf, CancellationToken ct) => Part(stream, 0, upTo, asOf, ct);

    public override Task<EventStream> FetchEnd(Guid stream, long after, CancellationToken ct) => Part(stream, after, long.MaxValue, long.MaxValue, ct);

    private Task<EventStream> Part(Guid stream, long after, long upTo, long asOf, CancellationToken ct) => Use(async session =>
    {
        var events = await Fetch(session, stream, after, upTo, ct);
        var read = events.TakeWhile(e => e.Sequence <= asOf).Select(Stored).ToList();
        return new EventStream(stream, read.Count == 0 ? after : read[^1].Version, read);
    });

    public override Task<IReadOnlyList<EventStream>> FetchStreams(IReadOnlyCollection<Guid> streams, long asOf, CancellationToken ct) => Use<IReadOnlyList<EventStream>>(async session =>
    {
        var asked = streams.ToArray();
        var events = await session.Events.QueryAllRawEvents().Where(e => e.StreamId.IsOneOf(asked) && e.Sequence <= asOf).OrderBy(e => e.StreamId).ThenBy(e => e.Version).ToListAsync(ct);
        return [.. events.Select(Stored).GroupBy(e => e.Stream).Select(g => new EventStream(g.Key, g.Last().Version, [.. g]))];
    });

    public override Task<ForWriting<T>> Aggregate<T>(Guid stream, Func<T?, StoredEvent, T?> evolve, long upTo, CancellationToken ct) where T : class => Use(async session =>
    {
        var events = await Fetch(session, stream, 0, upTo, ct);
        if (events.Count == 0) return new ForWriting<T>(null, 0);
        IAggregatorSource<IQuerySession> folded = new Folded<T>(evolve);
        return new ForWriting<T>(await folded.Build<T>().BuildAsync(events, session, null, ct), events[^1].Version);
    });

    public override async IAsyncEnumerable<StoredEvent> ReadAll(long after, int limit, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var session = store.Value.QuerySession();
        var events = session.Events.QueryAllRawEvents().Where(e => e.MaybeArchived() && e.Sequence > after).OrderBy(e => e.Sequence).Take(limit).ToAsyncEnumerable(ct);
        await using var all = events.GetAsyncEnumerator(ct);
        while (await Step(async () => await all.MoveNextAsync())) yield return Stored(all.Current);
    }

    private static Task<IReadOnlyList<IEvent>> Fetch(IQuerySession session, Guid stream, long after, long upTo, CancellationToken ct) =>
        session.Events.FetchStreamAsync(stream, upTo == long.MaxValue ? 0 : upTo, fromVersion: after == 0 ? 0 : after + 1, token: ct); // 0 is all

    private Task<T> Use<T>(Func<IQuerySession, Task<T>> read) => Step(async () =>
    {
        await using var session = store.Value.QuerySession();
        return await read(session);
    });

    private static async Task<T> Step<T>(Func<Task<T>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception error) when (MartenStore.Cause(error) is var cause && Database.IsAway(cause))
        {
            throw new DatabaseAwayException("PostgreSQL broke off", cause);
        }
    }

    private static StoredEvent Stored(IEvent e) => new(
        e.Sequence, e.Id, e.StreamId, e.Version, e.EventTypeName, ((Json)e.Data).Text, e.Timestamp, e.CorrelationId, e.CausationId, e.Headers is null ? null : JsonSerializer.Serialize(e.Headers));

    /// <summary>A fold by our own function, through the one override that Marten has for it: nothing is found by the names of methods.</summary>
    private sealed class Folded<T>(Func<T?, StoredEvent, T?> evolve) : SingleStreamProjection<T, Guid> where T : class
    {
        public override T? Evolve(T? snapshot, Guid id, IEvent e) => evolve(snapshot, Stored(e));
    }
}
