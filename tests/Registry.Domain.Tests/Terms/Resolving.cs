using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Terms;

public sealed class Resolving
{
    private static readonly DataTerm Sector = Allowed("17", "reg:observed.location", "P90D", ["platform", "insurer"]);
    private static readonly DataTerm Lyon = Allowed("3", "reg:observed.location", "P30D", ["platform"]);
    private static readonly DataTerm Charter = Allowed("1", "reg:observed.location", "P365D", ["platform", "insurer", "advertiser"]);

    private static readonly Question Location = new(
        Org(9), new Sector("fr-platform:vtc"), new Territory("FR-69M"), WorkStatus.SelfEmployed, new DataCategory("reg:observed.location"),
        new Purpose("dpv:RequestedServiceProvision"), null, null, null, Day("2026-11-25"));

    private static DataTerm Allowed(string clause, string category, string retention, string[] recipients, string purpose = "dpv:RequestedServiceProvision") =>
        new(clause, category, purpose, TermDecision.Allowed, ["gdpr:A6-1-b"], retention, Recipients: recipients);

    private static Concluded In(Level level, params DataTerm[] terms) => new(level, terms) { Territories = [level == Level.Local ? "FR-69M" : "FR"] };

    private static Answer Ask(Question question, params Concluded[] agreements) => Concluded.All(agreements).Ask(question);

    private static Answer AskUnder(IReadOnlyList<RuleSets.LawFloor> floors, Question question, params Concluded[] agreements) => Concluded.All(agreements, floors: floors).Ask(question);

    /// <summary>DOMAIN scenario 3.</summary>
    [Fact]
    public void Sector_city_and_charter_fold_to_the_shortest_and_the_fewest()
    {
        var lyon = Ask(Location, In(Level.Sector, Sector), In(Level.Local, Lyon), In(Level.Platform, Charter));
        Assert.Equal((Verdict.Allowed, "P30D"), (lyon.Verdict, lyon.MaxRetention!.Text));
        Assert.Equal(["platform"], lyon.Recipients);
        var paris = Ask(Location, In(Level.Sector, Sector), In(Level.Platform, Charter));
        Assert.Equal("P90D", paris.MaxRetention!.Text);
        Assert.Equal(["insurer", "platform"], paris.Recipients);
        Assert.Equal(Verdict.NotAgreed, Ask(Location with { Purpose = new Purpose("dpv:Advertising") }, In(Level.Sector, Sector)).Verdict);
    }

    [Fact]
    public void A_minimum_above_another_texts_maximum_is_a_conflict_for_people()
    {
        var ratings = Location with { Category = new DataCategory("reg:reputation.ratings") };
        var answer = Ask(
            ratings, In(Level.Sector, Allowed("1", "reg:reputation.ratings", "P5Y", []) with { MinRetention = "P12M" }), In(Level.Local, Allowed("2", "reg:reputation.ratings", "P9M", [])));
        Assert.Equal((Verdict.Conflict, "minimum-above-maximum"), (answer.Verdict, answer.Rule));
    }

    [Fact]
    public void No_common_legal_basis_is_a_conflict() => Assert.Equal("no-common-legal-basis", Ask(
        Location, In(Level.Sector, Sector), In(Level.Local, Lyon with { LegalBasis = ["gdpr:A6-1-f"] })).Rule);

    [Fact]
    public void A_prohibition_is_inherited_and_no_narrower_permission_lifts_it()
    {
        var forbidding = new DataTerm("9", "reg:observed", "dpv:Marketing", TermDecision.Forbidden);
        var asked = Location with { Purpose = new Purpose("dpv:TargetedAdvertising") };
        Assert.Equal(Verdict.Forbidden, Ask(asked, In(Level.Sector, forbidding), In(Level.Platform, Allowed("1", "reg:observed.location", "P1D", [], "dpv:TargetedAdvertising"))).Verdict);
    }

    [Fact]
    public void A_permission_never_comes_down_by_purpose_but_by_category()
    {
        var broad = Allowed("1", "reg:observed", "P90D", [], "dpv:ServiceProvision");
        Assert.Equal(Verdict.Allowed, Ask(Location with { Purpose = new Purpose("dpv:ServiceProvision") }, In(Level.Sector, broad)).Verdict);
        Assert.Equal(Verdict.NotAgreed, Ask(Location with { Purpose = new Purpose("dpv:SellDataToThirdParties") }, In(Level.Sector, broad)).Verdict);
        Assert.Equal(Verdict.Allowed, Ask(Location, In(Level.Sector, broad with { SubPurposes = ["dpv:RequestedServiceProvision"] })).Verdict);
    }

    [Theory]
    [InlineData("reg:observed.location.offDuty")]
    [InlineData("reg:observed.messages")]
    [InlineData("reg:special.health")]
    public void What_must_be_named_explicitly_is_never_inherited(string category)
    {
        var root = category[..category.IndexOf('.', StringComparison.Ordinal)];
        var asked = Location with { Category = new DataCategory(category) };
        Assert.Equal(Verdict.NotAgreed, Ask(asked, In(Level.Sector, Allowed("1", root, "P90D", []))).Verdict);
        Assert.Equal(Verdict.Allowed, Ask(asked, In(Level.Sector, Allowed("1", category, "P90D", []))).Verdict);
    }

    [Theory]
    [InlineData("advertiser", null, null, Verdict.NotAgreed, "recipient-not-listed")]
    [InlineData("insurer", null, null, Verdict.Allowed, "most-protective")]
    [InlineData(null, "P91D", null, Verdict.Forbidden, "retention-above-maximum")]
    [InlineData(null, "P3M", null, Verdict.Forbidden, "retention-above-maximum")] // 92 days from 25 November: compared by the day reached
    [InlineData(null, "P90D", null, Verdict.Allowed, "most-protective")]
    [InlineData(null, null, 10, Verdict.Forbidden, "group-below-minimum")]
    [InlineData(null, null, 11, Verdict.Allowed, "most-protective")]
    public void A_condition_that_is_not_met_is_named(string? recipient, string? retention, int? group, Verdict verdict, string rule)
    {
        var answer = Ask(
            Location with { Recipient = recipient, Retention = retention is null ? null : Period.Parse(retention), GroupSize = group }, In(Level.Sector, Sector with { MinGroup = 11 }));
        Assert.Equal((verdict, rule), (answer.Verdict, answer.Rule));
    }

    [Fact]
    public void An_agreement_that_does_not_bind_is_told_apart_from_silence()
    {
        Assert.Equal(Verdict.NotBound, Ask(Location, In(Level.Sector, Sector) with { Signed = [(Org(1), Side.Workers, Day("2026-01-01"))] }).Verdict);
        Assert.Equal(Verdict.NotAgreed, Ask(Location).Verdict);
    }

    [Fact]
    public void PWD_7_1_binds_once_the_national_act_is_in_force_and_warns_before()
    {
        var asked = Location with { Category = new DataCategory("reg:observed.location.offDuty") };
        var permitting = In(Level.Sector, Allowed("1", "reg:observed.location.offDuty", "P1D", []));
        var before = Ask(asked, permitting);
        Assert.Equal(Verdict.Allowed, before.Verdict);
        Assert.Contains(before.Warnings, w => w.Code == "rule-not-in-force" && w.Source.Contains("Art. 7(1)(c)", StringComparison.Ordinal));
        var floors = Law.Floors.Select(f => f with { From = Day("2026-11-01") }).ToList();
        var after = AskUnder(floors, asked, permitting);
        Assert.Equal((Verdict.Forbidden, "law-floor"), (after.Verdict, after.Rule));
        Assert.Equal(Verdict.Allowed, AskUnder(floors, asked with { Status = WorkStatus.User }, permitting with { Statuses = [WorkStatus.User] }).Verdict);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answer_that_rests_on_an_unread_rule_says_so(bool confirmed)
    {
        var floor = new RuleSets.LawFloor("test", "FR", Day("2026-01-01"), null, "somewhere", confirmed, [], "reg:observed", null, null, new("", ""));
        var answer = AskUnder([floor], Location);
        Assert.Equal((Verdict.Forbidden, confirmed ? 0 : 1), (answer.Verdict, answer.Warnings.Count(w => w is { Code: "unconfirmed-rule", Source: "somewhere" })));
    }
}
