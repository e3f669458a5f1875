using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

public sealed record GetRequest(RequestId Id, OrganisationId By) : IRequest<Reply<RequestReading>>;

/// <summary>A union's requests, or a platform's inbox.</summary>
public sealed record ListRequests(OrganisationId By, bool AsPlatform, string? State, Guid? Platform, PageAsked Page) : IRequest<Reply<Page<RequestReading>>>;

public sealed record GetDeadlines(RequestId Id, OrganisationId By, DateOnly? AsOf) : IRequest<Reply<DeadlinesView>>;

public sealed record DeadlinesView(DateOnly AsOf, IReadOnlyList<DeadlineView> Items);

public sealed record GetCompleteness(RequestId Id, OrganisationId By) : IRequest<Reply<CompletenessView>>;

/// <summary>What was asked against what was delivered, for each category under each hook.</summary>
/// <param name="Asked">Every (line, category, hook) that was asked.</param>
/// <param name="Delivered">Of these, what was delivered and not found wanting.</param>
/// <param name="Missing">What may still be answered.</param>
/// <param name="Refused">What was refused.</param>
/// <param name="Unmatched">Whose holder was not found.</param>
public sealed record CompletenessView(int Asked, int Delivered, int Missing, int Refused, int Unmatched, IReadOnlyList<ColumnStanding> Items);

/// <summary>How the lines of one column stand.</summary>
public sealed record ColumnStanding(string Category, string Hook, LineCounts Counts);

public sealed class GetRequestHandler(Readings readings, RequestReadings requests) : IRequestHandler<GetRequest, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(GetRequest q, CancellationToken ct) =>
        await readings.Find<RequestView>(q.Id.Value, ct) is { View: { } view } found && await requests.Today(view, ct) is var today && view.Facts.IsReadBy(q.By, today) && !(view.KeptUntil < today) ? await requests.Show(found, q.By, ct) : RequestRefusals.Unknown;
}

public sealed class ListRequestsHandler(Readings readings, RequestReadings requests, LegalTime clock) : IRequestHandler<ListRequests, Reply<Page<RequestReading>>>
{
    /// <summary>States are computed: so many requests are looked at for one page, and the next goes on from there.</summary>
    private const int LookedAt = 1_000;

    public async Task<Reply<Page<RequestReading>>> Handle(ListRequests q, CancellationToken ct)
    {
        var (items, asked, next, seen) = (new List<RequestReading>(), q.Page, (string?)"", 0);
        while (next is not null && items.Count < q.Page.Limit && seen < LookedAt)
        {
            (var rows, next) = await readings.Page<RequestView>(q.AsPlatform ? "of_platform" : "of_representative", [q.By.Value], asked, ct);
            var last = rows.Count == 0 ? Guid.Empty : rows[^1].View!.Id;
            foreach (var reading in await requests.Of([.. rows.Select(r => r.View!).Where(v => (q.Platform is null || v.Matter.Platform.Value == q.Platform) && !(v.KeptUntil < clock.Today("EU")))], q.By, ct))
            {
                if (q.State is not null && reading.State != q.State) continue;
                items.Add(reading);
                if (items.Count == q.Page.Limit && (reading.Id != last || next is not null)) return new Page<RequestReading>(items, reading.Id.ToString());
            }
            seen += rows.Count;
            asked = asked with { After = next };
        }
        return new Page<RequestReading>(items, next);
    }
}

public sealed class GetDeadlinesHandler(Readings readings, RequestReadings requests) : IRequestHandler<GetDeadlines, Reply<DeadlinesView>>
{
    public async Task<Reply<DeadlinesView>> Handle(GetDeadlines q, CancellationToken ct)
    {
        if (await readings.View<RequestView>(q.Id.Value, ct) is not { } view) return RequestRefusals.Unknown;
        var today = await requests.Today(view, ct);
        if (!view.Facts.IsReadBy(q.By, today) || view.KeptUntil < today) return RequestRefusals.Unknown;
        var asOf = q.AsOf ?? today;
        return new DeadlinesView(asOf, requests.Deadlines(await requests.On(view, asOf, ct)));
    }
}

public sealed class GetCompletenessHandler(Readings readings, RequestReadings requests) : IRequestHandler<GetCompleteness, Reply<CompletenessView>>
{
    public async Task<Reply<CompletenessView>> Handle(GetCompleteness q, CancellationToken ct)
    {
        if (await readings.View<RequestView>(q.Id.Value, ct) is not { } view) return RequestRefusals.Unknown;
        var today = await requests.Today(view, ct);
        if (!view.Facts.IsReadBy(q.By, today) || view.KeptUntil < today) return RequestRefusals.Unknown;
        var columns = (await requests.Standing(view, ct)).GroupBy(s => (s.Category, s.Hook))
            .Select(g => new ColumnStanding(g.Key.Category, g.Key.Hook, g.Aggregate(LineCounts.None, (sum, s) => sum + s.Counts))).ToList();
        return new CompletenessView(columns.Sum(c => c.Counts.All), columns.Sum(c => c.Counts.Fulfilled), columns.Sum(c => c.Counts.Open), columns.Sum(c => c.Counts.Refused), columns.Sum(c => c.Counts.Unmatched), columns);
    }
}
