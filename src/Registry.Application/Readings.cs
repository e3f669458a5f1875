using System.Text.Json;
using Registry.EventStore.Views;

namespace Registry.Application;

/// <summary>Reads views as their records.</summary>
public sealed class Readings(ViewReader reader, ViewCatalogue views)
{
    public async Task<Reply<TView>?> Find<TView>(Guid id, CancellationToken ct) where TView : class =>
        await reader.Find(views.Of<TView>(), id, ct) is { } row ? Typed<TView>(row) : null;

    public async Task<TView?> View<TView>(Guid id, CancellationToken ct) where TView : class => (await Find<TView>(id, ct))?.View;

    public async Task<List<Reply<TView>>> Query<TView>(string query, IReadOnlyList<object?> arguments, CancellationToken ct) where TView : class =>
        [.. (await reader.Query(views.Of<TView>().Query(query), arguments, ct)).Select(Typed<TView>)];

    /// <summary>A page by key: one row more is asked than is shown, and its presence is the next page.</summary>
    public async Task<(List<Reply<TView>> Rows, string? Next)> Page<TView>(string query, IReadOnlyList<object?> arguments, PageAsked page, CancellationToken ct)
        where TView : class, IIdentified
    {
        var rows = await Query<TView>(query, [.. arguments, page.AfterId, page.Limit + 1], ct);
        if (rows.Count <= page.Limit) return (rows, null);
        rows.RemoveAt(page.Limit);
        return (rows, rows[^1].View!.Id.ToString());
    }

    public Task<long> Count<TView>(string query, IReadOnlyList<object?> arguments, CancellationToken ct) =>
        reader.Count(views.Of<TView>().Query(query), arguments, ct);

    public Task<List<T>> Rows<T>(NamedQuery query, IReadOnlyList<object?> arguments, Func<IReadOnlyList<object?>, T> shape, CancellationToken ct) =>
        reader.Rows(query, arguments, shape, ct);

    public Task<int> Execute(NamedQuery statement, IReadOnlyList<object?> arguments, CancellationToken ct) => reader.Execute(statement, arguments, ct);

    public NamedQuery Named<TView>(string query) => views.Of<TView>().Query(query);

    private static Reply<TView> Typed<TView>(ViewRow row) where TView : class =>
        new(JsonSerializer.Deserialize<TView>(row.Data, RegistryJson.Stored), row.Version, null);
}

/// <summary>A view that a page can be continued after.</summary>
public interface IIdentified
{
    Guid Id { get; }
}
