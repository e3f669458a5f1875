using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Organisations;

public sealed class Measuring
{
    private static RepresentativenessMeasured Of(params Weight[] weights) =>
        new(Guid.Empty, "fr-platform:vtc", "FR", "2022", Side.Workers, "FR-PLATFORM", Day("2022-06-24"), weights, Org(8), Noon);

    private static Outcome<RepresentativenessEvent> Measure(params Weight[] weights) => Representativeness.Measure(null, Of(weights));

    [Theory]
    [InlineData("100.00", null)]
    [InlineData("99.95", null)]
    [InlineData("100.05", null)]
    [InlineData("99.94", "percent-sum")]
    [InlineData("100.06", "percent-sum")]
    public void CT_L2232_6_percentages_of_representative_organisations_make_a_hundred(string sum, string? code)
    {
        var outcome = Measure(new Weight(Org(1), decimal.Parse(sum, System.Globalization.CultureInfo.InvariantCulture) - 40m, null, true), new Weight(Org(2), 40m, null, true), new Weight(Org(3), 7m, null, false));
        Assert.Equal(code, outcome.Refused?.Code);
    }

    [Fact]
    public void Votes_for_others_do_not_count_in_the_base()
    {
        var measured = Assert.IsType<RepresentativenessMeasured>(Measure(new Weight(Org(1), 0, 1, true), new Weight(Org(2), 0, 2, true), new Weight(Org(3), 0, 97, false)).Then());
        Assert.Equal(100m / 3m, measured.Weights[0].Percent);
        Assert.Equal(0m, measured.Weights[2].Percent);
    }

    [Fact]
    public void A_measured_cycle_does_not_change()
    {
        var known = Given<Representativeness, RepresentativenessEvent>(Of(new Weight(Org(1), 100m, null, true)));
        Representativeness.Measure(known, Of(new Weight(Org(1), 100m, null, true))).ThenNothing();
        Representativeness.Measure(known, Of(new Weight(Org(2), 100m, null, true))).ThenRefused("already-measured");
    }

    [Fact]
    public void Percentages_and_votes_are_not_mixed() => Measure(new Weight(Org(1), 50m, null, true), new Weight(Org(2), 0m, 5, true)).ThenRefused("percent-or-votes");
}
