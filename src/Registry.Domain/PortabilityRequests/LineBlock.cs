using System.Diagnostics;
using Registry.Domain.Kernel;

namespace Registry.Domain.PortabilityRequests;

/// <summary>What was declared for a line in one category, and what became of it.</summary>
/// <param name="Delivery">In which delivery.</param>
/// <param name="Category">What of.</param>
/// <param name="Sha256">Of the data.</param>
/// <param name="On">When.</param>
/// <param name="Late">After the member had changed their mind.</param>
/// <param name="Checked">What the receiver found; null before.</param>
/// <param name="WithdrawnOn">When the member changed their mind after it.</param>
/// <param name="To">To whom it went.</param>
public sealed record Manifest(DeliveryId Delivery, string Category, string Sha256, DateOnly On, bool Late, CheckResult? Checked, DateOnly? WithdrawnOn, Recipient To);

/// <summary>A line with its status in each column; null where the mandate does not reach.</summary>
/// <param name="Line">Its id.</param>
/// <param name="Mandate">On which it rests.</param>
/// <param name="DeliverTo">Who is to have the data while the mandate is in sight.</param>
/// <param name="States">One for each column.</param>
/// <param name="Clock">The person's own.</param>
/// <param name="Asked">They were asked who they are; once, or a platform could stop the clock at will.</param>
/// <param name="Extended">The columns for which notice of an extension came in time.</param>
/// <param name="Until">The day from which on the representative has it in sight no longer; null: for as long as the mandate lasts.</param>
/// <param name="Manifests">What was delivered.</param>
/// <param name="RefusedOn">When each column was refused that is.</param>
/// <param name="Gone">Columns that the member, or the representative, took back: whatever comes in them is late.</param>
/// <param name="Found">What the platform said of its search.</param>
/// <param name="DoubtedOn">When they were asked who they are.</param>
/// <param name="Heard">They, or their representative, said who they are.</param>
public sealed record BlockLine(
    LineId Line, MandateId Mandate, Recipient DeliverTo, IReadOnlyList<LineState?> States, LineClock Clock, bool Asked, IReadOnlyList<int> Extended, DateOnly? Until,
    IReadOnlyList<Manifest> Manifests, IReadOnlyDictionary<int, DateOnly> RefusedOn, IReadOnlyList<int> Gone, MatchResult? Found,
    DateOnly? DoubtedOn = null, bool Heard = false)
{
    /// <summary>Not delivered yet, for whatever reason, and not taken back.</summary>
    public static bool IsOwed(LineState? state) => IsOpen(state) || state is LineState.Refused or LineState.Unmatched;

    public static bool IsOpen(LineState? state) => state is LineState.Pending or LineState.IdentityAsked or LineState.Extended;

    /// <summary>Something in it may still be answered.</summary>
    public bool HasOpen => States.Any(IsOpen);

    public bool InSight(DateOnly day) => Until is null || day < Until;

    /// <summary>Whom the platform answers on a day: the representative only while the mandate lets it.</summary>
    public Recipient AnsweredTo(DateOnly day) => InSight(day) ? DeliverTo : Recipient.Member;

    /// <summary>How a column stands that is open again.</summary>
    internal LineState Reopened(int column) => Gone.Contains(column) ? LineState.Cancelled : Clock.StoppedOn is not null ? LineState.IdentityAsked : Extended.Contains(column) ? LineState.Extended : LineState.Pending;

    /// <summary>Its open columns as they stand now that its clock has changed.</summary>
    internal BlockLine Refreshed() => Moved(IsOpen, Reopened);

    internal BlockLine Moved(Func<LineState?, bool> which, Func<int, LineState> to, HashSet<int>? columns = null) =>
        this with { States = [.. States.Select((state, column) => state is not null && columns?.Contains(column) != false && which(state) ? to(column) : state)] };
}

/// <summary>Lines of a block that stand alike: their deadline is the same.</summary>
public sealed record LineGroup(int Column, LineClock Clock, LineCounts Counts);

/// <summary>How much of a delivery stands in a block, and what of it is to be destroyed.</summary>
public sealed record DeliveredCount(Guid Delivery, DateOnly On, bool Late, DateOnly? WithdrawnOn, bool ToRepresentative, int Lines);

/// <summary>At most 1,000 lines of one request: one stream, so that a bulk answer is one event per block.</summary>
public sealed record LineBlock(BlockId Id, RequestId Request, int Index, IReadOnlyList<LineColumn> Columns, IReadOnlyList<BlockLine> Lines)
    : IEvolve<LineBlock, LineBlockEvent>
{
    public const int Capacity = 1_000;

    private Places? places;

    /// <summary>Sealed once: lines neither come nor go, so that every later state stands by the same places.</summary>
    private Places At => places ??= new Places(Lines);

    /// <summary>A mandate's lines.</summary>
    public IEnumerable<BlockLine> LinesOf(MandateId mandate) => At.OfMandate[mandate].Select(place => Lines[place]);

    public static LineBlock? Evolve(LineBlock? block, LineBlockEvent happened) => happened switch
    {
        LinesSealed e => new(e.Block, e.Request, e.Index, e.Columns, [.. e.Lines.Select(l => Unanswered(l, e.Columns.Count))]),
        LinesDelivered e => block!.Each(e.Items.ToDictionary(i => i.Line, i => i.Sha256), (line, sha256) => block.Answered(line, Sent(line, e.Delivery, e.Category, sha256, e.On ?? Day(e), false))),
        LinesDeliveredTogether e => block!.Each(e.Lines, line => block.Answered(line, Sent(line, e.Delivery, e.Category, e.Sha256, e.On, false))),
        LinesDeliveredLate e => block!.Each(e.Items.ToDictionary(i => i.Line, i => i.Sha256), (line, sha256) => line with { Manifests = [.. line.Manifests, Sent(line, e.Delivery, e.Category, sha256, e.On, true)] }),
        LinesChecked e => block!.Each(e.Items.ToDictionary(i => i.Line, i => i.Result), (line, result) => block.Checked(line, e.Delivery, result)),
        LinesCancelled e => block!.Each(block.At.OfMandate[e.Mandate], line => block.ChangedTheirMind(line, [.. e.Columns], e.On ?? Day(e))),
        LinesGivenUp => block! with { Lines = [.. block.Lines.Select(line => line.Moved(BlockLine.IsOwed, _ => LineState.Cancelled) with { Gone = [.. Enumerable.Range(0, block.Columns.Count)] })] },
        LinesInSight e => block!.Each(block.At.OfMandate[e.Mandate], line => line with { Until = e.Until, DeliverTo = e.DeliverTo }),
        LinesIdentityAsked e => block!.Each(e.Lines, line => (line with { Asked = true, DoubtedOn = e.On, Clock = line.Clock.Stops(e.On) }).Refreshed()),
        LinesIdentityAnswered e => block!.Each(e.Lines, line => WentOn(line, e.On)),
        LinesExtended e => block!.Each(e.Lines, line => (line with { Extended = e.Columns, Clock = line.Clock with { ExtendedOn = e.On } }).Refreshed()),
        LinesRefused e => block!.Each(ByLine(e.Groups), (line, columns) => Refused(line, columns, e.On)),
        LinesReopened e => block!.Each(ByLine(e.Groups), (line, columns) => line.Moved(s => s is LineState.Refused or LineState.Unmatched, line.Reopened, columns)),
        LinesLookedUp e => block!.Each(e.Items.ToDictionary(i => i.Line, i => i.Result), (line, result) => LookedUp(line, result, e.On)),
        _ => throw new UnreachableException($"LineBlock has no arm for {happened.GetType().Name}"),
    };

    /// <summary>Lines that stand alike, counted; what deadlines and states are read from.</summary>
    public IReadOnlyList<LineGroup> Groups() =>
    [
        .. Lines.SelectMany(line => line.States.Select((state, column) => (state, column, line.Clock))).Where(cell => cell.state is not null)
            .GroupBy(cell => (cell.column, cell.Clock)).Select(g => new LineGroup(g.Key.column, g.Key.Clock, LineCounts.Of(g.Select(cell => cell.state))))
            .OrderBy(g => g.Column).ThenBy(g => g.Clock.Paused).ThenBy(g => g.Clock.StoppedOn).ThenBy(g => g.Clock.ExtendedOn),
    ];

    /// <summary>What was delivered, by what is to become of it.</summary>
    public IReadOnlyList<DeliveredCount> Deliveries() =>
    [
        .. Lines.SelectMany(line => line.Manifests).GroupBy(m => (m.Delivery, m.On, m.Late, m.WithdrawnOn, m.To))
            .Select(g => new DeliveredCount(g.Key.Delivery.Value, g.Key.On, g.Key.Late, g.Key.WithdrawnOn, g.Key.To == Recipient.Representative, g.Count())),
    ];

    internal HashSet<int> ColumnsOf(string category) =>
        [.. Columns.Select((column, index) => (column, index)).Where(c => c.column.Category == category).Select(c => c.index)];

    private LineBlock Each(IEnumerable<LineId> lines, Func<BlockLine, BlockLine> move) => Each(lines.Distinct().Where(At.OfLine.ContainsKey).Select(line => At.OfLine[line]), move);

    private LineBlock Each<T>(Dictionary<LineId, T> named, Func<BlockLine, T, BlockLine> move) => Each(named.Keys, line => move(line, named[line.Line]));

    /// <summary>A block's stream may be a thousand events long, most of them of one line: only that is looked at.</summary>
    private LineBlock Each(IEnumerable<int> at, Func<BlockLine, BlockLine> move)
    {
        var moved = Lines.ToArray();
        foreach (var place in at) moved[place] = move(moved[place]);
        return this with { Lines = moved };
    }

    private static Manifest Sent(BlockLine line, DeliveryId delivery, string category, string sha256, DateOnly on, bool late) => new(delivery, category, sha256, on, late, null, null, late ? line.DeliverTo : line.AnsweredTo(on)); // who sends too late sends as before

    /// <summary>Whoever is answered was found and is no longer doubted: the clock goes on.</summary>
    private BlockLine Answered(BlockLine line, Manifest manifest)
    {
        line = line.States.Contains(LineState.Unmatched) ? FoundAfterAll(line) : (line with { Clock = line.Clock.GoesOn(manifest.On) }).Refreshed();
        var answered = line.Moved(s => s is not LineState.Cancelled, _ => LineState.Fulfilled, ColumnsOf(manifest.Category));
        return answered with { Manifests = [.. line.Manifests, manifest] };
    }

    private BlockLine Checked(BlockLine line, DeliveryId delivery, CheckResult result)
    {
        var category = line.Manifests.First(m => m.Delivery == delivery).Category;
        var seen = line with { Manifests = [.. line.Manifests.Select(m => m.Delivery == delivery ? m with { Checked = result } : m)] };
        return result == CheckResult.Received
            ? seen.Moved(BlockLine.IsOpen, _ => LineState.Fulfilled, ColumnsOf(category))
            : seen.Moved(s => s == LineState.Fulfilled, seen.Reopened, ColumnsOf(category));
    }

    private static Dictionary<LineId, HashSet<int>> ByLine(IReadOnlyList<LinesAndColumns> groups) =>
        groups.SelectMany(g => g.Lines.Select(line => (line, columns: g.Columns.ToHashSet()))).ToDictionary(x => x.line, x => x.columns);

    private static BlockLine Refused(BlockLine line, HashSet<int> columns, DateOnly on)
    {
        var dates = new Dictionary<int, DateOnly>(line.RefusedOn);
        foreach (var column in columns.Where(c => BlockLine.IsOpen(line.States[c]))) dates[column] = on;
        return line.Moved(BlockLine.IsOpen, _ => LineState.Refused, columns) with { RefusedOn = dates };
    }

    /// <summary>Of these categories no column is left that the mandate covers: what was delivered in them is to be erased.</summary>
    internal HashSet<string> Uncovered(BlockLine line, IReadOnlySet<int> columns) =>
        columns.Select(c => Columns[c].Category).Where(category => ColumnsOf(category).All(c => line.States[c] is null || columns.Contains(c))).ToHashSet(StringComparer.Ordinal);

    private BlockLine ChangedTheirMind(BlockLine line, HashSet<int> columns, DateOnly on)
    {
        var categories = Uncovered(line, columns);
        return line.Moved(BlockLine.IsOwed, _ => LineState.Cancelled, columns) with
        {
            Gone = [.. line.Gone.Union(columns).Order()],
            Manifests = [.. line.Manifests.Select(m => !m.Late && categories.Contains(m.Category) ? m with { WithdrawnOn = m.WithdrawnOn ?? on } : m)],
        };
    }

    private static BlockLine LookedUp(BlockLine line, MatchResult result, DateOnly on) => (result switch
    {
        MatchResult.Unmatched => (line with { Asked = true, Clock = line.Clock.Stops(on) }).Moved(BlockLine.IsOpen, _ => LineState.Unmatched),
        MatchResult.Matched when line.States.Contains(LineState.Unmatched) => FoundAfterAll(line),
        _ => line,
    }) with { Found = result };

    /// <summary>Who was not found is looked for again.</summary>
    private static BlockLine WentOn(BlockLine line, DateOnly on)
    {
        var running = line with { Heard = true, Clock = line.Clock.GoesOn(on) };
        return running.Moved(s => s == LineState.Unmatched || BlockLine.IsOpen(s), running.Reopened);
    }

    /// <summary>That the platform had not looked well lengthens nothing.</summary>
    private static BlockLine FoundAfterAll(BlockLine line)
    {
        var running = line with { Clock = line.Clock with { StoppedOn = null } };
        return running.Moved(s => s == LineState.Unmatched || BlockLine.IsOpen(s), running.Reopened);
    }

    private static BlockLine Unanswered(SealedLine line, int columns) => new(
        line.Line, line.Mandate, line.DeliverTo,
        [.. Enumerable.Range(0, columns).Select(column => line.Covered.Contains(column) ? LineState.Pending : (LineState?)null)], LineClock.Running, false, [], line.Until, [], new Dictionary<int, DateOnly>(), [], null);

    private static DateOnly Day(LineBlockEvent happened) => DateOnly.FromDateTime(happened.At.UtcDateTime);

    /// <summary>Where each line stands in the block.</summary>
    private sealed class Places(IReadOnlyList<BlockLine> lines)
    {
        public Dictionary<LineId, int> OfLine { get; } = lines.Select((line, place) => (line.Line, place)).ToDictionary(x => x.Line, x => x.place);

        public ILookup<MandateId, int> OfMandate { get; } = lines.Select((line, place) => (line.Mandate, place)).ToLookup(x => x.Mandate, x => x.place);
    }
}
