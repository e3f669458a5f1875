using Registry.Domain.Agreements;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;

namespace Registry.Application.Organisations;

/// <summary>The weights that count for a scope: its rule set's, of the nearest sector and territory that contain it, latest on or before a day.</summary>
public sealed class WeighedSides(Readings readings, Law law)
{
    public async Task<Weights> For(string ruleSet, AgreementScope scope, DateOnly on, CancellationToken ct)
    {
        var measured = (await readings.Query<RepresentativenessView>("under", [ruleSet, LegalDates.Text(on)], ct)).Select(r => r.View!)
            .Where(view => scope.Sectors.All(s => law.Codes.Sectors.Covers(view.Sector, s)) && scope.Territories.All(t => law.Codes.Territories.Covers(view.Territory, t)))
            .OrderByDescending(view => law.Codes.Sectors.AncestorsOrSelf(view.Sector).Count)
            .ThenByDescending(view => law.Codes.Territories.AncestorsOrSelf(view.Territory).Count)
            .ThenByDescending(view => view.MeasuredOn).ToList();
        return new Weights(First(measured, Side.Workers), First(measured, Side.Platforms));
    }


    private static RepresentativenessMeasured? First(IEnumerable<RepresentativenessView> measured, Side side) =>
        measured.FirstOrDefault(view => view.Side == side)?.Measured;
}
