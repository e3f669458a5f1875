using Registry.Domain.Agreements;
using static Registry.Domain.Tests.Agreements.Bargain;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Agreements;

public sealed class Revising
{
    private static void Conclude(Bargain bargain, string deposited, DateOnly? from = null)
    {
        bargain.Accept(P).Done();
        foreach (var signer in new[] { B, C, P }) bargain.Sign(signer).Done();
        bargain.Notify(B).Done();
        bargain.Today = Day(deposited);
        bargain.Deposit(B, from: from).Done();
    }

    private static IEnumerable<string?> Retentions(Bargain bargain, string day) =>
        bargain.Facts!.TermsOf(bargain.Facts.TextOn(Day(day))!).Select(t => $"{t.Clause} {t.MaxRetention}");

    [Fact]
    public void An_amendment_replaces_strikes_and_adds_clauses_from_its_own_entry_into_force()
    {
        var bargain = InForce(terms: [Term("1"), Term("2"), Term("3")]);
        bargain.Today = Day("2027-03-01");
        var tabled = bargain.Amend(B, [Term("2", "P30D"), Term("4")], ["1"]).Done<AgreementAmendmentTabled>();
        Assert.Equal((2, 1), (tabled.Text.Version, tabled.Base));
        Assert.Equal(AgreementState.InForce, bargain.State); // the agreement goes on while it is negotiated
        Conclude(bargain, "2027-03-18");
        Assert.Equal(["1 P90D", "2 P90D", "3 P90D"], Retentions(bargain, "2027-03-18"));
        Assert.Equal(["2 P30D", "3 P90D", "4 P90D"], Retentions(bargain, "2027-03-19"));
        Assert.Equal(Day("2032-01-06"), bargain.Facts!.ValidityOn(Day("2027-06-01"))!.To); // as long as its agreement
    }

    [Fact]
    public void An_amendment_may_give_the_agreement_another_term()
    {
        var bargain = InForce();
        bargain.Amend(B, [Term("2")], duration: "P1Y").Done();
        Conclude(bargain, "2027-01-25");
        Assert.Equal(new(Day("2027-01-06"), Day("2028-01-26")), bargain.Facts!.ValidityOn(bargain.Today));
    }

    /// <summary>CT L2261-7, L7343-40: the same validity test as the agreement itself.</summary>
    [Fact]
    public void CT_L7343_40_an_amendment_passes_the_same_tests()
    {
        var bargain = InForce();
        bargain.Amend(B, [Term("2")]).Done();
        bargain.Sign(B).Refused("not-the-tabled-text"); // no consensus on it yet
        bargain.Accept(C).Refused("other-side-accepts");
        bargain.Accept(P).Done();
        bargain.Sign(B).Done();
        bargain.Sign(P).Done();
        bargain.Notify(B).Refused("not-signed"); // 30 is not more than 30
        bargain.Sign(C).Done();
        bargain.Deposit(B).Refused("not-notified");
        bargain.Notify(B).Done();
        bargain.Deposit(B).Refused("opposition-window-open");
        bargain.Oppose(A).Done();
        bargain.Oppose(D).Done();
        Assert.Equal(AgreementState.Opposed, bargain.Facts!.Texts[^1].StateOn(bargain.Today));
        Assert.Equal(AgreementState.InForce, bargain.State); // the amendment falls, the agreement stands
        bargain.Amend(C, [Term("3")]).Done();
        Assert.Equal(AgreementState.Proposed, bargain.Facts!.Texts[^1].StateOn(bargain.Today));
    }

    [Fact]
    public void The_turn_rule_holds_among_amendments_and_an_answer_takes_their_place()
    {
        var bargain = InForce();
        bargain.Amend(B, [Term("2")]).Done();
        bargain.Amend(C, [Term("2", "P10D")]).Refused("not-your-turn");
        bargain.Amend(P, [Term("2", "P10D")]).Done();
        Assert.Equal(2, bargain.Facts!.Texts.Count);
        Assert.Equal((3, AgreementState.CounterProposed), (bargain.Facts.Texts[^1].Version, bargain.Facts.Texts[^1].StateOn(bargain.Today)));
    }

    [Fact]
    public void Two_amendments_may_be_signed_but_the_second_must_rest_on_the_first()
    {
        var bargain = InForce();
        bargain.Amend(B, [Term("2")]).Done();
        bargain.Accept(P).Done();
        bargain.Amend(B, [Term("3")]).Done(); // another round, on the same text
        Conclude(bargain, "2027-01-25");
        foreach (var signer in new[] { B, C, P }) bargain.Sign(signer, 2, bargain.Facts!.Agreed(2)!.Tabled.TermsHash).Done();
        bargain.Notify(B, version: 2).Done();
        bargain.Today = Day("2027-03-01");
        bargain.Deposit(B, version: 2).Refused("base-has-moved");
        bargain.Amend(B, [Term("2")], from: 1).Refused("base-has-moved");
        bargain.Amend(B, [Term("3")]).Refused("changes-nothing");
        bargain.Amend(B, [Term("2")]).Done();
    }

    [Fact]
    public void An_amendment_takes_effect_neither_before_what_it_rests_on_nor_after_the_end()
    {
        var bargain = InForce(duration: "P6M");
        bargain.Amend(B, [Term("2")]).Done();
        Conclude(bargain, "2027-01-25", Day("2027-06-01"));
        bargain.Amend(B, [Term("3")]).Done();
        bargain.Accept(P).Done();
        foreach (var signer in new[] { B, C, P }) bargain.Sign(signer).Done();
        bargain.Notify(B).Done();
        bargain.Today = Day("2027-02-15");
        bargain.Deposit(B).Refused("effective-before-base");
        bargain.Deposit(B, from: Day("2027-07-06")).Refused("agreement-over");
        bargain.Today = Day("2027-07-06");
        Assert.Equal(AgreementState.Expired, bargain.State);
        bargain.Amend(B, [Term("4")]).Refused("agreement-over");
        new Bargain().Agreed().Amend(B, [Term("4")]).Refused("nothing-to-amend");
    }

    [Theory]
    [InlineData("FR-PLATFORM", "CT L7343-40", "2028-12-09", false, "only-signatories-revise")]
    [InlineData("FR-PLATFORM", "CT L7343-40", "2028-12-10", false, null)] // two years from the signature
    [InlineData("FR-PLATFORM", "CT L7343-40", "2027-06-01", true, "only-signatories-revise")] // an election changes nothing here
    [InlineData("FR-BRANCH", "CT L2261-7", "2030-06-01", false, "only-signatories-revise")]
    [InlineData("FR-BRANCH", "CT L2261-7", "2027-06-01", true, null)] // the cycle of the signature has ended
    [InlineData("ES", "ET 86.1", "2027-02-01", false, null)]
    [InlineData("DEFAULT", "Registry policy", "2031-06-01", true, "only-signatories-revise")]
    public void Who_revises_and_when_that_changes(string rules, string article, string day, bool cycleEnded, string? refused)
    {
        Assert.NotEmpty(article);
        var bargain = InForce(rules);
        bargain.Today = Day(day);
        bargain.CycleEnded = cycleEnded;
        var taken = bargain.Amend(D, [Term("2")]); // representative, and signed nothing
        if (refused is null) taken.Done();
        else taken.Refused(refused);
    }

    [Fact]
    public void After_the_signatories_time_a_newcomer_must_be_representative_and_may_sign()
    {
        var bargain = InForce();
        (bargain.Today, bargain.Audience) = (Day("2029-01-10"), new(Table("2", Side.Workers, (Stranger, 60), (B, 40)), null));
        bargain.Amend(D, [Term("2")]).Refused("not-representative");
        bargain.Amend(Stranger, [Term("2")]).Done();
        bargain.Accept(P).Done();
        bargain.Sign(P).Done();
        Assert.True(bargain.Sign(Stranger).Done<AgreementSigned>().Sufficient);
        bargain.Notify(Stranger).Done();
    }

    [Fact]
    public void A_rectification_holds_once_every_signatory_says_the_same_and_from_the_beginning()
    {
        var bargain = InForce(terms: [Term("1", "P90D")]);
        bargain.Today = Day("2027-02-10");
        bargain.Rectify(A, 1, Term("1", "P9D")).Refused("not-a-signatory");
        bargain.Rectify(B, 2, Term("1", "P9D")).Refused("not-deposited");
        bargain.Rectify(B, 1, Term("9")).Refused("no-such-clause");
        bargain.Rectify(B, 1, Term("1", "P9D")).Done<AgreementRectificationAsked>();
        bargain.Rectify(B, 1, Term("1", "P9D")).Nothing();
        bargain.Rectify(P, 1, Term("1", "P8D")).Done<AgreementRectificationAsked>();
        bargain.Rectify(C, 1, Term("1", "P9D")).Done<AgreementRectificationAsked>();
        Assert.Equal(["1 P90D"], Retentions(bargain, "2027-02-10")); // not all have said the same
        bargain.Rectify(P, 1, Term("1", "P90D")).Refused("changes-nothing");
        Assert.Equal(Day("2027-01-06"), bargain.Rectify(P, 1, Term("1", "P9D")).Done<AgreementRectified>().From);
        Assert.Equal(["1 P9D"], Retentions(bargain, "2027-01-06"));
        Assert.Empty(bargain.Facts!.Corrections);
        bargain.Amend(B, [Term("2")]).Done();
        Conclude(bargain, "2027-03-01");
        Assert.Equal(["1 P9D", "2 P90D"], Retentions(bargain, "2027-04-01")); // what rests on it reads it as it was meant
    }

    [Fact]
    public void An_amendment_whose_base_was_rectified_is_tabled_anew()
    {
        var bargain = InForce();
        bargain.Amend(B, [Term("2")]).Done();
        bargain.Accept(P).Done();
        bargain.Sign(B).Done();
        foreach (var signer in new[] { B, C, P }) bargain.Rectify(signer, 1, Term("1", "P9D")).Done();
        bargain.Sign(C).Refused("base-has-moved"); // it would no longer read as its hash says
        bargain.Amend(B, [Term("2")]).Done();
        bargain.Accept(P).Done();
    }

    [Fact]
    public void An_amendment_may_only_prolong_and_a_silent_one_leaves_the_survival_that_stood()
    {
        var bargain = InForce(duration: TabledText.Indefinite, survival: "P3Y");
        bargain.Amend(B, [Term("2")]).Done();
        Conclude(bargain, "2027-01-25");
        bargain.Today = Day("2027-11-30");
        foreach (var author in new[] { B, C }) bargain.Denounce(author).Done();
        Assert.Equal((Day("2028-02-29"), Day("2031-02-28")), (bargain.Facts!.Ending()!.NoticeEnds, bargain.Facts!.Ending()!.SurvivesUntil!.Value));
        var prolonged = InForce(duration: "P6M");
        prolonged.Amend(B, [], duration: "P1Y").Done();
        prolonged.Amend(P, []).Refused("changes-nothing");
    }

    [Fact]
    public void ET_86_2_an_amendment_lives_as_long_as_its_renewed_agreement()
    {
        var bargain = InForce("ES", "P1Y");
        bargain.Today = Day("2028-03-01");
        bargain.Amend(B, [Term("2")]).Done();
        bargain.Accept(P).Done();
        foreach (var signer in new[] { A, B, C, P, Q }) bargain.Sign(signer).Done();
        Assert.Equal(Day("2029-01-06"), bargain.Deposit(B).Done<AgreementDeposited>().Validity.To);
        Assert.Equal(AgreementState.InForce, bargain.Facts!.StateOf(bargain.Facts!.Texts[1], Day("2030-01-01")));
    }

    [Fact]
    public void Who_signs_an_amendment_only_is_bound_from_then_on()
    {
        var bargain = InForce();
        bargain.Amend(B, [Term("2")]).Done();
        bargain.Accept(P).Done();
        foreach (var signer in new[] { B, C, Q }) bargain.Sign(signer).Done();
        bargain.Notify(B).Done();
        bargain.Today = Day("2027-01-25");
        bargain.Deposit(B).Done();
        Assert.DoesNotContain(bargain.Facts!.BoundOn(Day("2027-01-25")), s => s.By == Q);
        Assert.Contains(bargain.Facts!.BoundOn(Day("2027-01-26")), s => s.By == Q);
    }

    [Fact]
    public void A_text_takes_two_hundred_texts_and_no_more()
    {
        var charter = new Bargain { Audience = new(null, null) };
        charter.Open(Nature.Charter, P, [new(P, Side.Platforms)]).Done();
        charter.Propose(P).Done();
        charter.Sign(P).Done();
        charter.Deposit(P).Done();
        for (var n = 1; n < 200; n++) charter.Amend(P, [Term("2", $"P{n}D")]).Done();
        charter.Amend(P, [Term("3")]).Refused("too-many-texts");
    }

    /// <summary>Two nodes whose clocks differ at midnight: an act may carry the day before that of the opening.</summary>
    [Fact]
    public void A_day_without_the_opening_has_no_agreement()
    {
        var bargain = new Bargain().Agreed();
        var story = bargain.Events.Select((e, i) => new Registry.Application.Agreements.Told(e, i + 1, bargain.Now, bargain.Today.AddDays(i == 0 ? 0 : -1))).ToList();
        Assert.Null(Registry.Application.Agreements.AgreementStory.Facts(story, bargain.Today.AddDays(-1), null));
        Assert.NotNull(Registry.Application.Agreements.AgreementStory.Facts(story, bargain.Today, null)!.Own);
    }
}
