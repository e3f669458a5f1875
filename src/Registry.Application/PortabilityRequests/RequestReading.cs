using Registry.Application.Organisations;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.PortabilityRequests;

/// <param name="Count">Members in it; in a draft, those who would be.</param>
/// <param name="MerkleRoot">RFC 6962 root over the lines' ids in their order, 64 lower-case hexadecimal digits.</param>
public sealed record CohortView(int Count, string? MerkleRoot);

public sealed record NextDeadlines(DateOnly? Next, DateOnly? Last);

/// <param name="Lines">How many lines it answered.</param>
/// <param name="Late">How many came after the member had changed their mind.</param>
/// <param name="Quarantine">Rows about others, which stand apart (GDPR Art. 20(4)).</param>
public sealed record DeliveryView(
    Guid Id, string Category, string Format, string Schema, DateOnly? On, int Lines, int Late, long Bytes, long Rows, long Quarantine, string? ManifestRoot, SharedManifest? Shared);

public sealed record ExtensionView(ExtensionReason Reason, string? Explanation, DateOnly NoticeOn, DateOnly RecordedOn, int Lines, int Void);

/// <param name="Faults"><c>noReasons</c>, <c>noComplaintRoutes</c>, <c>tooLate</c>, <c>numberAlone</c>.</param>
public sealed record RefusalView(
    Guid Id, string Ground, string Reasons, IReadOnlyList<string> ComplaintRoutes, RefusalEvidence? Evidence, RefusalStanding Standing, IReadOnlyList<string> Faults, int Lines, int TooLate, DateOnly On);

public sealed record EscalationView(Guid Authority, bool IsLead, int Overdue, int Refused, int Complainants, DateOnly On);

public sealed record ErasureView(IReadOnlyList<Guid> Deliveries, ErasureScope Scope, string Method, DateOnly On);

/// <summary>The clock's event, and on whose word it stands.</summary>
public sealed record ReceiptView(DateOnly On, Guid By, ReceiptProof? Proof);

public sealed record HoldView(string Ground, DateOnly Until);

public sealed record AuditorView(Guid Organisation, DateOnly Until);

public sealed record LineRejected(Guid Line, string Reason);

/// <summary>What one act did to lines: how many it took, and why it left the others. Those that were named are told one by one.</summary>
public sealed record ActResult(Guid? Id, int Accepted, int Late, IReadOnlyList<LineRejected> Rejected, IReadOnlyList<ExcludedCount> NotTaken);

/// <summary>A request as those who may know it read it on a day. <c>lines</c> counts every (line, category, hook).</summary>
public sealed record RequestReading(
    Guid Id, string State, bool Collective, Guid Representative, Guid Platform, IReadOnlyList<string> Hooks, IReadOnlyList<string> Categories, string Purpose, string Format,
    Necessity? Necessity, Stewardship? Stewardship, DeliveryTarget? DeliverTo, int MinMembers, CohortView Cohort, IReadOnlyList<ExcludedCount> Excluded,
    DateOnly? FiledOn, DateOnly? ReceivedOn, ReceiptView? Receipt, LineCounts Lines, IReadOnlyList<OwnColumn> Own, NextDeadlines Deadlines, IReadOnlyList<DeliveryView> Deliveries,
    IReadOnlyList<ExtensionView> Extensions, IReadOnlyList<RefusalView> Refusals, IReadOnlyList<EscalationView> Escalations, IReadOnlyList<ErasureView> Erasures,
    IReadOnlyList<HoldView> Holds, IReadOnlyList<AuditorView> Auditors, DateOnly? ClosedOn, DateOnly? KeptUntil, ActResult? Result) : IIdentified, IKeptUntil
{
    [System.Text.Json.Serialization.JsonIgnore]
    public Refusal Gone => RequestRefusals.Unknown;
}

/// <summary>One deadline, shared by all lines of a category under a hook whose clocks went alike, with the walk that led to it.</summary>
/// <param name="Lines">How many of them are open.</param>
/// <param name="ReceivedOn">The event; its day is not counted.</param>
/// <param name="Unrolled">Where the period ends; null where the law sets none.</param>
/// <param name="Due">The last day, included.</param>
/// <param name="ExtendedDue">The last day where notice of an extension came in time.</param>
/// <param name="Paused">Days for which the clock stood.</param>
/// <param name="StoppedOn">Since when it stands; then the days are counted to the day asked about.</param>
/// <param name="Reason">The days that the deadline was moved over.</param>
public sealed record DeadlineView(
    string Hook, string Category, int Lines, DateOnly ReceivedOn, DateOnly? Unrolled, DateOnly? Due, DateOnly? ExtendedDue, bool Overdue, string Article,
    Bilingual Rule, IReadOnlyList<SkippedDay> Reason, int Paused, DateOnly? StoppedOn, Bilingual Explanation, string Calendar, bool Confirmed);

/// <summary>How the lines of one column stand whose clocks went alike.</summary>
public sealed record Standing(string Category, string Hook, LineClock Clock, LineCounts Counts);

/// <summary>A request with its platform and its clock, and how it stands. No clock before receipt.</summary>
public sealed record RequestOnTheDay(PortabilityRequest Facts, IReadOnlyList<Standing> Standing, OrganisationView Platform, RequestClock? Clock, DateOnly AsOf);

/// <summary>Reads a request with its lines and deadlines on a day.</summary>
public sealed class RequestReadings(Ledger ledger, Readings readings, Law law, LegalTime clock)
{
    private readonly Dictionary<OrganisationId, OrganisationView> platforms = [];

    /// <summary>A page of requests; their blocks are read in one question.</summary>
    public async Task<IReadOnlyList<RequestReading>> Of(IReadOnlyList<RequestView> views, OrganisationId reader, CancellationToken ct)
    {
        var blocks = await Blocks([.. views.SelectMany(v => v.Blocks)], ct);
        var read = new List<RequestReading>();
        foreach (var view in views) read.Add(Of(view, await Day(view, view.Facts.Own.Count > 0 ? OwnStanding(view.Facts) : Together(blocks[view.Id]), null, ct), reader, null));
        return read;
    }

    private async Task<RequestReading> Of(RequestView view, OrganisationId reader, ActResult? result, long? position, CancellationToken ct) =>
        Of(view, await Day(view, position is { } then ? await StandingAt(view.Facts, then, ct) : await Standing(view, ct), null, ct), reader, result);

    private RequestReading Of(RequestView view, RequestOnTheDay day, OrganisationId reader, ActResult? result)
    {
        var (facts, standing) = (view.Facts, day.Standing);
        var open = standing.Where(s => s.Counts.Open > 0).Select(s => Last(day, s)).OfType<DateOnly>().Order().ToList();
        var counts = standing.Aggregate(LineCounts.None, (sum, s) => sum + s.Counts);
        var m = facts.Matter;
        var theirs = m.Platform == reader; // what the union plans is not the platform's to read
        return new RequestReading(
            view.Id, RequestState.On(theirs ? facts with { Escalations = [] } : facts, counts, standing.Any(s => IsOverdue(day, s))), facts.IsCollective,
            m.Representative.Value, m.Platform.Value, m.Hooks, m.Categories, m.Purpose, m.Format, m.Necessity, m.Stewardship, m.DeliverTo, m.MinMembers,
            new CohortView(facts.Filed?.Count ?? facts.Preview.Eligible, facts.Filed?.MerkleRoot), m.Representative == reader ? facts.Filed?.Excluded ?? facts.Preview.Excluded : [],
            view.FiledOn, view.ReceivedOn, facts.Received is { } received ? new ReceiptView(received.ReceivedOn, received.By.Value, received.Proof) : null, facts.Own.Count > 0 ? LineCounts.None : facts.Closed?.Lines ?? counts, facts.Own, new NextDeadlines(open.Count > 0 ? open[0] : null, open.Count > 0 ? open[^1] : null),
            [.. facts.Deliveries.Select(d => new DeliveryView(d.Delivery.Value, d.Category, d.Format, d.Schema, d.On, d.Lines, d.Late, d.Bytes, d.Rows, d.Quarantine, d.ManifestRoot, d.Shared))],
            [.. facts.Extensions.Select(e => new ExtensionView(e.Reason, e.Explanation, e.NoticeOn, e.On, e.Lines, e.Void))],
            [.. facts.Refusals.Select(r => new RefusalView(r.Refusal.Value, r.Ground, r.Reasons, r.ComplaintRoutes, r.Evidence, r.Standing, r.Faults, r.Lines, r.TooLate, r.On))],
            theirs ? [] : [.. facts.Escalations.Select(e => new EscalationView(e.Authority.Value, e.IsLead, e.Overdue, e.Refused, e.Complainants, e.On))],
            theirs ? [] : [.. facts.Erasures.Select(e => new ErasureView([.. e.Deliveries.Select(d => d.Value)], e.Scope, e.Method, e.On))],
            theirs ? [] : [.. facts.Holds.Select(h => new HoldView(h.Ground, h.Until))], theirs ? [] : [.. facts.Auditors.Select(a => new AuditorView(a.Auditor.Value, a.Until))],
            facts.Closed?.On, theirs ? null : view.KeptUntil, result);
    }

    public async Task<Reply<RequestReading>> Show(Reply<RequestView> reply, OrganisationId reader, CancellationToken ct, ActResult? result = null)
    {
        if (reply.View is null) return reply.Refused!;
        // A repeated call is shown the request as it stood at that version, its lines too.
        long? position = reply.Replayed ? await ledger.PositionOf(reply.View.Id, reply.Revision, ct) : null;
        var reading = await Of(reply.View, reader, reply.Replayed ? null : result, position, ct);
        return reply.As(_ => reading);
    }

    /// <summary>The day it is where the platform must answer.</summary>
    public async Task<DateOnly> Today(RequestView view, CancellationToken ct) => clock.Today((await Platform(view, ct)).Country);

    /// <summary>The request without its lines, today or on a day.</summary>
    public Task<RequestOnTheDay> Day(RequestView view, CancellationToken ct) => Day(view, [], null, ct);

    public async Task<IReadOnlyList<Standing>> Standing(RequestView view, CancellationToken ct) =>
        view.Facts.Own.Count > 0 ? OwnStanding(view.Facts) : Together((await Blocks(view.Blocks, ct))[view.Id]);

    /// <summary>
    /// As it stood on a day, from what had been done by its end. A receipt counts from the day that it names, also where that
    /// was proved later: whether a day was overdue does not depend on when one asks.
    /// </summary>
    public async Task<RequestOnTheDay> On(RequestView view, DateOnly asOf, CancellationToken ct)
    {
        if (asOf >= await Today(view, ct)) return await Day(view, await Standing(view, ct), asOf, ct);
        var (platform, standing) = (await Platform(view, ct), new List<LineBlock>());
        foreach (var block in view.Blocks)
        {
            var happened = (await ledger.Events<LineBlockEvent>(block, ct)).Where(e => clock.DayOf(e.At, platform.Country) <= asOf);
            if (happened.Aggregate((LineBlock?)null, LineBlock.Evolve) is { } lines) standing.Add(lines);
        }
        var facts = FactsOn(view, await ledger.Events<RequestEvent>(view.Id, ct), platform, asOf);
        var own = facts.Own.Count > 0 ? OwnStanding(facts) : Together(standing.Select(b => (b.Columns, b.Groups())));
        return new RequestOnTheDay(facts, own, platform, Clock(facts, platform), asOf);
    }

    private PortabilityRequest FactsOn(RequestView view, IEnumerable<RequestEvent> events, OrganisationView platform, DateOnly asOf) => events
        .Where(e => e is RequestDrafted || clock.DayOf(e.At, platform.Country) <= asOf || (e is RequestReceived && view.ReceivedOn <= asOf)).Aggregate((PortabilityRequest?)null, PortabilityRequest.Evolve)!;

    public IReadOnlyList<DeadlineView> Deadlines(RequestOnTheDay day)
    {
        if (day.Clock is not { } requestClock) return [];
        return [.. day.Standing.Select(s => One(day, s, requestClock, law.Hooks.Find(s.Hook)!))];
    }

    /// <summary>
    /// What had no answer at the end of a last day, for each such day: it stays shown once everything was answered. Each block
    /// is read once and followed from day to day.
    /// </summary>
    public async Task<IReadOnlyList<LateCount>> Late(RequestView view, CancellationToken ct)
    {
        if (view.Facts.Closed is { Late: { } kept }) return kept;
        var now = await Day(view, await Standing(view, ct), null, ct);
        var days = now.Standing.Select(s => Last(now, s)).OfType<DateOnly>().Distinct().Order().Where(due => due < now.AsOf).ToList();
        if (days.Count == 0) return [];
        var happened = await ledger.Events<RequestEvent>(view.Id, ct);
        var ended = days.Select(due => FactsOn(view, happened, now.Platform, due)).Select((facts, i) => new RequestOnTheDay(facts, [], now.Platform, Clock(facts, now.Platform), days[i].AddDays(1))).ToList();
        var late = new Dictionary<(DateOnly Due, string Category, string Hook), int>();
        foreach (var block in view.Blocks) Follow(await ledger.Events<LineBlockEvent>(block, ct), days, ended, late);
        return [.. late.OrderBy(l => l.Key.Due).Select(l => new LateCount(l.Key.Category, l.Key.Hook, l.Key.Due, l.Value))];
    }

    private void Follow(IReadOnlyList<LineBlockEvent> events, List<DateOnly> days, List<RequestOnTheDay> ended, Dictionary<(DateOnly, string, string), int> late)
    {
        var (lines, next) = ((LineBlock?)null, 0);
        for (var i = 0; i < days.Count; i++)
        {
            for (; next < events.Count && clock.DayOf(events[next].At, ended[i].Platform.Country) <= days[i]; next++) lines = LineBlock.Evolve(lines, events[next]);
            foreach (var group in lines?.Groups() ?? [])
            {
                var column = lines!.Columns[group.Column];
                var standing = new Standing(column.Category, column.Hook, group.Clock, group.Counts);
                if (!IsOverdue(ended[i], standing) || Last(ended[i], standing) != days[i]) continue;
                late[(days[i], column.Category, column.Hook)] = late.GetValueOrDefault((days[i], column.Category, column.Hook)) + group.Counts.Open;
            }
        }
    }

    public int Overdue(RequestOnTheDay day) => day.Standing.Where(s => IsOverdue(day, s)).Sum(s => s.Counts.Open);

    /// <summary>The last day of a line, by how its own clock went.</summary>
    private DateOnly? Last(RequestOnTheDay day, Standing standing) => day.Clock?.Last(law.Hooks.Find(standing.Hook)!, standing.Clock, day.AsOf)?.Due;

    /// <summary>The same for a line: most clocks went alike, and each is counted once.</summary>
    public DateOnly? Last(RequestOnTheDay day, LineColumn column, LineClock line) => day.Clock?.Last(law.Hooks.Find(column.Hook)!, line, day.AsOf)?.Due;

    public async Task<OrganisationView> Platform(RequestView view, CancellationToken ct)
    {
        if (!platforms.TryGetValue(view.Matter.Platform, out var platform)) platforms[view.Matter.Platform] = platform = (await readings.View<OrganisationView>(view.Matter.Platform.Value, ct))!;
        return platform;
    }

    private async Task<RequestOnTheDay> Day(RequestView view, IReadOnlyList<Standing> standing, DateOnly? asOf, CancellationToken ct)
    {
        var platform = await Platform(view, ct);
        return new RequestOnTheDay(view.Facts, standing, platform, Clock(view.Facts, platform), asOf ?? clock.Today(platform.Country));
    }

    /// <summary>The calendar is that of the place where the act is due: the platform's (Regulation 1182/71 Art. 2).</summary>
    private RequestClock? Clock(PortabilityRequest facts, OrganisationView platform) =>
        facts.Received is { } received ? new RequestClock(received.ReceivedOn, law.Calendars.At(platform.Country, platform.Subdivision)) : null;

    private bool IsOverdue(RequestOnTheDay day, Standing standing) =>
        standing.Counts.Open > 0 && day.Facts is { Withdrawn: null, Closed: null } && day.Clock?.IsOverdue(law.Hooks.Find(standing.Hook)!, standing.Clock, day.AsOf) == true;

    private DeadlineView One(RequestOnTheDay day, Standing standing, RequestClock requestClock, Hook hook)
    {
        var (first, extended) = (requestClock.First(hook, standing.Clock, day.AsOf), requestClock.Extended(hook, standing.Clock, day.AsOf));
        var calendar = requestClock.Calendar;
        return new DeadlineView(
            standing.Hook, standing.Category, standing.Counts.Open, requestClock.ReceivedOn, first?.Unrolled, first?.Due, extended?.Due, IsOverdue(day, standing), hook.Article, hook.DeadlineRule,
            first?.Skipped ?? [], first?.Paused ?? 0, requestClock.Stands(hook, standing.Clock) ? standing.Clock.StoppedOn : null, DeadlineWords.Of(requestClock, hook, standing.Clock, day.AsOf), calendar.Name, hook.Confirmed && calendar.Confirmed);
    }

    private async Task<IReadOnlyList<Standing>> StandingAt(PortabilityRequest facts, long position, CancellationToken ct)
    {
        if (facts.Own.Count > 0) return OwnStanding(facts);
        var blocks = new List<LineBlock>();
        foreach (var id in facts.Blocks)
        {
            if (await ledger.Load<LineBlock, LineBlockEvent>(id, ct, position) is { } block) blocks.Add(block);
        }
        return Together(blocks.Select(b => (b.Columns, b.Groups())));
    }

    private async Task<ILookup<Guid, (IReadOnlyList<LineColumn>, IReadOnlyList<LineGroup>)>> Blocks(IReadOnlyList<Guid> blocks, CancellationToken ct) =>
        (blocks.Count == 0 ? [] : await readings.Query<LineBlockView>("of_blocks", [blocks.ToArray()], ct)).Select(b => b.View!).ToLookup(b => b.Request, b => (b.Columns, b.Groups));

    private static Standing[] Together(IEnumerable<(IReadOnlyList<LineColumn> Columns, IReadOnlyList<LineGroup> Groups)> blocks) =>
    [
        .. blocks.SelectMany(b => b.Groups.Select(g => (g.Column, b.Columns[g.Column].Category, b.Columns[g.Column].Hook, g.Clock, g.Counts)))
            .GroupBy(g => (g.Column, g.Category, g.Hook, g.Clock))
            .OrderBy(g => g.Key.Column).ThenBy(g => g.Key.Clock.Paused).ThenBy(g => g.Key.Clock.StoppedOn).ThenBy(g => g.Key.Clock.ExtendedOn)
            .Select(g => new Standing(g.Key.Category, g.Key.Hook, g.Key.Clock, g.Aggregate(LineCounts.None, (sum, c) => sum + c.Counts))),
    ];

    private static Standing[] OwnStanding(PortabilityRequest facts) =>
        [.. facts.Own.Select(own => new Standing(own.Column.Category, own.Column.Hook, LineClock.Running, LineCounts.Of([own.State])))];
}
