using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Terms;

/// <summary>What comes out where several permit the same: what is owed in return, which of them holds, what it rests on, and what a person mandated.</summary>
public sealed class Folds
{
    private static readonly DataTerm Trips = new("1", "reg:observed.trips", "dpv:ServiceProvision", TermDecision.Allowed, ["gdpr:A6-1-b"], "P90D");

    private static readonly Question Asked = new(
        Org(9), new Sector("fr-platform:vtc"), new Territory("FR"), WorkStatus.SelfEmployed, new DataCategory("reg:observed.trips"), new Purpose("dpv:ServiceProvision"), null, null, null, Day("2026-11-25"));

    private static Answer Ask(params Concluded[] agreements) => Concluded.All(agreements).Ask(Asked);

    [Fact]
    public void What_is_owed_in_return_adds_up_a_channel_with_every_format_and_the_shortest_delay()
    {
        static DataTerm Owing(string clause, PortabilityEntitlement? take, bool? information = null, bool? review = null) =>
            Trips with { Clause = clause, Entitlements = new Entitlements(take, information, review) };
        var answer = Ask(
            new(Level.Sector, Owing("1", new(["json"], "P1M", "download"), information: true)),
            new(Level.Sector, Owing("2", new(["csv", "json"], "P15D", "download"))),
            new(Level.Local, Owing("3", new(["json"], "P30D", "api"), review: true)),
            new(Level.Platform, Trips with { Clause = "4" }));
        Assert.Equal(Verdict.Allowed, answer.Verdict);
        Assert.Equal(
            ["portability api json P30D", "portability download csv json P15D", "information", "humanReview"],
            answer.Obligations.Select(o => string.Join(' ', new[] { o.Kind, o.Channel }.Concat(o.Formats ?? []).Append(o.Within).OfType<string>())));
    }

    [Theory]
    [InlineData(true, true, true, "equivalent-guarantees")]
    [InlineData(false, true, true, "branch-prevails")]
    [InlineData(true, false, true, "branch-prevails")]
    [InlineData(true, true, false, "branch-prevails")]
    public void CT_L2253_1_a_company_guarantees_as_much_only_with_what_the_branch_gives_in_return(bool take, bool information, bool review, string rule)
    {
        static DataTerm Owing(string clause, bool take, bool information, bool review) =>
            Trips with { Clause = clause, Entitlements = new Entitlements(take ? new(["json"], "P1M", "download") : null, information, review) };
        var answer = Ask(
            new(Level.Sector, Owing("1", true, true, true)) { RuleSet = "TEST-BRANCH" },
            new(Level.Platform, Owing("2", take, information, review)) { RuleSet = "TEST-BRANCH" });
        Assert.Equal((Verdict.Allowed, rule), (answer.Verdict, answer.Rule));
        Assert.Contains(answer.Warnings, w => w is { Code: "unconfirmed-rule", Source: "CT L2253-1" }); // the rule of that file is unconfirmed
    }

    [Fact]
    public void An_answer_says_that_it_rests_on_a_survival_a_denunciation_or_an_extension_that_nobody_confirmed()
    {
        static string[] Rests(Concluded agreement) => [.. Ask(agreement).Warnings.Where(w => w.Code == "unconfirmed-rule").Select(w => w.Source).Order(StringComparer.Ordinal)];
        static string[] Unconfirmed(string ruleSet, params string[] rules) =>
            [.. rules.Select(name => Concluded.Law.RuleSets[ruleSet].Get(name, Asked.On)).Where(rule => !rule.Confirmed).Select(rule => rule.Source).Order(StringComparer.Ordinal)];
        foreach (var ruleSet in new[] { "FR-PLATFORM", "FR-BRANCH" })
        {
            var plain = new Concluded(Level.Sector, Trips) { RuleSet = ruleSet };
            Assert.Empty(Rests(plain));
            var surviving = plain with { Denounced = (Day("2026-06-01"), Day("2026-09-01"), Day("2027-09-01")) };
            Assert.Equal(Unconfirmed(ruleSet, "survival"), Rests(surviving));
            var noticed = plain with { Denounced = (Day("2026-11-01"), Day("2027-02-01"), Day("2028-02-01")) };
            Assert.Equal(Unconfirmed(ruleSet, "denunciation"), Rests(noticed));
            var extended = plain with { Signed = [(Org(1), Side.Workers, Day("2026-01-01")), (Org(7), Side.Platforms, Day("2026-01-01"))], Extended = (Day("2026-03-01"), []) };
            Assert.Equal(Unconfirmed(ruleSet, "extension"), Rests(extended));
        }
        Assert.NotEmpty(Unconfirmed("FR-PLATFORM", "survival"));
    }

    public static TheoryData<string, MandateStatus, string, string, int, string, string> Mandates => new()
    {
        { "most-protective", MandateStatus.Active, "2026-11-25", "2026-11-26", 9, "dpv:ServiceProvision", "reg:observed" },
        { "mandate-not-accepted", MandateStatus.Offered, "2026-11-25", "2026-11-26", 9, "dpv:ServiceProvision", "reg:observed" },
        { "mandate-withdrawn", MandateStatus.Withdrawn, "2026-11-25", "2026-11-26", 9, "dpv:ServiceProvision", "reg:observed" },
        { "mandate-not-yet-valid", MandateStatus.Active, "2026-11-26", "2027-11-26", 9, "dpv:ServiceProvision", "reg:observed" },
        { "mandate-paused", MandateStatus.Paused, "2026-01-01", "2026-11-26", 9, "dpv:ServiceProvision", "reg:observed" },
        { "mandate-superseded", MandateStatus.Superseded, "2026-01-01", "2026-11-26", 9, "dpv:ServiceProvision", "reg:observed" },
        { "mandate-renounced", MandateStatus.Renounced, "2026-01-01", "2026-11-26", 9, "dpv:ServiceProvision", "reg:observed" },
        { "mandate-ended", MandateStatus.Ended, "2026-01-01", "2026-11-26", 9, "dpv:ServiceProvision", "reg:observed" },
        { "mandate-expired", MandateStatus.Expired, "2026-01-01", "2026-11-25", 9, "dpv:ServiceProvision", "reg:observed" },
        { "mandate-other-controller", MandateStatus.Active, "2026-11-25", "2026-11-26", 8, "dpv:ServiceProvision", "reg:observed" },
        { "mandate-other-purpose", MandateStatus.Active, "2026-11-25", "2026-11-26", 9, "dpv:Purpose", "reg:observed" }, // exactly the purposes that it names
        { "mandate-other-category", MandateStatus.Active, "2026-11-25", "2026-11-26", 9, "dpv:ServiceProvision", "reg:observed.trips.detail" },
    };

    [Theory]
    [MemberData(nameof(Mandates))]
    public void With_a_mandate_an_answer_is_what_both_allow(string rule, MandateStatus status, string from, string to, int controller, string purpose, string category)
    {
        var allowed = Ask(new Concluded(Level.Sector, Trips));
        var scope = new Scope(new ScopeId(Guid.NewGuid()), [MandateRight.Portability], [category], [purpose], [Org(controller)]);
        var answer = Mandated.Within(allowed, new MandateOnTheDay(status, new Validity(Day(from), Day(to)), [scope]), Asked, Concluded.Law.Codes);
        Assert.Equal((rule == "most-protective" ? Verdict.Allowed : Verdict.NotAgreed, rule), (answer.Verdict, answer.Rule));
        var forbidden = Ask(new Concluded(Level.Sector, Trips with { Decision = TermDecision.Forbidden }));
        Assert.Equal("prohibition", Mandated.Within(forbidden, new MandateOnTheDay(status, new Validity(Day(from), Day(to)), [scope]), Asked, Concluded.Law.Codes).Rule);
    }

    [Theory]
    [InlineData("reg:nothing", null, null)]
    [InlineData(null, "dpv:Nothing", null)]
    [InlineData(null, null, "five years")]
    public void A_broken_floor_is_named_at_the_start(string? category, string? purpose, string? retention)
    {
        var floor = new LawFloor("test-floor", "FR", null, null, "somewhere", true, [], category, purpose, null, new("", ""), retention);
        Assert.Contains("test-floor", Assert.Throws<RuleSetException>(() => floor.Check(Concluded.Law.Codes)).Message, StringComparison.Ordinal);
    }
}
