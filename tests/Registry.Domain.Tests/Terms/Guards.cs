using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Terms;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Terms;

public sealed class Guards
{
    private static readonly DataTerm Sound = new("1", "reg:observed.trips", "dpv:ServiceProvision", TermDecision.Allowed, ["gdpr:A6-1-b"], "P12M");

    private static readonly AgreementScope Scope = new(["fr-platform:vtc"], ["FR-69"], [WorkStatus.SelfEmployed]);

    private static Refusal? Check(IReadOnlyList<RuleSets.LawFloor> floors, params DataTerm[] terms) => TermGuards.Check(terms, Law.Codes, floors, Scope, Day("2026-11-25"), "/terms");

    private static string? Code(DataTerm term) => Check(Law.Floors, term)?.Code;

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
    public void A_clause_stands_once() => Assert.Equal("clause-twice", Check(Law.Floors, Sound, Sound)!.Code);

    /// <summary>A rule file of the tests: France has not put the directive into force.</summary>
    [Theory]
    [InlineData("reg:observed.location.offDuty", "2026-01-01", "FR", "below-law-floor")]
    [InlineData("reg:observed.location", "2026-01-01", "FR", null)] // wider: the floor is cut out when it is asked about
    [InlineData("reg:observed.location.offDuty", "2026-12-02", "FR", null)] // not in force yet
    [InlineData("reg:observed.location.offDuty", "2026-01-01", "ES", null)] // elsewhere
    [InlineData("reg:observed.location.offDuty", null, "FR", null)] // not transposed
    public void PWD_7_1_c_nobody_agrees_to_what_a_floor_in_force_forbids(string category, string? from, string country, string? code)
    {
        var floor = new RuleSets.LawFloor("pwd-7-1-c", country, from is null ? null : Day(from), null, "PWD Art. 7(1)(c)", true, [WorkStatus.SelfEmployed], "reg:observed.location.offDuty", null, null, new("", ""));
        Assert.Equal(code, Check([floor], Sound with { Category = category })?.Code);
        Assert.Null(Check([floor], Sound with { Category = category, Decision = TermDecision.Forbidden, LegalBasis = null }));
    }

    /// <summary>What the law has kept for five years cannot be agreed to be kept for less; longer, or elsewhere, it can.</summary>
    [Theory]
    [InlineData("P4Y", WorkStatus.Employee, "below-law-floor")]
    [InlineData("P5Y", WorkStatus.Employee, null)]
    [InlineData("P4Y", WorkStatus.SelfEmployed, null)]
    public void CT_L3243_4_nobody_agrees_to_keep_a_payslip_for_less_than_the_law_says(string retention, WorkStatus status, string? code)
    {
        var payslips = Sound with { Category = "reg:experience.earnings", Purpose = "dpv:PersonnelPayment", MaxRetention = retention };
        var refused = TermGuards.Check([payslips], Law.Codes, Law.Floors, Scope with { Statuses = [status] }, Day("2026-11-25"), "/terms");
        Assert.Equal((code, code is null ? null : "/terms/0/maxRetention"), (refused?.Code, refused?.Pointer));
    }
}
