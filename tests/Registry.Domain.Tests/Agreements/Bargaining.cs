using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using static Registry.Domain.Tests.Agreements.Bargain;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Agreements;

public sealed class Bargaining
{
    private static Bargain Signed(string rules, params OrganisationId[] signers)
    {
        var bargain = new Bargain(rules).Agreed();
        foreach (var signer in signers) bargain.Sign(signer).Done();
        return bargain;
    }

    private static Bargain Notified(string on = "2026-12-17")
    {
        var bargain = Signed("FR-PLATFORM", B, C, P);
        bargain.Today = Day(on);
        bargain.Notify(B).Done();
        return bargain;
    }

    [Theory]
    [InlineData("FR-PLATFORM", "CT L7343-29: more than 30 %", false)]
    [InlineData("FR-BRANCH", "CT L2232-6: at least 30 %", true)]
    public void The_signature_test_is_the_rule_sets(string rules, string article, bool valid)
    {
        Assert.NotEmpty(article);
        Assert.Equal(valid, Signed(rules, B, P).Facts!.Own!.IsSigned); // 30.0 exactly
    }

    [Fact]
    public void CT_L7343_29_needs_a_platform_organisation_too()
    {
        Assert.False(Signed("FR-PLATFORM", B, C).Facts!.Own!.IsSigned); // 46 %, nobody for the platforms
        Assert.True(Signed("FR-PLATFORM", B, C, P).Facts!.Own!.IsSigned);
    }

    [Fact]
    public void ET_89_3_a_majority_of_each_bench()
    {
        Assert.False(Signed("ES", A, B, P).Facts!.Own!.IsSigned); // 72 % and exactly half
        Assert.False(Signed("ES", A, P, Q).Facts!.Own!.IsSigned); // 42 % and all
        Assert.True(Signed("ES", A, B, P, Q).Facts!.Own!.IsSigned);
    }

    [Fact]
    public void Who_signs_must_be_party_and_representative_and_sign_once()
    {
        new Bargain().Agreed().Sign(Stranger).Refused("not-a-party");
        Signed("FR-PLATFORM", B).Sign(B).Nothing();
        var unmeasured = new Bargain { Audience = new Weights(null, null) }.Agreed();
        unmeasured.Sign(B).Refused("nothing-measured");
        unmeasured.Audience = new Weights(Table("1", Side.Workers, (A, 100)), null);
        unmeasured.Sign(B).Refused("not-representative");
        new Bargain().Agreed().Sign(B, hash: new string('b', 64)).Refused("not-the-tabled-text");
        var opened = new Bargain();
        opened.Open();
        opened.Sign(B).Refused("no-consensus");
    }

    [Fact]
    public void An_older_text_cannot_be_signed()
    {
        var bargain = new Bargain();
        bargain.Open().Done();
        bargain.Propose(A, Text([Term("1")])).Done();
        var older = bargain.Facts!.Own!.Tabled;
        bargain.Propose(P, Text([Term("1", "P30D")])).Done();
        bargain.Accept(B).Done();
        bargain.Sign(B, older.Version, older.TermsHash).Refused("not-the-tabled-text");
        bargain.Accept(C, older.Version, older.TermsHash).Refused("not-the-tabled-text");
        bargain.Sign(B).Done();
    }

    [Fact]
    public void What_is_measured_after_the_test_was_met_changes_nothing()
    {
        var bargain = Signed("FR-PLATFORM", B, P);
        Assert.False(bargain.Facts!.Own!.IsSigned);
        bargain.Audience = new Weights(Table("2", Side.Workers, (A, 10), (B, 60), (C, 20), (D, 10)), null); // by the weights in force at the latest signature
        Assert.Equal(80m, bargain.Sign(C).Done<AgreementSigned>().WorkersShare);
        bargain.Audience = new Weights(Table("3", Side.Workers, (A, 97), (B, 1), (C, 1), (D, 1)), null);
        bargain.Sign(D).Done();
        Assert.True(bargain.Facts!.Own!.IsSigned);
        Assert.Equal(AgreementState.Signed, bargain.State);
    }

    [Fact]
    public void The_same_side_may_not_table_twice_in_a_row()
    {
        var bargain = new Bargain();
        bargain.Propose(A).Refused("unknown-agreement");
        bargain.Open().Done();
        bargain.Propose(A).Done();
        Assert.Equal(AgreementState.Proposed, bargain.State);
        bargain.Propose(B).Refused("not-your-turn");
        var second = bargain.Propose(P).Done<AgreementTextTabled>();
        Assert.Equal((2, Side.Platforms, P), (second.Text.Version, second.Text.Side, second.Text.By));
        Assert.Equal(AgreementState.CounterProposed, bargain.State);
    }

    [Fact]
    public void Only_the_last_tabled_text_is_accepted_by_the_other_side_with_its_hash()
    {
        var bargain = new Bargain();
        bargain.Open().Done();
        bargain.Propose(A).Done();
        bargain.Accept(P, hash: new string('b', 64)).Refused("not-the-tabled-text");
        bargain.Accept(P, 2).Refused("not-the-tabled-text");
        bargain.Accept(B).Refused("other-side-accepts");
        bargain.Accept(A).Nothing();
        bargain.Accept(Stranger).Refused("not-a-party");
        bargain.Accept(P).Done();
        Assert.Equal(AgreementState.Consensus, bargain.State);
        bargain.Accept(B).Done(); // further acceptances are recorded
        bargain.Propose(P).Refused("already-agreed");
    }

    [Theory]
    [InlineData("2026-12-17", "2027-01-04")]
    [InlineData("2026-12-10", "2026-12-28")] // day 15 is Christmas, a Friday
    public void CT_L2231_8_the_window_for_opposition_is_fifteen_days_and_rolls(string notified, string until) =>
        Assert.Equal(Day(until), Notified(notified).Facts!.Own!.Notified!.OppositionUntil);

    [Fact]
    public void CT_L2231_5_all_representative_organisations_are_told_and_a_later_notice_moves_the_window()
    {
        var bargain = Notified();
        Assert.Equal([A, B, C, D, P, Q], bargain.Facts!.Own!.Notified!.Told);
        bargain.Today = Day("2026-12-20");
        bargain.Notify(C).Nothing(); // everybody knows: nobody can put the deposit off by telling them again
        Assert.Equal(Day("2027-01-04"), bargain.Facts!.Own!.Notified!.OppositionUntil);
        bargain.Audience = new(Table("1", Side.Workers, (A, 40), (B, 30), (C, 15), (D, 12), (Stranger, 3)), bargain.Audience.Platforms);
        bargain.Notify(C, Day("2026-12-18")).Done(); // somebody new, told on the 18th, recorded on the 20th: the days run from then
        Assert.Equal(Day("2027-01-04"), bargain.Facts!.Own!.Notified!.OppositionUntil);
        bargain.Notify(C, Day("2026-12-21")).Refused("in-the-future");
        bargain.Notify(A).Refused("not-a-signatory");
        bargain.Notify(Stranger).Refused("not-a-party");
        Signed("FR-PLATFORM", B).Notify(B).Refused("not-signed");
        Signed("FR-PLATFORM", B, C, P).Notify(B, Day("2026-12-09")).Refused("before-signature");
    }

    [Fact]
    public void CT_L2231_8_more_than_half_inside_the_window_kills_the_agreement()
    {
        var bargain = Notified();
        bargain.Today = Day("2027-01-04");
        bargain.Oppose(D, Day("2026-12-16")).Refused("before-notification");
        bargain.Oppose(B).Refused("signatory-opposes");
        bargain.Oppose(Stranger).Refused("not-representative");
        var alone = bargain.Oppose(A).Done<AgreementOppositionReceived>();
        Assert.Equal((42m, false), (alone.Share, alone.Blocking));
        bargain.Oppose(A).Nothing();
        bargain.Today = Day("2027-01-05");
        bargain.Oppose(D).Refused("opposition-late");
        bargain.Today = Day("2027-01-04");
        var both = bargain.Oppose(D).Done<AgreementOppositionReceived>();
        Assert.Equal((54m, true), (both.Share, both.Blocking));
        Assert.Equal(AgreementState.Opposed, bargain.State);
        bargain.Today = Day("2027-01-05");
        bargain.Deposit(P).Refused("agreement-opposed");
        bargain.Sign(D).Refused("signature-closed");
    }

    [Fact]
    public void CT_L7343_39_and_L7343_31_in_force_the_day_after_the_deposit_and_for_five_years_if_silent()
    {
        Signed("FR-PLATFORM", B, C, P).Deposit(P).Refused("not-notified");
        var bargain = Notified();
        bargain.Today = Day("2027-01-05");
        bargain.Deposit(P, Day("2027-01-04")).Refused("opposition-window-open");
        bargain.Deposit(P, from: Day("2027-01-04")).Refused("effective-before-deposit");
        bargain.Deposit(P, from: Day("2028-01-06")).Refused("effective-too-late");
        bargain.Deposit(A).Refused("not-a-signatory");
        bargain.Deposit(Stranger).Refused("not-a-party");
        Assert.Equal(new Validity(Day("2027-01-06"), Day("2032-01-06")), bargain.Deposit(P).Done<AgreementDeposited>().Validity);
        Assert.Equal(AgreementState.Deposited, bargain.State);
        bargain.Deposit(P).Refused("already-deposited");
        bargain.Sign(D).Refused("signature-closed");
    }

    [Theory]
    [InlineData(null, "2032-01-06")]
    [InlineData("P18M", "2028-07-06")]
    [InlineData("indefinite", null)]
    public void The_duration_is_what_the_text_says(string? duration, string? to) =>
        Assert.Equal(to is null ? null : Day(to), InForce(duration: duration).Facts!.Own!.Deposit!.Validity.To);

    [Fact]
    public void An_agreement_has_two_sides_and_a_charter_one()
    {
        new Bargain().Open(parties: [new(A, Side.Workers)]).Refused("two-sides-needed");
        new Bargain().Open(Nature.Charter).Refused("charter-has-one-side");
        new Bargain().Open(by: Stranger).Refused("opener-is-no-party");
        new Bargain().Open(parties: [new(A, Side.Workers), new(P, Side.Platforms), new(A, Side.Platforms)]).Refused("party-twice");
    }

    /// <summary>A charter is a unilateral act: nobody accepts, nobody opposes, and no share is asked.</summary>
    [Fact]
    public void CT_L7342_9_a_charter_is_agreed_as_it_is_tabled_signed_by_its_author_and_deposited()
    {
        var charter = new Bargain { Audience = new Weights(null, null) };
        charter.Open(Nature.Charter, P, [new(P, Side.Platforms)]).Done();
        charter.Propose(P).Done();
        Assert.Equal(AgreementState.Consensus, charter.State);
        charter.Sign(P).Done();
        charter.Deposit(P).Done();
        charter.Today = charter.Today.AddDays(1);
        Assert.Equal(AgreementState.InForce, charter.State);
        charter.Notice().Refused("no-extension");
        charter.Today = Day("2030-01-01");
        charter.Audience = new(null, Table("1", Side.Platforms, (Q, 100)));
        charter.Amend(Q, [Term("2")]).Refused("not-a-signatory"); // a unilateral act is its author's
        Assert.Equal(charter.Today, charter.Rectify(P, 1, Term("1", "P9D")).Done<AgreementRectified>().From); // and not mended into the past
        var everywhere = new Bargain("ES") { Audience = new Weights(null, null) };
        everywhere.Open(Nature.Charter, P, [new(P, Side.Platforms)]).Done();
        everywhere.Propose(P).Done();
        everywhere.Sign(P).Done();
        Assert.Null(everywhere.Deposit(P).Done<AgreementDeposited>().ErgaOmnes); // ET 82.3 speaks of agreements
    }

    /// <summary>Whatever day a signatory names, whoever could oppose has the days.</summary>
    [Fact]
    public void CT_L2231_8_a_notification_dated_back_does_not_abolish_the_opposition()
    {
        var bargain = Signed("FR-PLATFORM", B, C, P);
        bargain.Today = Day("2027-01-20");
        Assert.Equal(Day("2027-02-04"), bargain.Notify(B, Day("2026-12-10")).Done<AgreementNotified>().OppositionUntil);
        bargain.Deposit(B).Refused("opposition-window-open");
    }

    [Fact]
    public void CT_L7343_29_a_platform_organisation_must_be_representative_where_that_was_measured()
    {
        var bargain = new Bargain { Audience = new(Table("1", Side.Workers, (A, 42), (B, 30), (C, 16), (D, 12)), Table("1", Side.Platforms, (Q, 100))) }.Agreed();
        bargain.Sign(A).Done();
        Assert.False(bargain.Sign(P).Done<AgreementSigned>().Sufficient);
        Assert.True(bargain.Sign(Q).Done<AgreementSigned>().Sufficient);
    }
}
