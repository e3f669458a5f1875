using System.Collections.Concurrent;
using System.Text.Json;
using Registry.Domain.Kernel;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.Application;

/// <summary>Long streams as a longer act left them: its next append reads only what was added since. Parts of it may be at work at once.</summary>
internal sealed class Folds
{
    private const int Most = 128, Long = 16;

    private readonly ConcurrentDictionary<Guid, (object? Aggregate, object? View, long Version)> known = new();

    public (object? Aggregate, object? View, long Version) Of(Guid stream) => known.GetValueOrDefault(stream);

    public void Keep(Guid stream, (object? Aggregate, object? View, long Version) left)
    {
        if (left.Version < Long) return;
        if (known.Count >= Most) known.Clear();
        known[stream] = left;
    }

    public void Forget() => known.Clear();
}

/// <summary>One act being composed: decisions on streams, with the rows that stand or fall with them.</summary>
public sealed class Act
{
    private readonly EventLog log;
    private readonly EventCatalogue events;
    private readonly ViewCatalogue views;
    private readonly Folds? folds;
    private readonly Dictionary<Guid, (object? Aggregate, object? View, long Version)> decided = [];
    private readonly Dictionary<Guid, Func<TableRow>> rows = [];

    internal Act(EventLog log, EventCatalogue events, ViewCatalogue views, Append append, Folds? folds) => (this.log, this.events, this.views, Append, this.folds) = (log, events, views, append, folds);

    private Append Append { get; }

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

    /// <summary>All of it, each view as the act leaves it.</summary>
    internal Append Whole()
    {
        foreach (var row in rows.Values) Append.Write(row());
        rows.Clear();
        return Append;
    }

    /// <summary>It was stored: what it decided on stands as it left it.</summary>
    internal void Stored()
    {
        foreach (var (stream, left) in decided) folds?.Keep(stream, left);
    }

    internal void Keep(KeyToKeep key) => Append.Key = key;

    /// <summary>As the stream stands in the log, or as this act has left it: two people's lines may stand in one block.</summary>
    private async Task<(TAggregate? Aggregate, TView? View, long Version)> Standing<TAggregate, TEvent, TView>(Guid stream, CancellationToken ct)
        where TAggregate : class, IEvolve<TAggregate, TEvent> where TEvent : class where TView : class, IEvolve<TView, TEvent>
    {
        if (decided.TryGetValue(stream, out var before)) return ((TAggregate?)before.Aggregate, (TView?)before.View, before.Version);
        var known = folds?.Of(stream) ?? default;
        var loaded = await log.FetchEnd(stream, known.Version, ct);
        var (aggregate, view) = ((TAggregate?)known.Aggregate, (TView?)known.View);
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
        if (Append.Holds(stream)) Append.Extend(stream, stored);
        else Append.AppendTo(stream, ViewCatalogue.StreamType(typeof(TAggregate)), version, stored);
        rows[stream] = () => views.Of<TView>().Row(stream, after, JsonSerializer.Serialize(view, RegistryJson.Stored));
        decided[stream] = (aggregate, view, after);
        return new Reply<TView>(view, after, null) { Created = version == 0, Changed = true };
    }
}
