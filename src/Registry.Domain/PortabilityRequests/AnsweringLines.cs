using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;

namespace Registry.Domain.PortabilityRequests;

/// <summary>A line that an act did not touch, and why.</summary>
public sealed record RejectedLine(LineId Line, string Reason);

/// <summary>What an act did in one block: the lines it took, those that came too late for the data to be used, and why it left the others.</summary>
public sealed record LineOutcome(IReadOnlyList<LineBlockEvent> Events, int Accepted, int Late, IReadOnlyList<RejectedLine> Rejected)
{
    public static implicit operator Outcome<LineBlockEvent>(LineOutcome outcome) => new(outcome.Events, null);
}

/// <summary>Acts on many lines of a block at once. Each line is looked at by itself; a wrong one stops nothing.</summary>
public static class AnsweringLines
{
    /// <summary>Reasons for which a line is left, beside the names of its states.</summary>
    public const string Unknown = "unknown", NotCovered = "notCovered", TooLate = "tooLate", AskedBefore = "askedBefore", NotAsked = "notAsked", AlreadyExtended = "alreadyExtended",
        NoExtension = "noExtension", IdentityNotAsked = "identityNotAsked", IdentityUnanswered = "identityUnanswered", NotInDelivery = "notInDelivery", NotYours = "notYours", AnsweredToMember = "answeredToMember", AlreadySaid = "alreadySaid";

    /// <summary>Takes what is open, was refused or not found before; what the member took back is recorded as late.</summary>
    public static LineOutcome Deliver(this LineBlock block, DeliveryId delivery, string category, IReadOnlyList<DeliveredLine> items, DateOnly on, DateTimeOffset at)
    {
        var (why, lines) = (WhyNot(block, category), block.Lines.ToDictionary(l => l.Line));
        var (taken, late, rejected) = (new List<DeliveredLine>(), new List<DeliveredLine>(), new List<RejectedLine>());
        foreach (var item in items)
        {
            var reason = why(item.Line);
            if (reason is null) taken.Add(item);
            else rejected.Add(new RejectedLine(item.Line, reason));
            if (reason == Word(LineState.Cancelled) && !lines[item.Line].Manifests.Any(m => m.Late && m.Sha256 == item.Sha256)) late.Add(item); // told again it is told once
        }
        var events = new List<LineBlockEvent>();
        if (taken.Count > 0) events.Add(new LinesDelivered(block.Id, delivery, category, taken, at, on));
        if (late.Count > 0) events.Add(new LinesDeliveredLate(block.Id, delivery, category, late, on, at));
        return new LineOutcome(events, taken.Count, late.Count, rejected);
    }

    /// <summary>For a category, tells of each line null where a delivery may be taken, else the reason why it is not.</summary>
    public static Func<LineId, string?> WhyNot(this LineBlock block, string category)
    {
        var columns = block.ColumnsOf(category);
        var lines = block.Lines.ToDictionary(l => l.Line);
        return line => !lines.TryGetValue(line, out var known) ? Unknown : Undeliverable([.. columns.Select(c => known.States[c]).OfType<LineState>()]);
    }

    /// <summary>One file about many answers those whose representative receives for them, and nobody else's; after a withdrawal of the whole it is late for all.</summary>
    public static LineOutcome DeliverTogether(this LineBlock block, DeliveryId delivery, string category, string sha256, bool withdrawn, DateOnly on, DateTimeOffset at)
    {
        var why = WhyNot(block, category);
        if (!withdrawn)
        {
            return Taking(block, null, line => why(line.Line) ?? (line.AnsweredTo(on) == Recipient.Member ? AnsweredToMember : null),
                lines => new LinesDeliveredTogether(block.Id, delivery, category, lines, sha256, on, at));
        }
        List<DeliveredLine> late = [.. block.Lines.Where(line => why(line.Line) == Word(LineState.Cancelled) && !line.Manifests.Any(m => m.Late && m.Sha256 == sha256)).Select(line => new DeliveredLine(line.Line, sha256, 0, 0, null))];
        return new LineOutcome(late.Count == 0 ? [] : [new LinesDeliveredLate(block.Id, delivery, category, late, on, at)], 0, late.Count, []);
    }

    /// <summary>Doubt who somebody is stops their clock, once, and for those rights only whose time has not run out (GDPR Art. 12(6)).</summary>
    public static LineOutcome AskIdentity(this LineBlock block, IReadOnlyList<LineId> lines, RequestClock clock, HookSet hooks, DateOnly on, DateTimeOffset at) => Taking(
        block, lines, line => Closed(line) ?? (line.Asked ? AskedBefore : AllOverdue(block, line, clock, hooks, on) ? TooLate : null),
        taken => new LinesIdentityAsked(block.Id, taken, on, at));

    /// <summary>The days for which the clock stood are added; who was not found is looked for again.</summary>
    /// <param name="block">Whose lines.</param>
    /// <param name="lines">Which.</param>
    /// <param name="own">The mandates of the member who answers; null where the representative does, for those that it has in sight.</param>
    /// <param name="on">The day.</param>
    /// <param name="at">Now.</param>
    public static LineOutcome AnswerIdentity(this LineBlock block, IReadOnlyList<LineId> lines, IReadOnlySet<MandateId>? own, DateOnly on, DateTimeOffset at) => Taking(
        block, lines, line => own?.Contains(line.Mandate) == false ? Unknown : own is null && !line.InSight(on) ? NotYours : line.Clock.StoppedOn is null ? NotAsked : line.HasOpen || line.States.Contains(LineState.Unmatched) ? null : Closed(line),
        taken => new LinesIdentityAnswered(block.Id, taken, on, at));

    /// <summary>Notice within the first month, else void (GDPR Art. 12(3)).</summary>
    public static LineOutcome Extend(this LineBlock block, IReadOnlyList<LineId>? lines, RequestClock clock, HookSet hooks, DateOnly on, DateTimeOffset at)
    {
        var columns = block.Columns.Select((column, index) => (hook: hooks.Find(column.Hook), index)).Where(c => c.hook?.Longest is not null).Select(c => c.index).ToList();
        return Taking(
            block, lines,
            line => Closed(line) ?? (line.Clock.ExtendedOn is not null ? AlreadyExtended
                : !columns.Any(c => BlockLine.IsOpen(line.States[c])) ? NoExtension
                : columns.Where(c => BlockLine.IsOpen(line.States[c])).Any(c => clock.IsPastFirst(hooks.Find(block.Columns[c].Hook)!, line.Clock, on)) ? TooLate : null),
            taken => new LinesExtended(block.Id, taken, columns, on, at));
    }

    /// <summary>With reasons within one month, which no extension lengthens (GDPR Art. 12(4)); each right by its own time.</summary>
    public static LineOutcome Refuse(
        this LineBlock block, RefusalId refusal, IReadOnlyList<LineId>? lines, RefusalGround ground, RequestClock clock, HookSet hooks, DateOnly on, DateTimeOffset at)
    {
        HashSet<int> InTime(BlockLine line) => [.. Enumerable.Range(0, block.Columns.Count).Where(c => !clock.IsPastFirst(hooks.Find(block.Columns[c].Hook)!, line.Clock, on))];
        var known = block.Lines.ToDictionary(l => l.Line);
        return Taking(
            block, lines,
            line => Closed(line) ?? (ground.Needs == GroundNeeds.IdentityQuestion && Unheard(line, on) is { } unheard ? unheard : InTime(line).Overlaps(OpenColumns(line)) ? null : TooLate),
            taken => new LinesRefused(block.Id, refusal, Grouped(taken.Select(line => (line, (IEnumerable<int>)InTime(known[line])))), on, at));
    }

    /// <summary>An earlier receipt was proved: what had been refused, or not found, after the true month is owed again.</summary>
    public static LineOutcome Reconsider(this LineBlock block, RequestClock clock, HookSet hooks, DateTimeOffset at)
    {
        Hook HookOf(int column) => hooks.Find(block.Columns[column].Hook)!;
        IEnumerable<int> Late(BlockLine line) =>
        [
            .. line.RefusedOn.Where(r => line.States[r.Key] == LineState.Refused && clock.First(HookOf(r.Key), line.Clock, r.Value)?.IsOverdue(r.Value) == true).Select(r => r.Key),
            .. Enumerable.Range(0, line.States.Count).Where(c => line.States[c] == LineState.Unmatched && line.Clock.StoppedOn is not null && !clock.Stands(HookOf(c), line.Clock)),
        ];
        var groups = Grouped(block.Lines.Select(line => (line.Line, Late(line))).Where(l => l.Item2.Any()));
        return new LineOutcome(groups.Count == 0 ? [] : [new LinesReopened(block.Id, groups, at)], groups.Sum(g => g.Lines.Count), 0, []);
    }

    private static List<LinesAndColumns> Grouped(IEnumerable<(LineId Line, IEnumerable<int> Columns)> lines) =>
        [.. lines.Select(l => (l.Line, Columns: l.Columns.Order().ToList())).GroupBy(l => string.Join(',', l.Columns)).Select(g => new LinesAndColumns([.. g.Select(l => l.Line)], g.First().Columns))];

    /// <summary>Whom the platform found. Not found stops the clock like a doubt: once, and only while it runs.</summary>
    public static LineOutcome Match(this LineBlock block, IReadOnlyList<MatchedLine> items, RequestClock clock, HookSet hooks, DateOnly on, DateTimeOffset at)
    {
        var results = items.ToDictionary(i => i.Line, i => i.Result);
        return Taking(
            block, [.. items.Select(i => i.Line)],
            line => line.States.Contains(LineState.Unmatched) ? results[line.Line] == MatchResult.Matched ? null : Word(LineState.Unmatched)
                : Closed(line) ?? (line.Found == results[line.Line] && line.Found != MatchResult.Unmatched ? AlreadySaid : results[line.Line] != MatchResult.Unmatched ? null : line.Asked ? AskedBefore : AnyOverdue(block, line, clock, hooks, on) ? TooLate : null),
            taken => new LinesLookedUp(block.Id, [.. taken.Select(line => new MatchedLine(line, results[line]))], on, at));
    }

    /// <summary>What is not there, not as declared or not readable was not delivered; that moves no deadline.</summary>
    /// <param name="block">Whose lines.</param>
    /// <param name="delivery">Which delivery.</param>
    /// <param name="category">What of.</param>
    /// <param name="items">What was found.</param>
    /// <param name="own">The mandates of the member who looks; null where the representative does.</param>
    /// <param name="on">The day.</param>
    /// <param name="at">Now.</param>
    public static LineOutcome Check(this LineBlock block, DeliveryId delivery, string category, IReadOnlyList<CheckedLine> items, IReadOnlySet<MandateId>? own, DateOnly on, DateTimeOffset at)
    {
        var known = block.Lines.ToDictionary(l => l.Line);
        var found = items.Where(i => known.ContainsKey(i.Line)).ToDictionary(i => i.Line, i => Found(known[i.Line], delivery, i));
        return Taking(
            block, [.. items.Select(i => i.Line)],
            line => own is not null && !own.Contains(line.Mandate) ? Unknown
                : own is null && line.AnsweredTo(on) == Recipient.Member ? NotYours
                : line.Manifests.LastOrDefault(m => !m.Late && m.Category == category) is not { } last || last.Delivery != delivery ? NotInDelivery
                : last.Checked == found[line.Line].Result ? AlreadySaid
                : null,
            taken => new LinesChecked(block.Id, delivery, [.. taken.Select(line => found[line])], own is not null, on, at));
    }

    /// <summary>
    /// Cancels what is open for this member in the columns that the mandate no longer reaches, and nobody else's; what was
    /// delivered in them is to be erased from then on.
    /// </summary>
    public static Outcome<LineBlockEvent> Cancel(LineBlock? block, MandateId mandate, IReadOnlySet<int> stillCovered, DateOnly on, DateTimeOffset at)
    {
        var lines = block!.LinesOf(mandate).ToList();
        var columns = Enumerable.Range(0, block.Columns.Count).Where(column => !stillCovered.Contains(column) && lines.Any(line => line.States[column] is not null)).ToHashSet();
        return lines.Any(line => IsTouched(block, line, columns)) ? new LinesCancelled(block.Id, mandate, [.. columns.Order()], at, on) : Outcome<LineBlockEvent>.Nothing;
    }

    /// <summary>Until when the representative has a member's lines in sight.</summary>
    public static Outcome<LineBlockEvent> Show(LineBlock? block, MandateId mandate, DateOnly until, Recipient deliverTo, DateTimeOffset at) =>
        block!.LinesOf(mandate).Any(l => l.Until != until || l.DeliverTo != deliverTo) ? new LinesInSight(block.Id, mandate, until, deliverTo, at) : Outcome<LineBlockEvent>.Nothing;

    public static LineOutcome GiveUp(this LineBlock block, DateOnly on, DateTimeOffset at)
    {
        var all = block.Columns.Count;
        return block.Lines.All(line => line.Gone.Count == all) ? new LineOutcome([], 0, 0, []) // said before
            : new LineOutcome([new LinesGivenUp(block.Id, on, at)], block.Lines.Sum(line => line.States.Count(BlockLine.IsOwed)), 0, []);
    }

    public static string Word(LineState state) => char.ToLowerInvariant(state.ToString()[0]) + state.ToString()[1..];

    /// <summary>Something in these columns is owed still, or might be again, or was delivered and not yet to be erased.</summary>
    private static bool IsTouched(LineBlock block, BlockLine line, HashSet<int> columns)
    {
        if (columns.Any(c => line.States[c] is not null && !line.Gone.Contains(c))) return true;
        var uncovered = block.Uncovered(line, columns);
        return line.Manifests.Any(m => !m.Late && m.WithdrawnOn is null && uncovered.Contains(m.Category));
    }

    private static CheckedLine Found(BlockLine line, DeliveryId delivery, CheckedLine said) =>
        said is { Result: CheckResult.Received, Sha256: { } digest } && line.Manifests.FirstOrDefault(m => m.Delivery == delivery) is { } manifest && manifest.Sha256 != digest
            ? said with { Result = CheckResult.Mismatch } : said;

    /// <summary>Null for every line that is to be taken, else why not. Without names: every line of the block.</summary>
    private static LineOutcome Taking(LineBlock block, IReadOnlyList<LineId>? named, Func<BlockLine, string?> whyNot, Func<IReadOnlyList<LineId>, LineBlockEvent> happened)
    {
        var lines = block.Lines.ToDictionary(l => l.Line);
        var (taken, rejected) = (new List<LineId>(), new List<RejectedLine>());
        foreach (var id in named ?? [.. lines.Keys])
        {
            var reason = lines.TryGetValue(id, out var line) ? whyNot(line) : Unknown;
            if (reason is null) taken.Add(id);
            else rejected.Add(new RejectedLine(id, reason));
        }
        return new LineOutcome(taken.Count == 0 ? [] : [happened(taken)], taken.Count, 0, rejected);
    }

    private static string? Undeliverable(List<LineState> states) =>
        states.Count == 0 ? NotCovered : states.Any(s => BlockLine.IsOwed(s)) ? null : Word(states.Contains(LineState.Fulfilled) ? LineState.Fulfilled : states[0]);

    private static string? Closed(BlockLine line) => line.HasOpen ? null : Word(line.States.OfType<LineState>().First());

    private static bool AnyOverdue(LineBlock block, BlockLine line, RequestClock clock, HookSet hooks, DateOnly on) => OpenColumns(line).Any(c => clock.IsOverdue(hooks.Find(block.Columns[c].Hook)!, line.Clock, on));

    private static bool AllOverdue(LineBlock block, BlockLine line, RequestClock clock, HookSet hooks, DateOnly on) => OpenColumns(line).All(c => clock.IsOverdue(hooks.Find(block.Columns[c].Hook)!, line.Clock, on));

    private static IEnumerable<int> OpenColumns(BlockLine line) => Enumerable.Range(0, line.States.Count).Where(c => BlockLine.IsOpen(line.States[c]));

    /// <summary>Nobody is refused as unknown who was not asked, and given a month to say who they are (P).</summary>
    private static string? Unheard(BlockLine line, DateOnly on) =>
        line.Heard ? null
        : line.DoubtedOn is not { } since ? IdentityNotAsked
        : line.Clock.StoppedOn is null || on < since.AddMonths(1) ? IdentityUnanswered : null;
}
