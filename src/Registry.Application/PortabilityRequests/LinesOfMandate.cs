using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

/// <summary>Where a mandate stands in requests, and what a change of mind does there: for that member's lines only.</summary>
public sealed class LinesOfMandate(Readings readings, Law law, LegalTime clock)
{
    /// <summary>
    /// Cancels what the mandate no longer reaches, in the withdrawal's own append. A filing that seals a line meanwhile
    /// changes the count of the mandate's lines, and the withdrawal is decided again.
    /// </summary>
    public async Task CancelUncovered(Act act, Mandate mandate, CancellationToken ct)
    {
        var blocks = new List<(Guid Block, Guid Request)>();
        await foreach (var row in readings.Stream(readings.Named<LineBlockView>("blocks_of_mandate"), [mandate.Id.Value], ct)) blocks.Add(((Guid)row[0]!, (Guid)row[1]!));
        act.Expect(readings.Named<LineBlockView>("count_of_mandate"), mandate.Id.Value, blocks.Count);
        var live = mandate.ReachOn(clock.Today("EU"));
        foreach (var (block, request) in blocks)
        {
            var view = await readings.View<RequestView>(request, ct);
            var reply = await act.Decide<LineBlock, LineBlockEvent, LineBlockView>(block, lines => LineBlock.Cancel(
                lines, mandate.Id, Coverage.Of(live, view!.Matter, lines!.Columns, law.Hooks, law.Codes).ToHashSet(), clock.Now), ct);
            if (view!.FiledOn is not null && reply.Changed) act.Tell(view.Matter.Platform, "portability-request.lines-cancelled", request);
        }
    }
}
