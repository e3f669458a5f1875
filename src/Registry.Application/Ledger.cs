using Registry.Application.Terms;
using Registry.Domain.Kernel;
using Registry.EventStore;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.Application;

/// <summary>The one machine: load, evolve, decide, append events and views, reply.</summary>
public sealed class Ledger(EventLog log, EventCatalogue events, ViewCatalogue views, CallContext call, FreshTerms terms, LegalTime clock)
{
    /// <summary>Under one head row somebody always wins, so that a loser's turn comes; this bound only ends a bug.</summary>
    private const int MostAttempts = 200;

    private readonly Folds folds = new();

    /// <summary>One decision on one stream. With a revision a stale one is refused; without, a conflict is decided again.</summary>
    public Task<Reply<TView>> Decide<TAggregate, TEvent, TView>(
        Guid stream, Func<TAggregate?, Outcome<TEvent>> decide, CancellationToken ct, long? revision = null)
        where TAggregate : class, IEvolve<TAggregate, TEvent> where TEvent : class where TView : class, IEvolve<TView, TEvent> =>
        Together<TView, TEvent>(act => act.Decide<TAggregate, TEvent, TView>(stream, decide, ct, revision), ct);

    /// <summary>Several streams in one append, all or none. The reply shows the stream that the composition decided first.</summary>
    /// <param name="compose">Is run again when the act lost, so that it decides on what is true now.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <param name="remembered">False for a part of a longer act: the call's key belongs to its last append.</param>
    /// <param name="most">How many events it may hold; fewer where the caller can split it.</param>
    public async Task<Reply<TView>> Together<TView, TEvent>(Func<Act, Task<Reply<TView>>> compose, CancellationToken ct, bool remembered = true, int most = Append.MostOfOneAct)
        where TView : class, IEvolve<TView, TEvent>
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (remembered && await Before<TView, TEvent>(ct) is { } before) return before;
            var act = new Act(log, events, views, NewAppend(most), remembered ? null : folds);
            var reply = await compose(act);
            if (reply.Refused is not null) return reply;
            if (remembered && call.Key is { } fresh) act.Keep(new KeyToKeep(fresh, reply.Created ? 201 : 200, act.Primary, reply.Revision, call.StartedAt));
            if (!act.HasAnything) return reply;
            var append = act.Whole();
            var done = await log.Append(append, ct);
            if (done.Conflict is not null)
            {
                folds.Forget(); // one of them may have been dropped
                continue;
            }
            act.Stored();
            terms.Await(append, done.Position);
            return reply;
        }
        throw new DatabaseAwayException("the act lost its turn too often", new TimeoutException());
    }

    /// <summary>What the call was answered before; null where it is new or names no key.</summary>
    public async Task<Reply<TView>?> Before<TView, TEvent>(CancellationToken ct) where TView : class, IEvolve<TView, TEvent> =>
        call.Key is { } key && await log.FindKey(key, ct) is { } kept ? await Repeat<TView, TEvent>(key, kept, ct) : null;

    /// <summary>The stream that answered the call's key before; null where it is new or names no key.</summary>
    public async Task<Guid?> KeptStream(CancellationToken ct) =>
        call.Key is { } key && await log.FindKey(key, ct) is { } kept ? kept.Stream : null;

    /// <summary>The fold of a stream as it stands now, or stood at a position; null where it does not exist.</summary>
    public async Task<TAggregate?> Load<TAggregate, TEvent>(Guid stream, CancellationToken ct, long asOf = long.MaxValue)
        where TAggregate : class, IEvolve<TAggregate, TEvent> =>
        events.Read<TEvent>((await log.FetchStream(stream, ct, asOf: asOf)).Events).Aggregate((TAggregate?)null, TAggregate.Evolve);

    /// <summary>A stream's events in order.</summary>
    public async Task<IReadOnlyList<TEvent>> Events<TEvent>(Guid stream, CancellationToken ct) => [.. events.Read<TEvent>((await log.FetchStream(stream, ct)).Events)];

    /// <summary>The log's last position.</summary>
    public Task<long> Head(CancellationToken ct) => log.Head(ct);

    /// <summary>A stream with its events as they are stored.</summary>
    public Task<EventStream> Stored(Guid stream, CancellationToken ct) => log.FetchStream(stream, ct);

    /// <summary>Salt and leaf of a stream's events, by position; no salt where the data were dropped.</summary>
    public Task<IReadOnlyDictionary<long, (byte[]? Salt, byte[] Leaf)>> Leaves(Guid stream, CancellationToken ct) => log.LeavesOf(stream, ct);

    /// <summary>The position of the event that brought a stream to a version.</summary>
    public async Task<long> PositionOf(Guid stream, long version, CancellationToken ct) => (await log.FetchStream(stream, ct, version)).Events[^1].Position;

    /// <summary>A stream's view as it stood at a version.</summary>
    public async Task<TView?> ViewAt<TView, TEvent>(Guid stream, long version, CancellationToken ct) where TView : class, IEvolve<TView, TEvent> =>
        events.Read<TEvent>((await log.FetchStream(stream, ct, version)).Events).Aggregate((TView?)null, TView.Evolve);

    /// <summary>Writes down what rests on nothing, such as a read, with the row by which it is found again.</summary>
    public async Task Record(Guid stream, string type, object happened, TableRow row, CancellationToken ct)
    {
        var append = NewAppend(Append.MostEvents).AppendTo(stream, type, Append.AnyVersion, events.Store(happened));
        append.Write(row);
        await log.Append(append, ct);
    }

    private async Task<Reply<TView>> Repeat<TView, TEvent>(IdempotencyKey key, KeptAnswer kept, CancellationToken ct) where TView : class, IEvolve<TView, TEvent>
    {
        if (!kept.Request.AsSpan().SequenceEqual(key.Request)) return new Refusal("idempotency-key-reused", RefusalKind.Rule);
        if (await ViewAt<TView, TEvent>(kept.Stream, kept.Version, ct) is not { } view) return new Refusal("not-found", RefusalKind.Unknown); // dropped since
        return new Reply<TView>(view, kept.Version, null) { Created = kept.Status == 201, Replayed = true };
    }

    private Append NewAppend(int most) => new(new AppendContext(clock.Now, $$"""{"actor": "{{call.Actor}}"}""", call.Trace, call.Cause), most);
}
