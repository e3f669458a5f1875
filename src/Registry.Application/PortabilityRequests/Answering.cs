using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>A request as an act finds it: its platform, its clock, and the day where the platform answers.</summary>
public sealed record Found(RequestView View, OrganisationView Platform, RequestClock? Clock, DateOnly Today);

/// <summary>What an act did to the lines of every block that it touched.</summary>
public sealed class Touched
{
    private readonly List<RejectedLine> rejected = [];

    public int Accepted { get; private set; }

    public int Late { get; private set; }

    public void Add(LineOutcome outcome)
    {
        (Accepted, Late) = (Accepted + outcome.Accepted, Late + outcome.Late);
        rejected.AddRange(outcome.Rejected);
    }

    public void Reject(IEnumerable<LineId> lines, string reason) => rejected.AddRange(lines.Select(line => new RejectedLine(line, reason)));

    public int Of(string reason) => rejected.Count(r => r.Reason == reason);

    /// <summary>Lines that were named are told one by one; where all were meant, how many and why.</summary>
    public ActResult Result(Guid? id, bool named) => new(
        id, Accepted, Late, named ? [.. rejected.Select(r => new LineRejected(r.Line.Value, r.Reason))] : [],
        [.. rejected.GroupBy(r => r.Reason).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new ExcludedCount(g.Key, g.Count()))]);
}

/// <summary>One act on a request and on any number of its lines, in one append: a bulk answer is one event per block that it touches.</summary>
public sealed class Answering(Ledger ledger, Readings readings, RequestReadings requests, LegalTime clock)
{
    public DateTimeOffset Now => clock.Now;

    /// <summary>A decision on the request alone.</summary>
    public Task<Reply<RequestReading>> Decide(
        RequestId id, OrganisationId by, long? revision, Func<PortabilityRequest?, Found, Outcome<RequestEvent>> decide, CancellationToken ct) =>
        OnLines(id, by, revision, (request, _) => null, (act, found, touched) => Task.FromResult<Func<PortabilityRequest?, Outcome<RequestEvent>>>(request => decide(request, found)), ct);

    /// <param name="id">Which request.</param>
    /// <param name="by">Who acts.</param>
    /// <param name="revision">The version that they saw.</param>
    /// <param name="mayAct">Looked at before any line is.</param>
    /// <param name="compose">Decides on the lines, then tells how the request is decided on.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <param name="named">The lines were named: what became of each is told.</param>
    /// <param name="made">The id of what the act makes.</param>
    public async Task<Reply<RequestReading>> OnLines(
        RequestId id, OrganisationId by, long? revision, Func<PortabilityRequest?, Found, Refusal?> mayAct,
        Func<Act, Found, Touched, Task<Func<PortabilityRequest?, Outcome<RequestEvent>>>> compose, CancellationToken ct, bool named = false, Guid? made = null)
    {
        Touched? touched = null;
        var reply = await ledger.Together<RequestView, RequestEvent>(async act =>
        {
            act.Shows(id.Value);
            touched = new Touched();
            if (await readings.View<RequestView>(id.Value, ct) is not { } view) return RequestRefusals.Unknown;
            var day = await requests.Day(view, ct);
            var found = new Found(view, day.Platform, day.Clock, day.AsOf);
            var decide = mayAct(view.Facts, found) is { } refused ? _ => refused : await compose(act, found, touched);
            var decided = await act.Decide<PortabilityRequest, RequestEvent, RequestView>(id.Value, decide, ct, revision);
            if (decided.Changed) Tell(act, decided.View!, by);
            return decided;
        }, ct);
        return await requests.Show(reply, by, ct, touched is null ? null : Result(touched, named, made));
    }

    /// <summary>Decides block by block on the lines that are named, or on all; a line named twice counts once.</summary>
    public async Task Each<TItem>(
        Act act, Found found, Touched touched, IReadOnlyList<TItem>? items, Func<TItem, LineId> line, Func<LineBlock, IReadOnlyList<TItem>?, LineOutcome> decide, CancellationToken ct)
    {
        if (items is null)
        {
            foreach (var block in found.View.Blocks) await On(act, block, touched, lines => decide(lines, null), ct);
            return;
        }
        var (blocks, unknown) = await ByBlock(found.View, items, line, ct);
        touched.Reject(unknown, AnsweringLines.Unknown);
        foreach (var (block, some) in blocks) await On(act, block, touched, lines => decide(lines, some), ct);
    }

    private static ActResult? Result(Touched touched, bool named, Guid? made)
    {
        var result = touched.Result(made, named);
        return result is { Accepted: 0, Late: 0, NotTaken.Count: 0 } ? null : result;
    }

    private static async Task On(Act act, Guid block, Touched touched, Func<LineBlock, LineOutcome> decide, CancellationToken ct) =>
        await act.Decide<LineBlock, LineBlockEvent, LineBlockView>(block, lines =>
        {
            var outcome = decide(lines!);
            touched.Add(outcome);
            return outcome;
        }, ct);

    private async Task<(Dictionary<Guid, List<TItem>> Blocks, List<LineId> Unknown)> ByBlock<TItem>(RequestView view, IReadOnlyList<TItem> items, Func<TItem, LineId> line, CancellationToken ct)
    {
        var left = items.DistinctBy(line).ToDictionary(line);
        var (blocks, named) = (new Dictionary<Guid, List<TItem>>(), view.Blocks.ToHashSet());
        var lines = await readings.Rows(readings.Named<LineBlockView>("blocks_of_lines"), [view.Id, left.Keys.Select(l => l.Value).ToArray()], row => (Line: (Guid)row[0]!, Block: (Guid)row[1]!), ct);
        foreach (var (asked, block) in lines)
        {
            if (!named.Contains(block) || !left.Remove(new LineId(asked), out var item)) continue;
            if (!blocks.TryGetValue(block, out var some)) blocks.Add(block, some = []);
            some.Add(item);
        }
        return (blocks, [.. left.Keys]);
    }

    private static void Tell(Act act, RequestView view, OrganisationId by)
    {
        if (view.Matter.Representative != by) act.Tell(view.Matter.Representative, "portability-request.changed", view.Id);
        if (view.Matter.Platform != by && view.FiledOn is not null) act.Tell(view.Matter.Platform, "portability-request.changed", view.Id);
    }
}
