using Registry.Application.Mandates;
using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

/// <summary>Where a person's mandates with one representative stand in requests, and what a change of mind does there: for that person's lines only.</summary>
public sealed class LinesOfMandate(Readings readings, MandateReadings mandates, Law law, LegalTime clock)
{
    /// <summary>
    /// In the act's own append: cancels what is no longer reached, and lets the representative see the lines for as long as it
    /// has a living mandate for them. A filing that seals a line of a changed mandate meanwhile changes the count of
    /// its lines, and the act is decided again.
    /// </summary>
    /// <param name="act">In which.</param>
    /// <param name="member">Whose.</param>
    /// <param name="representative">With whom.</param>
    /// <param name="now">Mandates as the act leaves them.</param>
    /// <param name="ct">Ends the waiting.</param>
    public async Task Follow(Act act, MemberRef member, OrganisationId representative, IReadOnlyCollection<Mandate> now, CancellationToken ct)
    {
        var rows = (await mandates.OfMembers([member], ct)).Where(row => row.View!.Facts.Deed.Representative == representative).ToList();
        var standing = rows.Select(row => row.View!.Facts).Concat(now.Where(m => m.Deed.Member == member && m.Deed.Representative == representative)).GroupBy(m => m.Id).Select(g => g.Last()).ToList();
        foreach (var row in rows.Where(row => now.All(m => m.Id.Value != row.View!.Id))) act.ExpectVersion<Mandate>(row.View!.Id, row.Revision);
        var blocks = await Blocks([.. standing.Select(m => m.Id.Value)], ct);
        foreach (var changed in standing.Where(m => now.Any(n => n.Id == m.Id))) act.Expect(readings.Named<LineBlockView>("count_of_mandate"), changed.Id.Value, blocks[changed.Id.Value].Count());
        foreach (var mandate in standing) await Follow(act, mandate, blocks[mandate.Id.Value], standing, ct);
    }

    private async Task Follow(Act act, Mandate mandate, IEnumerable<(Guid Block, Guid Request)> blocks, IReadOnlyList<Mandate> standing, CancellationToken ct)
    {
        foreach (var (block, request) in blocks)
        {
            if (await readings.View<RequestView>(request, ct) is not { } view || view.LinesUntil < clock.Today("EU")) continue; // dropped, or about to be
            var today = clock.Today((await readings.View<OrganisationView>(view.Matter.Platform.Value, ct))!.Country);
            IReadOnlyList<int> Reached(IReadOnlyList<Scope> scopes) => Coverage.Of(scopes, view.Matter, Coverage.Columns(view.Matter, law.Hooks, law.Codes), law.Hooks, law.Codes);
            var rests = Succession.Of(mandate, standing, view.Matter.Representative, scopes => Reached(scopes).Count > 0, today);
            var live = Reached(rests.Reach).ToHashSet();
            var cancelled = await act.Decide<LineBlock, LineBlockEvent, LineBlockView>(block, lines => AnsweringLines.Cancel(lines, mandate.Id, live, today, clock.Now), ct);
            var shown = await act.Decide<LineBlock, LineBlockEvent, LineBlockView>(block, lines => AnsweringLines.Show(lines, mandate.Id, rests.Until, rests.DeliverTo, clock.Now), ct);
            if (view.FiledOn is null) continue;
            if (cancelled.Changed) act.Tell(view.Matter.Platform, "portability-request.lines-cancelled", request);
            else if (shown.Changed) act.Tell(view.Matter.Platform, "portability-request.changed", request);
        }
    }

    private async Task<ILookup<Guid, (Guid Block, Guid Request)>> Blocks(Guid[] mandates, CancellationToken ct) =>
        (await readings.Rows(readings.Named<LineBlockView>("blocks_of_mandates"), [mandates], row => (Mandate: (Guid)row[0]!, Block: (Guid)row[1]!, Request: (Guid)row[2]!), ct))
        .ToLookup(b => b.Mandate, b => (b.Block, b.Request));
}
