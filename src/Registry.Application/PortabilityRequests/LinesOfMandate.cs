using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

/// <summary>Where a mandate stands in requests, and what a change of mind does there: for that member's lines only.</summary>
public sealed class LinesOfMandate(Readings readings, Law law, LegalTime clock)
{
    /// <summary>
    /// In the act's own append: cancels what the mandate no longer reaches, and lets the representative see the lines for as
    /// long as the mandate lives and is not paused. A filing that seals a line meanwhile changes the count of the mandate's
    /// lines, and the act is decided again.
    /// </summary>
    /// <param name="act">In which.</param>
    /// <param name="mandate">Whose lines, as it stands after the act.</param>
    /// <param name="heir">A newer mandate of the same person with the same representative: what rested on the older one rests on it too.</param>
    /// <param name="ct">Ends the waiting.</param>
    public async Task Follow(Act act, Mandate mandate, Mandate? heir, CancellationToken ct)
    {
        var today = clock.Today("EU");
        IReadOnlyList<Scope> live = [.. mandate.ReachOn(today), .. heir?.LiveOn(today) ?? []];
        var until = (heir ?? mandate) is var standing && standing.StatusOn(today) == MandateStatus.Active ? standing.Validity.To!.Value : today;
        foreach (var (block, request) in await Blocks(act, mandate.Id, ct))
        {
            var view = await readings.View<RequestView>(request, ct);
            var cancelled = await act.Decide<LineBlock, LineBlockEvent, LineBlockView>(block, lines => AnsweringLines.Cancel(
                lines, mandate.Id, Coverage.Of(live, view!.Matter, lines!.Columns, law.Hooks, law.Codes).ToHashSet(), today, clock.Now), ct);
            var shown = await act.Decide<LineBlock, LineBlockEvent, LineBlockView>(block, lines => AnsweringLines.Show(lines, mandate.Id, until, clock.Now), ct);
            if (view!.FiledOn is null) continue;
            if (cancelled.Changed) act.Tell(view.Matter.Platform, "portability-request.lines-cancelled", request);
            else if (shown.Changed) act.Tell(view.Matter.Platform, "portability-request.changed", request);
        }
    }

    private async Task<List<(Guid Block, Guid Request)>> Blocks(Act act, MandateId mandate, CancellationToken ct)
    {
        var blocks = new List<(Guid Block, Guid Request)>();
        await foreach (var row in readings.Stream(readings.Named<LineBlockView>("blocks_of_mandate"), [mandate.Value], ct)) blocks.Add(((Guid)row[0]!, (Guid)row[1]!));
        act.Expect(readings.Named<LineBlockView>("count_of_mandate"), mandate.Value, blocks.Count);
        return blocks;
    }
}
