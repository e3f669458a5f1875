using Registry.Domain.Terms;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Terms;

public sealed class Guards
{
    private static readonly DataTerm Sound = new("1", "reg:observed.trips", "dpv:ServiceProvision", TermDecision.Allowed, ["gdpr:A6-1-b"], "P12M");

    private static string? Code(DataTerm term) => TermGuards.Check([term], Law.Codes, Day("2026-11-25"))?.Code;

    [Fact]
    public void A_sound_term_passes() => Assert.Null(Code(Sound));

    [Fact]
    public void GDPR_6_1_allowed_without_a_legal_basis() => Assert.Equal("no-legal-basis", Code(Sound with { LegalBasis = null }));

    [Fact]
    public void GDPR_88_and_C_65_23_a_collective_agreement_is_no_legal_basis() => Assert.Equal("agreement-is-no-legal-basis", Code(Sound with { LegalBasis = ["gdpr:A6-1-b", "reg:collectiveAgreement"] }));

    [Fact]
    public void GDPR_9_2_a_special_category_needs_a_basis_of_its_own()
    {
        Assert.Equal("special-category-without-basis", Code(Sound with { Category = "reg:special.health" }));
        Assert.Null(Code(Sound with { Category = "reg:special.health", LegalBasis = ["gdpr:A6-1-b", "gdpr:A9-2-b"] }));
    }

    [Fact]
    public void GDPR_5_1_e_open_ended_retention() => Assert.Equal("open-ended-retention", Code(Sound with { MaxRetention = null }));

    [Theory]
    [InlineData("P13M", "minimum-above-maximum")]
    [InlineData("P366D", "minimum-above-maximum")]
    [InlineData("P365D", null)]
    public void A_minimum_above_its_maximum_is_compared_by_the_day_reached(string minimum, string? code) => Assert.Equal(code, Code(Sound with { MinRetention = minimum }));

    [Theory]
    [InlineData("dpv:SellDataToThirdParties")]
    public void Personal_data_are_not_for_sale(string purpose)
    {
        Assert.Equal("sale-of-personal-data", Code(Sound with { Purpose = purpose }));
        Assert.Equal("sale-of-personal-data", Code(Sound with { SubPurposes = [purpose] }));
        Assert.Null(Code(Sound with { Purpose = purpose, Decision = TermDecision.Forbidden }));
    }

    [Theory]
    [InlineData(Consideration.ServiceAccess, "service-access-as-consideration")]
    [InlineData(Consideration.Price, "price-on-personal-data")]
    [InlineData(Consideration.Benefit, null)]
    public void GDPR_7_4_what_cannot_be_given_in_return(Consideration consideration, string? code) => Assert.Equal(code, Code(Sound with { Consideration = consideration }));

    [Fact]
    public void A_clause_stands_once() => Assert.Equal("clause-twice", TermGuards.Check([Sound, Sound], Law.Codes, Day("2026-11-25"))!.Code);
}
