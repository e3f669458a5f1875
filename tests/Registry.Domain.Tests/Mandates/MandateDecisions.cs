using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Mandates;

public sealed class MandateDecisions
{
    private static readonly MandateId Id = new(Guid.NewGuid());
    private static readonly MemberRef Member = new(Guid.NewGuid());
    private static readonly OrganisationId Union = Org(1);
    private static readonly Scope Trips = Scope(["reg:observed.trips"]);
    private static readonly Scope Ratings = Scope(["reg:reputation"]);
    private static readonly MandateDeed Deed = new(
        Member, Union, [Trips, Ratings], new Validity(Day("2026-11-25"), Day("2027-11-25")), false, true, [], "fr", "2026-1", null, new MandateEvidence(EvidenceMethod.Paper, Day("2026-11-20"), new string('a', 64)));

    private static readonly MandateEvent Granted = new MandateGranted(Id, Deed, Noon);
    private static readonly MandateEvent Accepted = new MandateAccepted(Id, Noon);

    private static Scope Scope(IReadOnlyList<string> categories, IReadOnlyList<string>? purposes = null, IReadOnlyList<OrganisationId>? controllers = null) =>
        new(new ScopeId(Guid.NewGuid()), [MandateRight.Portability], categories, purposes ?? ["dpv:RightsFulfillment"], controllers ?? [Org(9)]);

    private static Mandate? Given(params MandateEvent[] events) => GivenWhenThen.Given<Mandate, MandateEvent>(events);

    [Fact]
    public void C_civ_1984_granted_by_the_member_it_is_an_offer() => Assert.Equal(MandateStatus.Offered, Given(Granted)!.StatusOn(Day("2026-11-26")));

    [Fact]
    public void C_civ_1985_recorded_on_evidence_it_is_accepted_by_that_act() =>
        Assert.IsType<MandateRecorded>(Mandate.Record(null, Id, Deed, Law.Codes, Day("2026-11-25"), Noon).Then());

    [Fact]
    public void A_mandate_recorded_without_evidence_is_refused() =>
        Mandate.Record(null, Id, Deed with { Evidence = null }, Law.Codes, Day("2026-11-25"), Noon).ThenRefused("evidence-needed");

    [Theory]
    [InlineData("2027-11-25", null)]
    [InlineData("2027-11-26", "mandate-too-long")]
    [InlineData("2026-11-25", "mandate-already-over")]
    [InlineData(null, "mandate-without-end")]
    public void A_mandate_lasts_twelve_months_at_most(string? to, string? refusal)
    {
        var outcome = Mandate.Grant(null, Id, Deed with { Validity = new Validity(Day("2026-11-25"), to is null ? null : Day(to)) }, Law.Codes, Day("2026-11-25"), Noon);
        if (refusal is null) outcome.Then();
        else outcome.ThenRefused(refusal);
    }

    [Fact]
    public void CNIL_2021_070_no_controller_no_object_no_purpose_is_no_mandate()
    {
        Grant(Scope(["reg:observed"], controllers: [])).ThenRefused("no-controller");
        Grant(Scope([])).ThenRefused("no-object");
        Grant(Scope(["reg:observed"], purposes: [])).ThenRefused("no-object");
    }

    [Fact]
    public void C_civ_1988_a_general_mandate_is_refused()
    {
        Grant(Scope(["reg:observed"], purposes: ["dpv:Purpose"])).ThenRefused("general-mandate");
        Grant(Scope([.. Law.Codes.DataCategories.Roots])).ThenRefused("general-mandate");
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() =>
        Assert.Equal(2, Grant(Scope([], controllers: [])).Refused!.Also.Count + 1);

    [Fact]
    public void Only_its_representative_accepts()
    {
        Assert.IsType<MandateAccepted>(Mandate.Accept(Given(Granted), Union, Day("2026-11-26"), Noon).Then());
        Mandate.Accept(Given(Granted), Org(2), Day("2026-11-26"), Noon).ThenRefused("unknown-mandate");
        Mandate.Accept(Given(Granted, Accepted), Union, Day("2026-11-26"), Noon).ThenNothing();
        Mandate.Accept(Given(Granted), Union, Day("2027-11-25"), Noon).ThenRefused("mandate-expired");
        Mandate.Accept(Given(Granted, new MandateWithdrawn(Id, null, null, null, Noon)), Union, Day("2026-11-26"), Noon).ThenRefused("mandate-withdrawn");
    }

    [Fact]
    public void GDPR_7_3_the_member_withdraws_at_once_and_again_is_harmless()
    {
        var withdrawn = Mandate.Withdraw(Given(Granted, Accepted), new Speaker(Member, null), null, null, null, Day("2026-11-26"), Noon).Then();
        Mandate.Withdraw(Given(Granted, Accepted, withdrawn), new Speaker(Member, null), null, null, null, Day("2026-11-26"), Noon).ThenNothing();
    }

    [Fact]
    public void The_representative_records_its_members_word() =>
        Assert.IsType<MandateWithdrawn>(Mandate.Withdraw(Given(Granted), new Speaker(null, Union), null, Day("2026-11-24"), null, Day("2026-11-26"), Noon).Then());

    [Fact]
    public void A_stranger_learns_nothing()
    {
        Mandate.Withdraw(Given(Granted), new Speaker(new MemberRef(Guid.NewGuid()), null), null, null, null, Day("2026-11-26"), Noon).ThenRefused("unknown-mandate");
        Mandate.Withdraw(Given(Granted), new Speaker(null, Org(2)), null, null, null, Day("2026-11-26"), Noon).ThenRefused("unknown-mandate");
        Mandate.Withdraw(Given(Granted), new Speaker(null, null), null, null, null, Day("2026-11-26"), Noon).ThenRefused("unknown-mandate");
        Mandate.Withdraw(null, new Speaker(Member, null), null, null, null, Day("2026-11-26"), Noon).ThenRefused("unknown-mandate");
    }

    [Fact]
    public void A_mandate_whose_last_scope_is_withdrawn_is_withdrawn()
    {
        var one = Mandate.Withdraw(Given(Granted), new Speaker(Member, null), Trips.Id, null, null, Day("2026-11-26"), Noon).Then();
        Assert.Equal([Ratings], Given(Granted, one)!.LiveOn(Day("2026-11-26")));
        Assert.NotEqual(MandateStatus.Withdrawn, Given(Granted, one)!.StatusOn(Day("2026-11-26")));
        Mandate.Withdraw(Given(Granted, one), new Speaker(Member, null), Trips.Id, null, null, Day("2026-11-26"), Noon).ThenNothing();
        var other = Mandate.Withdraw(Given(Granted, one), new Speaker(Member, null), Ratings.Id, null, null, Day("2026-11-26"), Noon).Then();
        Assert.Equal(MandateStatus.Withdrawn, Given(Granted, one, other)!.StatusOn(Day("2026-11-26")));
        Mandate.Withdraw(Given(Granted), new Speaker(Member, null), new ScopeId(Guid.NewGuid()), null, null, Day("2026-11-26"), Noon).ThenRefused("unknown-scope");
    }

    [Theory]
    [InlineData("2010-11-25", false, null)] // sixteen today
    [InlineData("2010-11-26", false, "guardian-needed")]
    [InlineData("2012-01-01", true, null)]
    [InlineData(null, false, null)]
    public void LIL_45_below_sixteen_a_guardian_signs_too(string? born, bool guardian, string? refusal) => Assert.Equal(
        refusal, MandatePolicy.OfAge(born is null ? null : Day(born), guardian ? new GuardianConsent(Day("2026-11-20"), new string('b', 64)) : null, Day("2026-11-25"))?.Code);

    private static Outcome<MandateEvent> Grant(Scope scope) => Mandate.Grant(null, Id, Deed with { Scopes = [scope] }, Law.Codes, Day("2026-11-25"), Noon);
}
