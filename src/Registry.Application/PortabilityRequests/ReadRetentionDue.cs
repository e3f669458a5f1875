using MediatR;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>Which deliveries a union must have destroyed by a day, and has not shown to have.</summary>
public sealed record ReadRetentionDue(OrganisationId By, DateOnly? On, PageAsked Page) : IRequest<Reply<Page<ErasureDue>>>;

/// <param name="Why"><c>retentionEnds</c>: what the union promised; <c>withdrawn</c>: members took their mandate back; <c>late</c>: it came after they had.</param>
/// <param name="Due">The last day.</param>
/// <param name="Late">That day is over.</param>
/// <param name="HeldUntil">A claim lets it be kept that long.</param>
public sealed record ErasureDue(Guid Request, Guid Delivery, string Category, string Why, int Lines, DateOnly Due, bool Late, DateOnly? HeldUntil);

public sealed class ReadRetentionDueHandler(Readings readings, RequestReadings requests) : IRequestHandler<ReadRetentionDue, Reply<Page<ErasureDue>>>
{
    public async Task<Reply<Page<ErasureDue>>> Handle(ReadRetentionDue q, CancellationToken ct)
    {
        var (items, page) = (new List<ErasureDue>(), q.Page with { Limit = 200 });
        while (true)
        {
            var (rows, next) = await readings.Page<RequestView>("of_representative", [q.By.Value], page, ct);
            var views = rows.Select(r => r.View!).Where(v => v.Facts.Deliveries.Count > 0).ToList();
            var blocks = (await readings.Query<LineBlockView>("of_blocks", [views.SelectMany(v => v.Blocks).ToArray()], ct)).Select(b => b.View!).ToLookup(b => b.Request);
            foreach (var view in views) items.AddRange(Of(view, blocks[view.Id], q.On ?? await requests.Today(view, ct)));
            if (next is null) return new Page<ErasureDue>(items, null);
            if (items.Count >= q.Page.Limit) return new Page<ErasureDue>(items, next); // whole requests: a page may be longer than asked
            page = page with { After = next };
        }
    }

    private static IEnumerable<ErasureDue> Of(RequestView view, IEnumerable<LineBlockView> blocks, DateOnly on)
    {
        var counts = blocks.SelectMany(b => b.Deliveries).Where(d => d.ToRepresentative);
        return counts.GroupBy(d => (d.Delivery, d.Late, d.WithdrawnOn)).SelectMany(g => Items(view.Facts, g.Key, g.First().On, g.Sum(d => d.Lines), on)).OrderBy(d => d.Due);
    }

    private static IEnumerable<ErasureDue> Items(PortabilityRequest facts, (Guid Delivery, bool Late, DateOnly? WithdrawnOn) key, DateOnly deliveredOn, int lines, DateOnly on)
    {
        var (why, scope, from, due) = key switch
        {
            { Late: true } => ("late", ErasureScope.Late, deliveredOn, deliveredOn.AddDays(Requesting.ErasureDays)),
            { WithdrawnOn: { } withdrawn } => ("withdrawn", ErasureScope.Withdrawn, withdrawn, withdrawn.AddDays(Requesting.ErasureDays)),
            _ => ("retentionEnds", ErasureScope.All, deliveredOn, Promised(facts).After(deliveredOn)),
        };
        var held = key.Late ? null : facts.HeldUntil; // nothing lets that be kept which never should have come
        var last = held > due ? held.Value : due;
        var shown = facts.Erasures.Any(e => e.Deliveries.Contains(new DeliveryId(key.Delivery)) && (e.Scope == scope || e.Scope == ErasureScope.All) && e.On >= from);
        if (shown || last > on) yield break;
        yield return new ErasureDue(facts.Id.Value, key.Delivery, facts.Delivery(new DeliveryId(key.Delivery))!.Category, why, lines, last, on > last, held);
    }

    private static Period Promised(PortabilityRequest facts) => Period.Parse(facts.Matter.Stewardship?.Retention ?? $"P{Requesting.LongestRetentionMonths}M")!;
}
