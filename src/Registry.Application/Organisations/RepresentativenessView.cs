using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;

namespace Registry.Application.Organisations;

public sealed record RepresentativenessView(
    Guid Id, string Sector, string Territory, string Cycle, Side Side, string RuleSet, DateOnly MeasuredOn, IReadOnlyList<WeightView> Weights,
    [Kept] RepresentativenessMeasured Measured) : IEvolve<RepresentativenessView, RepresentativenessEvent>, IIdentified
{
    public static RepresentativenessView? Evolve(RepresentativenessView? view, RepresentativenessEvent happened) => happened switch
    {
        RepresentativenessMeasured e => new(
            e.Representativeness, e.Sector, e.Territory, e.Cycle, e.Side, e.RuleSet, e.MeasuredOn,
            [.. e.Weights.Select(w => new WeightView(w.Organisation.Value, decimal.Round(w.Percent, 2), w.Votes, w.Representative))], e),
        _ => view,
    };
}

/// <summary>Percent is of the votes for representative organisations, shown with two decimals and compared before rounding.</summary>
public sealed record WeightView(Guid Organisation, decimal Percent, long? Votes, bool Representative);
