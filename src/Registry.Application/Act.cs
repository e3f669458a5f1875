using System.Text.Json;
using Registry.Domain.Kernel;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.Application;

/// <summary>One act being composed: decisions on streams, with the rows that stand or fall with them.</summary>
public sealed class Act(EventLog log, EventCatalogue events, ViewCatalogue views, Append append)
{
    private readonly Dictionary<Guid, (object? Aggregate, object? View, long Version)> decided = [];

    internal Append Append { get; } = append;

    internal Guid Primary { get; private set; }

    /// <summary>Something has been decided to happen.</summary>
    public bool HasEvents => Append.EventCount > 0;

    internal bool HasAnything => Append.EventCount > 0 || Append.Key is not null || Append.Rows.Count > 0;

    /// <summary>Names the stream that a repeated call is shown, where it is not the first one decided on.</summary>
    public void Shows(Guid stream) => Primary = stream;

    /// <summary>Loads a stream, decides on it, and adds what happened with the view that follows. The first one is what a repeated call is shown.</summary>
    public async Task<Reply<TView>> Decide<TAggregate, TEvent, TView>(
        Guid stream, Func<TAggregate?, Outcome<TEvent>> decide, CancellationToken ct, long? revision = null)
        where TAggregate : class, IEvolve<TAggregate, TEvent> where TEvent : class where TView : class, IEvolve<TView, TEvent>
    {
        if (Primary == default) Primary = stream;
        var (aggregate, view, version) = await Standing<TAggregate, TEvent, TView>(stream, ct);
        var outcome = decide(aggregate);
        if (outcome.Refused is { Kind: RefusalKind.Unknown or RefusalKind.Forbidden } hidden) return hidden; // before a stale revision tells that it exists
        if (revision is { } expected && expected != version) return new Refusal("stale-revision", RefusalKind.Stale, null, version);
        if (outcome.Refused is { } refused) return refused;
        if (outcome.Events.Count == 0) return new Reply<TView>(view, version, null);
        return Add<TAggregate, TEvent, TView>(stream, version, outcome.Events, aggregate, view);
    }

    /// <summary>Starts a stream that nobody can have started before: its id is new.</summary>
    public Reply<TView> Start<TAggregate, TEvent, TView>(Guid stream, TEvent happened)
        where TAggregate : class, IEvolve<TAggregate, TEvent> where TEvent : class where TView : class, IEvolve<TView, TEvent>
    {
        if (Primary == default) Primary = stream;
        return Add<TAggregate, TEvent, TView>(stream, 0, [happened], null, null);
    }

    /// <summary>The act loses if this stream has moved on.</summary>
    public void ExpectVersion<TAggregate>(Guid stream, long version)
    {
        if (!Append.Holds(stream)) Append.ExpectVersion(stream, ViewCatalogue.StreamType(typeof(TAggregate)), version);
    }

    /// <summary>The act loses if this count has changed.</summary>
    public void Expect(NamedQuery query, Guid argument, long count) => Append.Expectations.Add(new CountExpected(query, argument, count));

    public void Claim(string name, Guid stream) => Append.Claims.Add(name, stream);

    public void Write(TableRow row) => Append.Write(row);

    public void Tell(OrganisationId recipient, string topic, Guid subject) => Append.Outbox.Add(new OutboxMessage(recipient.Value, topic, subject));

    internal void Keep(KeyToKeep key) => Append.Key = key;

    /// <summary>As the stream stands in the log, or as this act has left it: two people's lines may stand in one block.</summary>
    private async Task<(TAggregate? Aggregate, TView? View, long Version)> Standing<TAggregate, TEvent, TView>(Guid stream, CancellationToken ct)
        where TAggregate : class, IEvolve<TAggregate, TEvent> where TEvent : class where TView : class, IEvolve<TView, TEvent>
    {
        if (decided.TryGetValue(stream, out var before)) return ((TAggregate?)before.Aggregate, (TView?)before.View, before.Version);
        var loaded = await log.FetchStream(stream, ct);
        TAggregate? aggregate = null;
        TView? view = null;
        foreach (var happened in events.Read<TEvent>(loaded.Events))
        {
            aggregate = TAggregate.Evolve(aggregate, happened);
            view = TView.Evolve(view, happened);
        }
        return (aggregate, view, loaded.Version);
    }

    private Reply<TView> Add<TAggregate, TEvent, TView>(Guid stream, long version, IReadOnlyList<TEvent> happened, TAggregate? aggregate, TView? view)
        where TAggregate : class, IEvolve<TAggregate, TEvent> where TEvent : class where TView : class, IEvolve<TView, TEvent>
    {
        foreach (var one in happened) (aggregate, view) = (TAggregate.Evolve(aggregate, one), TView.Evolve(view, one));
        var after = version + happened.Count;
        IReadOnlyList<NewEvent> stored = [.. happened.Select(one => events.Store(one))];
        var row = views.Of<TView>().Row(stream, after, JsonSerializer.Serialize(view, RegistryJson.Stored));
        if (Append.Holds(stream)) Append.Extend(stream, stored);
        else Append.AppendTo(stream, ViewCatalogue.StreamType(typeof(TAggregate)), version, stored);
        if (decided.ContainsKey(stream)) Append.Forget(earlier => earlier.Table == row.Table && Equals(earlier.Values[0], stream));
        Append.Write(row);
        decided[stream] = (aggregate, view, after);
        return new Reply<TView>(view, after, null) { Created = version == 0, Changed = true };
    }
}
