using System.Diagnostics;
using Registry.Domain.Kernel;

namespace Registry.Domain.Organisations;

/// <summary>The measured weights of one side; measured once for a sector, a territory and a cycle, then only read.</summary>
public sealed record Representativeness(RepresentativenessMeasured Measured) : IEvolve<Representativeness, RepresentativenessEvent>
{
    /// <summary>Published percentages are rounded to hundredths, so that their sum may miss 100 by so much.</summary>
    private const decimal Tolerance = 0.05m;

    public static Representativeness? Evolve(Representativeness? state, RepresentativenessEvent happened) => happened switch
    {
        RepresentativenessMeasured e => new(e),
        _ => throw new UnreachableException($"Representativeness has no arm for {happened.GetType().Name}"),
    };

    public static Outcome<RepresentativenessEvent> Measure(Representativeness? state, RepresentativenessMeasured measured) => state switch
    {
        null when Check(measured.Weights) is { } refused => refused,
        null => measured with { Weights = Percentages(measured.Weights) },
        _ when Same(state.Measured, measured) => Outcome<RepresentativenessEvent>.Nothing,
        _ => OrganisationRefusals.AlreadyMeasured,
    };

    private static Refusal? Check(IReadOnlyList<Weight> weights)
    {
        var voted = weights.Count(w => w.Votes is not null);
        if (voted == weights.Count) return weights.Any(w => w.Representative && w.Votes > 0) ? null : OrganisationRefusals.PercentOrVotes;
        if (voted > 0) return OrganisationRefusals.PercentOrVotes;
        var sum = weights.Where(w => w.Representative).Sum(w => w.Percent);
        return Math.Abs(sum - 100m) > Tolerance ? OrganisationRefusals.PercentSum(sum) : null;
    }

    /// <summary>The base is the votes for representative organisations only (CT L2232-6, L7343-29), so the others weigh nothing.</summary>
    private static List<Weight> Percentages(IReadOnlyList<Weight> weights)
    {
        if (weights[0].Votes is null) return [.. weights.Select(w => w.Representative ? w : w with { Percent = 0m })];
        decimal all = weights.Where(w => w.Representative).Sum(w => w.Votes!.Value);
        return [.. weights.Select(w => w with { Percent = w.Representative ? w.Votes!.Value * 100m / all : 0m })];
    }

    private static bool Same(RepresentativenessMeasured known, RepresentativenessMeasured asked) =>
        Check(asked.Weights) is null && known.MeasuredOn == asked.MeasuredOn && known.RuleSet == asked.RuleSet
        && known.Weights.SequenceEqual(Percentages(asked.Weights));
}
