using Registry.Application.Organisations;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

public sealed record CohortView(int Count, string? MerkleRoot);

public sealed record NextDeadlines(DateOnly? Next, DateOnly? Last);

public sealed record RejectedLine(Guid Line, string Reason);

/// <summary>What became of one delivery: how many lines it answered, and why it did not answer the others.</summary>
public sealed record DeliveryOutcome(Guid Id, int Accepted, IReadOnlyList<RejectedLine> Rejected);

/// <summary>A request as its union and its platform read it on a day. <c>lines</c> counts every (line, category, hook).</summary>
public sealed record RequestReading(
    Guid Id, string State, Guid Representative, Guid Platform, IReadOnlyList<string> Hooks, IReadOnlyList<string> Categories, string Purpose, string Format,
    Necessity? Necessity, Stewardship? Stewardship, DeliveryTarget? DeliverTo, int MinMembers, CohortView Cohort, IReadOnlyList<ExcludedCount> Excluded,
    DateOnly? FiledOn, DateOnly? ReceivedOn, LineCounts Lines, NextDeadlines Deadlines, IReadOnlyList<DeliveryView> Deliveries, DeliveryOutcome? Delivery) : IIdentified;

/// <summary>One deadline, shared by all lines of a category under a hook, with the walk that led to it.</summary>
public sealed record DeadlineView(
    string Hook, string Category, int Lines, DateOnly ReceivedOn, DateOnly Unrolled, DateOnly Due, DateOnly? ExtendedDue, bool Overdue, string Article,
    string Rule, IReadOnlyList<SkippedDay> Reason, string Calendar, bool Confirmed);

/// <summary>How the lines of one column stand.</summary>
public sealed record ColumnStanding(string Category, string Hook, LineCounts Counts);

/// <summary>Reads a request with its lines and deadlines on a day.</summary>
public sealed class RequestReadings(Ledger ledger, Readings readings, Law law, LegalTime clock)
{
    /// <summary>Why others have no place in it is told to its union only.</summary>
    public async Task<RequestReading> Of(RequestView view, OrganisationId reader, CancellationToken ct, DeliveryOutcome? delivery = null, long? position = null)
    {
        var asOf = await Today(view, ct);
        var columns = position is { } then ? await ColumnsAt(view, then, ct) : await Columns(view, ct);
        var deadlines = await Deadlines(view, columns, asOf, ct);
        var open = deadlines.Where(d => d.Lines > 0).Select(d => (DateOnly?)d.Due).Order().ToList();
        var lines = columns.Aggregate(LineCounts.None, (sum, c) => sum + c.Counts);
        var m = view.Matter;
        return new RequestReading(
            view.Id, RequestState.On(view.FiledOn is not null, view.ReceivedOn is not null, view.Acknowledged, lines, deadlines.Any(d => d.Overdue)),
            m.Representative.Value, m.Platform.Value, m.Hooks, m.Categories, m.Purpose, m.Format, m.Necessity, m.Stewardship, m.DeliverTo, m.MinMembers,
            new CohortView(view.Count, view.MerkleRoot), m.Representative == reader ? view.Excluded : [], view.FiledOn, view.ReceivedOn, lines,
            new NextDeadlines(open.FirstOrDefault(), open.LastOrDefault()), view.Deliveries, delivery);
    }

    public async Task<Reply<RequestReading>> Show(Reply<RequestView> reply, OrganisationId reader, CancellationToken ct, DeliveryOutcome? delivery = null)
    {
        if (reply.View is null) return reply.Refused!;
        // A repeated call is shown the request as it stood at that version, its lines too.
        long? position = reply.Replayed ? await ledger.PositionOf(reply.View.Id, reply.Revision, ct) : null;
        var reading = await Of(reply.View, reader, ct, reply.Replayed ? null : delivery, position);
        return reply.As(_ => reading);
    }

    /// <summary>The day it is where the platform must answer.</summary>
    public async Task<DateOnly> Today(RequestView view, CancellationToken ct) => clock.Today((await Platform(view, ct))?.Country ?? "EU");

    public async Task<IReadOnlyList<ColumnStanding>> Columns(RequestView view, CancellationToken ct)
    {
        if (view.Blocks.Count == 0) return [];
        var blocks = await readings.Query<LineBlockView>("of_blocks", [view.Blocks.ToArray()], ct);
        return
        [
            .. blocks.Select(b => b.View!).SelectMany(b => b.Columns.Zip(b.Counts)).GroupBy(c => c.First)
                .Select(g => new ColumnStanding(g.Key.Category, g.Key.Hook, g.Aggregate(LineCounts.None, (sum, c) => sum + c.Second))),
        ];
    }

    private async Task<IReadOnlyList<ColumnStanding>> ColumnsAt(RequestView view, long position, CancellationToken ct)
    {
        var standing = new Dictionary<LineColumn, LineCounts>();
        foreach (var id in view.Blocks)
        {
            var block = await ledger.Load<LineBlock, LineBlockEvent>(id, ct, position);
            foreach (var (column, index) in block!.Columns.Select((column, index) => (column, index)))
            {
                standing[column] = standing.GetValueOrDefault(column, LineCounts.None) + LineCounts.Of(block.Lines.Select(l => l.States[index]));
            }
        }
        return [.. standing.Select(s => new ColumnStanding(s.Key.Category, s.Key.Hook, s.Value))];
    }

    /// <summary>The calendar is that of the state where the act is due: the platform's (Regulation 1182/71 Art. 2).</summary>
    public async Task<IReadOnlyList<DeadlineView>> Deadlines(RequestView view, IReadOnlyList<ColumnStanding> columns, DateOnly asOf, CancellationToken ct)
    {
        if (view.ReceivedOn is not { } received) return [];
        var platform = await Platform(view, ct);
        var calendar = law.Calendars.At(platform?.Country ?? "EU", platform?.Subdivision);
        return [.. columns.Select(c => One(c, law.Hooks.Find(c.Hook)!, Deadline.Procedural(received, law.Hooks.Find(c.Hook)!.Answer, calendar), asOf, calendar))];
    }

    private static DeadlineView One(ColumnStanding column, Hook hook, Deadline deadline, DateOnly asOf, HolidayCalendar calendar) => new(
        column.Hook, column.Category, column.Counts.Open, deadline.Event, deadline.Unrolled, deadline.Due, null,
        column.Counts.Open > 0 && deadline.IsOverdue(asOf), hook.Article, hook.DeadlineRule, deadline.Skipped, calendar.Name, hook.Confirmed && calendar.Confirmed);

    private Task<OrganisationView?> Platform(RequestView view, CancellationToken ct) => readings.View<OrganisationView>(view.Matter.Platform.Value, ct);
}
