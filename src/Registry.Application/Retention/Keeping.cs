using System.Text.Json;
using MediatR;
using Registry.Application.Instance;
using Registry.Application.Mandates;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Instances;
using Registry.Domain.Mandates;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.Application.Retention;

/// <summary>What is to be dropped, before it is.</summary>
/// <param name="Kind"><c>vaultRow</c>, <c>mandate</c>, <c>invitation</c>, <c>lines</c> (of so many requests) or <c>request</c>.</param>
/// <param name="Representative">Whose, where it is a mandate.</param>
/// <param name="KeptUntil">The last day on which it is kept; null where each has its own.</param>
public sealed record DueView(string Kind, Guid? Representative, DateOnly? KeptUntil, int Count);

/// <summary>What will have been dropped by a day.</summary>
public sealed record ReadDue(DateOnly? On) : IRequest<Reply<Page<DueView>>>;

public sealed class ReadDueHandler(RegistryInstance instance) : IRequestHandler<ReadDue, Reply<Page<DueView>>>
{
    public async Task<Reply<Page<DueView>>> Handle(ReadDue q, CancellationToken ct) => new Page<DueView>(await instance.Keeping.Due(q.On ?? instance.Clock.Today("EU"), ct), null);
}

/// <summary>
/// Drops by the table of retention what has been kept long enough, by the legal clock: names in the vault thirty days after a
/// person's last mandate, mandates with their uses five years after their end, codes that nobody took up, the lines of a
/// request a year after its closure or at the end of a hold, and the rest of it after five. Streams are blanked by the role
/// that alone may; their places and leaves stay. Run again it goes on where it was stopped.
/// </summary>
public sealed class Keeping(ViewReader reader, ViewCatalogue views, EventLog log, EventCatalogue events, Eraser? eraser, Action rewriteSoon, LegalTime clock)
{
    private const int AtOnce = 500, Most = 1_000_000;

    public const string VaultRows = "vaultRow", Mandates = "mandate", Invitations = "invitation", Lines = "lines", Requests = "request";

    private View Vault => views.Side("Vault");

    private View MandateRows => views.Of<MandateRow>();

    private View RequestRows => views.Of<RequestView>();

    private View Blocks => views.Of<LineBlockView>();

    public async Task<IReadOnlyList<DueView>> Due(DateOnly on, CancellationToken ct)
    {
        var due = new List<DueView>();
        foreach (var day in (await VaultDue(on, Most, ct)).GroupBy(row => row.Until)) due.Add(new DueView(VaultRows, null, day.Key.AddDays(MandatePolicy.VaultDays), day.Count()));
        due.AddRange(await reader.Rows(MandateRows.Query("due_counts"), [OverBefore(on)], row =>
            new DueView(Mandates, (Guid)row[0]!, LegalDates.Parse((string)row[1]!)!.Value.AddYears(MandatePolicy.YearsKept), (int)(long)row[2]!), ct));
        if (await reader.Count(MandateRows.Query("invitations_due"), [LegalDates.Text(on)], ct) is > 0 and var codes) due.Add(new DueView(Invitations, null, null, (int)codes));
        due.AddRange(await DueRequests("lines_due", Lines, on, view => view.LinesUntil, ct));
        due.AddRange(await DueRequests("requests_due", Requests, on, view => view.KeptUntil, ct));
        return due;
    }

    public async Task Apply(CancellationToken ct)
    {
        var today = clock.Today("EU");
        foreach (var purge in new[] { "purge_accounts_of_closed", "purge_answers_of_closed" })
        {
            if (await reader.Execute(Blocks.Query(purge), [], ct) > 0) rewriteSoon(); // a closure was stopped in the middle
        }
        if (eraser is not null) await DropRequests(today, eraser, ct);
        while (await VaultDue(today, AtOnce, ct) is { Count: > 0 } rows)
        {
            var members = rows.Select(r => r.Member).ToArray();
            var blanked = await reader.Execute(Vault.Query("blank"), [members, NamesOverBefore(today)], ct);
            foreach (var gone in new[] { "erase_accounts", "erase_answers", "erase_claims", "erase_invitations" }) await reader.Execute(Vault.Query(gone), [members], ct);
            if (blanked == 0) break; // another node was quicker, or somebody has given a mandate since
            rewriteSoon();
            await Tell(VaultRows, blanked, today.AddDays(-1), ct);
        }
        while (eraser is not null && await MandatesDue(today, ct) is { Count: > 0 } mandates)
        {
            var dropped = 0;
            foreach (var (id, version, member) in mandates) dropped += await Drop(id, version, member, eraser, ct) ? 1 : 0;
            if (dropped == 0) return; // all of them have moved on: tomorrow again
            await Tell(Mandates, dropped, today.AddDays(-1), ct);
        }
        if (await reader.Execute(MandateRows.Query("drop_old_invitations"), [LegalDates.Text(today)], ct) is > 0 and var codes) await Tell(Invitations, codes, today.AddDays(-1), ct);
    }

    private async Task DropRequests(DateOnly today, Eraser by, CancellationToken ct)
    {
        await DropBlocks(await reader.Query(Blocks.Query("orphans"), [], ct), by, ct);
        foreach (var (request, _) in await RequestsDue("lines_due", today, ct))
        {
            if (await DropBlocks(await reader.Query(Blocks.Query("of_request"), [request.Id], ct), by, ct)) await Tell(Lines, 1, today.AddDays(-1), ct);
        }
        foreach (var (request, version) in await RequestsDue("requests_due", today, ct))
        {
            if (!await IsGone(by, request.Id, version, ct)) continue;
            await reader.Execute(RequestRows.Query("drop_uses_of_request"), [request.Id], ct);
            await reader.Execute(RequestRows.Query("drop"), [request.Id], ct);
            await Tell(Requests, 1, today.AddDays(-1), ct);
        }
    }

    /// <summary>The streams first: what is left of a block that was stopped in the middle is found by its row. False where one has moved on: tomorrow again.</summary>
    private async Task<bool> DropBlocks(IEnumerable<ViewRow> blocks, Eraser by, CancellationToken ct)
    {
        var all = true;
        foreach (var block in blocks)
        {
            if (!await IsGone(by, block.Id, block.Version, ct))
            {
                all = false;
                continue;
            }
            await reader.Execute(RequestRows.Query("drop_lines"), [block.Id], ct);
            await reader.Execute(RequestRows.Query("drop_block"), [block.Id], ct);
        }
        return all;
    }

    /// <summary>Blanked now or before; false where something was said meanwhile.</summary>
    private async Task<bool> IsGone(Eraser by, Guid stream, long version, CancellationToken ct) => await by.Erase(stream, version, ct) || (await log.FetchStream(stream, ct)).Version == 0;

    private async Task<List<(RequestView View, long Version)>> RequestsDue(string query, DateOnly on, CancellationToken ct) =>
        [.. (await reader.Query(RequestRows.Query(query), [LegalDates.Text(on), AtOnce], ct)).Select(row => (JsonSerializer.Deserialize<RequestView>(row.Data, RegistryJson.Stored)!, row.Version))];

    private async Task<IEnumerable<DueView>> DueRequests(string query, string kind, DateOnly on, Func<RequestView, DateOnly?> until, CancellationToken ct) =>
        (await RequestsDue(query, on, ct)).GroupBy(r => (r.View.Matter.Representative, Until: until(r.View))).Select(g => new DueView(kind, g.Key.Representative.Value, g.Key.Until, g.Count()));

    /// <summary>The stream first: what is left of a mandate that was stopped in the middle is found by its row.</summary>
    private async Task<bool> Drop(Guid mandate, long version, Guid member, Eraser by, CancellationToken ct)
    {
        if (!await IsGone(by, mandate, version, ct)) return false;
        await reader.Execute(MandateRows.Query("drop_uses"), [mandate.ToString()], ct);
        await reader.Execute(MandateRows.Query("drop_from_uses"), [mandate], ct);
        await reader.Execute(MandateRows.Query("drop_claims"), [mandate], ct);
        var dropped = await reader.Execute(MandateRows.Query("drop"), [mandate], ct) == 1; // and not by another node a moment ago
        await reader.Execute(Vault.Query("drop_blank"), [member], ct);
        return dropped;
    }

    private Task<List<(Guid Id, long Version, Guid Member)>> MandatesDue(DateOnly on, CancellationToken ct) =>
        reader.Rows(MandateRows.Query("due"), [OverBefore(on), AtOnce], row => ((Guid)row[0]!, (long)row[1]!, (Guid)row[2]!), ct);

    private Task<List<(Guid Member, DateOnly Until)>> VaultDue(DateOnly on, int most, CancellationToken ct) =>
        reader.Rows(Vault.Query("due"), [NamesOverBefore(on), most], row => ((Guid)row[0]!, LegalDates.Parse((string)row[1]!)!.Value), ct);

    private static string NamesOverBefore(DateOnly on) => LegalDates.Text(on.AddDays(-MandatePolicy.VaultDays));

    private static string OverBefore(DateOnly on) => LegalDates.Text(on.AddYears(-MandatePolicy.YearsKept));

    private Task<Appended> Tell(string kind, int count, DateOnly until, CancellationToken ct) => log.Append(
        new Append(new AppendContext(clock.Now, """{"actor": "registry"}""", null, "retention")).AppendTo(
            NewIds.Named("instance"), "instance", Append.AnyVersion, events.Store(new RecordsDropped(kind, count, until, clock.Now))), ct);
}
