using System.Diagnostics;
using Registry.Domain.Kernel;

namespace Registry.Domain.PortabilityRequests;

public enum LineState
{
    Pending,
    IdentityAsked,
    Extended,
    Fulfilled,
    Refused,
    Cancelled,
    Unmatched,
}

public enum Recipient
{
    Representative,
    Member,
}

/// <summary>One right over one category: each line has its own status in each column that its mandate covers.</summary>
public sealed record LineColumn(string Category, string Hook);

/// <summary>A member's place in the cohort. <paramref name="Covered"/> numbers the columns that the mandate reaches.</summary>
public sealed record SealedLine(LineId Line, MandateId Mandate, Recipient DeliverTo, IReadOnlyList<int> Covered);

/// <summary>What a platform says it delivered for one line: the manifest, never the data. Rows of others stand apart (GDPR Art. 20(4)).</summary>
public sealed record DeliveredLine(LineId Line, string Sha256, long Bytes, int Rows, int? Quarantine);

public abstract record LineBlockEvent(BlockId Block, DateTimeOffset At);

public sealed record LinesSealed(
    BlockId Block, RequestId Request, int Index, IReadOnlyList<LineColumn> Columns, IReadOnlyList<SealedLine> Lines, DateTimeOffset At)
    : LineBlockEvent(Block, At);

public sealed record LinesDelivered(BlockId Block, DeliveryId Delivery, string Category, IReadOnlyList<DeliveredLine> Items, DateTimeOffset At)
    : LineBlockEvent(Block, At);

/// <summary>The member changed their mind: what is still open in these columns is cancelled; what was delivered stays lawful.</summary>
public sealed record LinesCancelled(BlockId Block, MandateId Mandate, IReadOnlyList<int> Columns, DateTimeOffset At) : LineBlockEvent(Block, At);

/// <summary>A line with its status in each column; null where the mandate does not reach.</summary>
public sealed record BlockLine(LineId Line, MandateId Mandate, Recipient DeliverTo, IReadOnlyList<LineState?> States)
{
    public static bool IsOpen(LineState? state) => state is LineState.Pending or LineState.IdentityAsked or LineState.Extended;
}

/// <summary>At most 1,000 lines of one request: one stream, so that a bulk answer is one event per block.</summary>
public sealed record LineBlock(BlockId Id, RequestId Request, int Index, IReadOnlyList<LineColumn> Columns, IReadOnlyList<BlockLine> Lines)
    : IEvolve<LineBlock, LineBlockEvent>
{
    public const int Capacity = 1_000;

    public static LineBlock? Evolve(LineBlock? block, LineBlockEvent happened) => happened switch
    {
        LinesSealed e => new(e.Block, e.Request, e.Index, e.Columns, [.. e.Lines.Select(l => Unanswered(l, e.Columns.Count))]),
        LinesDelivered e => block!.Moved(e.Items.Select(i => i.Line).ToHashSet(), block.ColumnsOf(e.Category), LineState.Fulfilled),
        LinesCancelled e => block!.Moved(block.LinesOf(e.Mandate), [.. e.Columns], LineState.Cancelled),
        _ => throw new UnreachableException($"LineBlock has no arm for {happened.GetType().Name}"),
    };

    public static Outcome<LineBlockEvent> Seal(LineBlock? block, LinesSealed lines) => block is null ? lines : RequestRefusals.Exists;

    /// <summary>Takes the items that are still open here; <see cref="WhyNot"/> tells the others why not.</summary>
    public static Outcome<LineBlockEvent> Deliver(
        LineBlock? block, DeliveryId delivery, string category, IReadOnlyList<DeliveredLine> items, DateTimeOffset at)
    {
        var why = block!.WhyNot(category);
        var taken = items.Where(item => why(item.Line) is null).ToList();
        return taken.Count == 0 ? Outcome<LineBlockEvent>.Nothing : new LinesDelivered(block.Id, delivery, category, taken, at);
    }

    /// <summary>Cancels what is open for this member in the columns that the mandate no longer reaches, and nobody else's.</summary>
    public static Outcome<LineBlockEvent> Cancel(LineBlock? block, MandateId mandate, IReadOnlySet<int> stillCovered, DateTimeOffset at)
    {
        var columns = block!.Lines.Where(l => l.Mandate == mandate)
            .SelectMany(l => l.States.Select((state, column) => (state, column)))
            .Where(c => BlockLine.IsOpen(c.state) && !stillCovered.Contains(c.column))
            .Select(c => c.column).Distinct().Order().ToList();
        return columns.Count == 0 ? Outcome<LineBlockEvent>.Nothing : new LinesCancelled(block.Id, mandate, columns, at);
    }

    /// <summary>For a category, tells of each line null where a delivery may be taken, else the reason why it is not.</summary>
    public Func<LineId, string?> WhyNot(string category)
    {
        var columns = ColumnsOf(category);
        var lines = Lines.ToDictionary(l => l.Line);
        return line => !lines.TryGetValue(line, out var known) ? "unknown" : Reason([.. columns.Select(c => known.States[c]).OfType<LineState>()]);
    }

    private static string? Reason(List<LineState> states) =>
        states.Count == 0 ? "notCovered" : states.Any(s => BlockLine.IsOpen(s)) ? null : Camel(states[0]);

    private HashSet<int> ColumnsOf(string category) =>
        [.. Columns.Select((column, index) => (column, index)).Where(c => c.column.Category == category).Select(c => c.index)];

    private HashSet<LineId> LinesOf(MandateId mandate) => [.. Lines.Where(l => l.Mandate == mandate).Select(l => l.Line)];

    private LineBlock Moved(HashSet<LineId> lines, HashSet<int> columns, LineState to) => this with
    {
        Lines = [.. Lines.Select(line => !lines.Contains(line.Line) ? line : line with
        {
            States = [.. line.States.Select((state, column) => columns.Contains(column) && BlockLine.IsOpen(state) ? to : state)],
        })],
    };

    private static BlockLine Unanswered(SealedLine line, int columns) => new(
        line.Line, line.Mandate, line.DeliverTo,
        [.. Enumerable.Range(0, columns).Select(column => line.Covered.Contains(column) ? LineState.Pending : (LineState?)null)]);

    private static string Camel(LineState state) => char.ToLowerInvariant(state.ToString()[0]) + state.ToString()[1..];
}
