using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Agreements;

public sealed class Bargaining
{
    private static readonly AgreementId Id = new(Guid.NewGuid());
    private static readonly (OrganisationId A, OrganisationId B, OrganisationId C, OrganisationId D, OrganisationId P) O = (Org(1), Org(2), Org(3), Org(4), Org(5));
    private static readonly string Hash = new('a', 64);

    private static readonly AgreementOpened Opened = new(
        Id, "Data", "FR-PLATFORM", Nature.Agreement, new AgreementScope(["fr-platform:vtc"], ["FR"], [WorkStatus.SelfEmployed]), Level.Sector,
        [new(O.A, Side.Workers), new(O.B, Side.Workers), new(O.C, Side.Workers), new(O.D, Side.Workers), new(O.P, Side.Platforms)], O.A, Noon);

    private static readonly TabledText Text = new(1, Hash, [], null, null, null, O.A, Side.Workers);

    private static readonly Weights Audience = new(
        new RepresentativenessMeasured(Guid.Empty, "fr-platform:vtc", "FR", "1", Side.Workers, "FR-PLATFORM", Day("2026-01-01"),
            [new(O.A, 42, null, true), new(O.B, 30, null, true), new(O.C, 16, null, true), new(O.D, 12, null, true)], Org(8), Noon), null);

    private static readonly AgreementEvent[] Agreed = [Opened, new AgreementTextTabled(Id, Text, Noon), new AgreementTextAccepted(Id, 1, Hash, O.P, Side.Platforms, Noon)];

    private static Agreement? Given(params AgreementEvent[] events) => GivenWhenThen.Given<Agreement, AgreementEvent>(events);

    private static Agreement? Signed(string rules, params OrganisationId[] signers)
    {
        var events = Agreed.ToList();
        foreach (var signer in signers) events.Add(Sign(Given([.. events]), signer, rules));
        return Given([.. events]);
    }

    private static AgreementEvent Sign(Agreement? agreement, OrganisationId by, string rules = "FR-PLATFORM") =>
        Conclusion.Sign(agreement, by, 1, Hash, Day("2026-12-10"), null, Law.RuleSets[rules], Audience, Noon).Then();

    [Theory]
    [InlineData("FR-PLATFORM", "CT L7343-29: more than 30 %", false)]
    [InlineData("FR-BRANCH", "CT L2232-6: at least 30 %", true)]
    public void The_signature_test_is_the_rule_sets(string rules, string article, bool valid)
    {
        Assert.NotEmpty(article);
        Assert.Equal(valid, Signed(rules, O.B, O.P)!.IsSigned); // 30.0 exactly
    }

    [Fact]
    public void CT_L7343_29_needs_a_platform_organisation_too()
    {
        Assert.False(Signed("FR-PLATFORM", O.B, O.C)!.IsSigned); // 46 %, nobody for the platforms
        Assert.True(Signed("FR-PLATFORM", O.B, O.C, O.P)!.IsSigned);
    }

    [Fact]
    public void Who_signs_must_be_party_and_representative_and_sign_once()
    {
        Conclusion.Sign(Given(Agreed), Org(7), 1, Hash, Day("2026-12-10"), null, Law.RuleSets["FR-PLATFORM"], Audience, Noon).ThenRefused("not-a-party");
        Conclusion.Sign(Signed("FR-PLATFORM", O.B), O.B, 1, Hash, Day("2026-12-10"), null, Law.RuleSets["FR-PLATFORM"], Audience, Noon).ThenNothing();
        var none = new Weights(Audience.Workers! with { Weights = [new Weight(O.A, 100, null, true)] }, null);
        Conclusion.Sign(Given(Agreed), O.B, 1, Hash, Day("2026-12-10"), null, Law.RuleSets["FR-PLATFORM"], none, Noon).ThenRefused("not-representative");
        Conclusion.Sign(Given(Agreed), O.B, 1, Hash, Day("2026-12-10"), null, Law.RuleSets["FR-PLATFORM"], new Weights(null, null), Noon).ThenRefused("nothing-measured");
        Conclusion.Sign(Given(Opened), O.B, 1, Hash, Day("2026-12-10"), null, Law.RuleSets["FR-PLATFORM"], Audience, Noon).ThenRefused("no-consensus");
        Conclusion.Sign(Given(Agreed), O.B, 1, new string('b', 64), Day("2026-12-10"), null, Law.RuleSets["FR-PLATFORM"], Audience, Noon).ThenRefused("not-the-tabled-text");
    }

    [Fact]
    public void The_same_side_may_not_table_twice_in_a_row()
    {
        Agreement.Table(Given(Opened, new AgreementTextTabled(Id, Text, Noon)), O.B, Text, Noon).ThenRefused("not-your-turn");
        var second = Assert.IsType<AgreementTextTabled>(Agreement.Table(Given(Opened, new AgreementTextTabled(Id, Text, Noon)), O.P, Text, Noon).Then());
        Assert.Equal((2, Side.Platforms, O.P), (second.Text.Version, second.Text.Side, second.Text.By));
    }

    [Fact]
    public void Only_the_last_tabled_text_is_accepted_by_the_other_side_with_its_hash()
    {
        var tabled = Given(Opened, new AgreementTextTabled(Id, Text, Noon));
        Agreement.Accept(tabled, O.P, 1, new string('b', 64), Noon).ThenRefused("not-the-tabled-text");
        Agreement.Accept(tabled, O.P, 2, Hash, Noon).ThenRefused("not-the-tabled-text");
        Agreement.Accept(tabled, O.B, 1, Hash, Noon).ThenRefused("other-side-accepts");
        Agreement.Accept(tabled, O.A, 1, Hash, Noon).ThenNothing();
        Assert.NotNull(Given(Opened, new AgreementTextTabled(Id, Text, Noon), Agreement.Accept(tabled, O.P, 1, Hash, Noon).Then())!.Agreed);
        Agreement.Accept(Given(Agreed), O.B, 1, Hash, Noon).Then(); // further acceptances are recorded
        Agreement.Table(Given(Agreed), O.P, Text, Noon).ThenRefused("already-agreed");
    }

    [Theory]
    [InlineData("2026-12-17", "2027-01-04")]
    [InlineData("2026-12-10", "2026-12-28")] // day 15 is Christmas, a Friday
    public void CT_L2231_8_the_window_for_opposition_is_fifteen_days_and_rolls(string notified, string until)
    {
        var happened = Notify(Signed("FR-PLATFORM", O.B, O.C, O.P), notified);
        Assert.Equal(Day(until), Assert.IsType<AgreementNotified>(happened).OppositionUntil);
    }

    [Fact]
    public void CT_L2231_8_more_than_half_inside_the_window_kills_the_agreement()
    {
        var signed = Signed("FR-PLATFORM", O.B, O.C, O.P);
        var notified = GivenWhenThen.Given<Agreement, AgreementEvent>([.. Agreed, .. signed!.Signatures, Notify(signed, "2026-12-17")]);
        var alone = Assert.IsType<AgreementOppositionReceived>(Oppose(notified, O.A, "2027-01-04").Then());
        Assert.Equal((42m, false), (alone.Share, alone.Blocking));
        var both = Assert.IsType<AgreementOppositionReceived>(Oppose(Agreement.Evolve(notified, alone), O.D, "2027-01-04").Then());
        Assert.Equal((54m, true), (both.Share, both.Blocking));
        Oppose(notified, O.D, "2027-01-05").ThenRefused("opposition-late");
        Oppose(notified, O.D, "2026-12-16").ThenRefused("before-notification");
        Oppose(notified, O.B, "2026-12-20").ThenRefused("signatory-opposes");
        Deposit(Agreement.Evolve(Agreement.Evolve(notified, alone), both), "2027-01-05").ThenRefused("agreement-opposed");
    }

    [Fact]
    public void CT_L7343_39_and_L7343_31_in_force_the_day_after_the_deposit_and_for_five_years_if_silent()
    {
        var signed = Signed("FR-PLATFORM", O.B, O.C, O.P);
        var notified = GivenWhenThen.Given<Agreement, AgreementEvent>([.. Agreed, .. signed!.Signatures, Notify(signed, "2026-12-17")]);
        Deposit(signed, "2027-01-05").ThenRefused("not-notified");
        Deposit(notified, "2027-01-04").ThenRefused("opposition-window-open");
        var deposited = Assert.IsType<AgreementDeposited>(Deposit(notified, "2027-01-05").Then());
        Assert.Equal(new Validity(Day("2027-01-06"), Day("2032-01-06")), deposited.Validity);
        Deposit(Agreement.Evolve(notified, deposited), "2027-01-05").ThenRefused("already-deposited");
    }

    [Theory]
    [InlineData(null, "2032-01-06")]
    [InlineData("P18M", "2028-07-06")]
    [InlineData("indefinite", null)]
    public void The_duration_is_what_the_text_says(string? duration, string? to)
    {
        AgreementEvent[] events = [Opened, new AgreementTextTabled(Id, Text with { Duration = duration }, Noon), new AgreementTextAccepted(Id, 1, Hash, O.P, Side.Platforms, Noon)];
        var agreement = Given(events);
        foreach (var signer in new[] { O.B, O.C, O.P }) agreement = Agreement.Evolve(agreement, Sign(agreement, signer));
        agreement = Agreement.Evolve(agreement, Notify(agreement, "2026-12-17"));
        Assert.Equal(to is null ? null : Day(to), Assert.IsType<AgreementDeposited>(Deposit(agreement, "2027-01-05").Then()).Validity.To);
    }

    [Fact]
    public void An_agreement_has_two_sides_and_a_charter_one()
    {
        Agreement.Open(null, Opened with { Parties = [new(O.A, Side.Workers)] }).ThenRefused("two-sides-needed");
        Agreement.Open(null, Opened with { Nature = Nature.Charter }).ThenRefused("charter-has-one-side");
        Agreement.Open(null, Opened with { By = Org(7) }).ThenRefused("opener-is-no-party");
        Agreement.Open(null, Opened with { Parties = [.. Opened.Parties, new(O.A, Side.Platforms)] }).ThenRefused("party-twice");
    }

    private static AgreementEvent Notify(Agreement? agreement, string on) =>
        Conclusion.Notify(agreement, O.B, Day(on), Day("2027-12-31"), Law.RuleSets["FR-PLATFORM"], Law.Calendars.At("FR"), Noon).Then();

    private static Outcome<AgreementEvent> Oppose(Agreement? agreement, OrganisationId by, string on) =>
        Conclusion.Oppose(agreement, by, "reasons", Day(on), Day(on), Law.RuleSets["FR-PLATFORM"], Audience, Noon);

    private static Outcome<AgreementEvent> Deposit(Agreement? agreement, string on) =>
        Conclusion.Deposit(agreement, O.P, Day(on), Day("2027-12-31"), null, Law.RuleSets["FR-PLATFORM"], Noon);
}
