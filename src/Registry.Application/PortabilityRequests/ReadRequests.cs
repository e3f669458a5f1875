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
public sealed record CompletenessView(int Asked, int Delivered, IReadOnlyList<ColumnStanding> Items);

public sealed class GetRequestHandler(Readings readings, RequestReadings requests) : IRequestHandler<GetRequest, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(GetRequest q, CancellationToken ct) =>
        await readings.Find<RequestView>(q.Id.Value, ct) is { } found && found.View!.IsKnownTo(q.By) ? await requests.Show(found, q.By, ct) : RequestRefusals.Unknown;
}

public sealed class ListRequestsHandler(Readings readings, RequestReadings requests) : IRequestHandler<ListRequests, Reply<Page<RequestReading>>>
{
    public async Task<Reply<Page<RequestReading>>> Handle(ListRequests q, CancellationToken ct)
    {
        var items = new List<RequestReading>();
        var (asked, next) = (q.Page, (string?)"");
        while (next is not null && items.Count <= q.Page.Limit)
        {
            (var rows, next) = await readings.Page<RequestView>(q.AsPlatform ? "of_platform" : "of_representative", [q.By.Value], asked, ct);
            foreach (var row in rows.Where(r => q.Platform is null || r.View!.Matter.Platform.Value == q.Platform))
            {
                var reading = await requests.Of(row.View!, q.By, ct);
                if (q.State is null || reading.State == q.State) items.Add(reading);
            }
            asked = asked with { After = next };
        }
        return items.Count > q.Page.Limit || next is not null
            ? new Page<RequestReading>([.. items.Take(q.Page.Limit)], items.Take(q.Page.Limit).Last().Id.ToString())
            : new Page<RequestReading>(items, null);
    }
}

public sealed class GetDeadlinesHandler(Readings readings, RequestReadings requests) : IRequestHandler<GetDeadlines, Reply<DeadlinesView>>
{
    public async Task<Reply<DeadlinesView>> Handle(GetDeadlines q, CancellationToken ct)
    {
        if (await readings.View<RequestView>(q.Id.Value, ct) is not { } view || !view.IsKnownTo(q.By)) return RequestRefusals.Unknown;
        var asOf = q.AsOf ?? await requests.Today(view, ct);
        return new DeadlinesView(asOf, await requests.Deadlines(view, await requests.Columns(view, ct), asOf, ct));
    }
}

public sealed class GetCompletenessHandler(Readings readings, RequestReadings requests) : IRequestHandler<GetCompleteness, Reply<CompletenessView>>
{
    public async Task<Reply<CompletenessView>> Handle(GetCompleteness q, CancellationToken ct)
    {
        if (await readings.View<RequestView>(q.Id.Value, ct) is not { } view || !view.IsKnownTo(q.By)) return RequestRefusals.Unknown;
        var columns = await requests.Columns(view, ct);
        return new CompletenessView(columns.Sum(c => c.Counts.All), columns.Sum(c => c.Counts.Fulfilled), columns);
    }
}
