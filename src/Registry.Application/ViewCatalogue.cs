using System.Collections.Concurrent;
using System.Text.Json;
using Registry.Domain.Kernel;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.Application;

/// <summary>Every view: its record, its SQL file beside it, and the fold that makes its row.</summary>
public sealed class ViewCatalogue
{
    private sealed record Known(View View, Func<EventCatalogue, IReadOnlyList<StoredEvent>, string?> Fold);

    private static readonly ConcurrentDictionary<Type, string> Aliases = new();

    private readonly Dictionary<Type, Known> known = [];
    private readonly List<View> side = [];

    public IReadOnlyList<View> All => [.. known.Values.Select(k => k.View), .. side];

    /// <summary>A view whose row is folded from one stream of <typeparamref name="TAggregate"/>.</summary>
    public ViewCatalogue Add<TView, TEvent, TAggregate>(string table) where TView : class, IEvolve<TView, TEvent>
    {
        var view = new View(table, StreamType(typeof(TAggregate)), Sql(typeof(TView).Name));
        known.Add(typeof(TView), new Known(view, (catalogue, events) =>
        {
            TView? folded = null;
            foreach (var stored in events) folded = TView.Evolve(folded, (TEvent)catalogue.Read(stored));
            return folded is null ? null : JsonSerializer.Serialize(folded, RegistryJson.Stored);
        }));
        return this;
    }

    /// <summary>Tables and queries that no fold fills.</summary>
    public ViewCatalogue AddSide(string name)
    {
        side.Add(new View(name, "", Sql(name)));
        return this;
    }

    public View Of<TView>() => known[typeof(TView)].View;

    public View Side(string name) => side.Single(view => view.Name == name);

    public (View View, Func<EventCatalogue, IReadOnlyList<StoredEvent>, string?> Fold)? Named(string table) =>
        known.Values.FirstOrDefault(k => k.View.Name == table) is { } found ? (found.View, found.Fold) : null;

    /// <summary>Marten's alias of an aggregate: <c>PortabilityRequest</c> is <c>portability_request</c>.</summary>
    public static string StreamType(Type aggregate) => Aliases.GetOrAdd(aggregate, static aggregate =>
        string.Concat(aggregate.Name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString())));

    private static string Sql(string name)
    {
        using var reader = new StreamReader(typeof(ViewCatalogue).Assembly.GetManifestResourceStream(name + ".sql")
            ?? throw new InvalidOperationException($"{name}.sql does not stand beside its view"));
        return reader.ReadToEnd();
    }
}
