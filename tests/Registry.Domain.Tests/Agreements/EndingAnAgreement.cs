using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using static Registry.Domain.Tests.Agreements.Bargain;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Agreements;

/// <summary>DOMAIN scenario 4: three months and then twelve, never fifteen.</summary>
public sealed class EndingAnAgreement
{
    private static Bargain Denounced(string rules = "FR-PLATFORM", string on = "2027-11-30", string? survival = null, string? duration = TabledText.Indefinite, params OrganisationId[] by)
    {
        var bargain = InForce(rules, duration, survival);
        bargain.Today = Day(on);
        foreach (var author in by.Length == 0 ? bargain.Facts!.Signatories.Where(s => s.Side == Side.Workers).Select(s => s.By).ToArray() : by) bargain.Denounce(author).Done();
        return bargain;
    }

    [Theory]
    [InlineData("2027-11-30", "2028-02-29", "2029-02-28")] // the last day of the shorter month, then the same number
    [InlineData("2029-11-30", "2030-02-28", "2031-02-28")]
    [InlineData("2027-02-28", "2027-05-28", "2028-05-28")]
    public void CT_L2261_9_and_L2261_10_three_months_of_notice_and_then_twelve_of_survival(string on, string notice, string survival)
    {
        var bargain = Denounced(on: on);
        var ending = bargain.Facts!.Ending()!;
        Assert.Equal((Day(notice), Day(survival)), (ending.NoticeEnds, ending.SurvivesUntil));
        foreach (var (day, state) in new[]
        {
            (Day(on).AddDays(-1), AgreementState.InForce), (Day(on), AgreementState.Denounced), (Day(on).AddDays(1), AgreementState.Notice), (Day(notice), AgreementState.Notice),
            (Day(notice).AddDays(1), AgreementState.Surviving), (Day(survival), AgreementState.Surviving), (Day(survival).AddDays(1), AgreementState.Ended),
        }) Assert.Equal(state, bargain.Facts!.StateOn(day));
    }

    [Theory]
    [InlineData("FR-BRANCH", "CT L2261-10", null, "2029-02-28")]
    [InlineData("FR-BRANCH", "CT L2261-11", "P2Y", "2030-02-28")] // a longer clause holds
    [InlineData("FR-BRANCH", "CT L2261-11", "P6M", "2029-02-28")] // a shorter one does not
    [InlineData("ES", "ET 86.3, RDL 32/2021", null, null)]
    [InlineData("ES", "ET 86.3: absent pact", "P18M", "2029-06-30")]
    [InlineData("DEFAULT", "Registry policy", null, "2029-02-28")]
    public void How_long_it_survives(string rules, string article, string? clause, string? until)
    {
        Assert.NotEmpty(article);
        var bargain = Denounced(rules, survival: clause, duration: rules == "ES" ? "P1Y" : TabledText.Indefinite, on: rules == "ES" ? "2027-06-30" : "2027-11-30");
        if (rules == "ES") Assert.Equal(Day("2028-01-05"), bargain.Facts!.Ending()!.NoticeEnds); // the term runs out
        var expected = rules == "ES" && clause is not null ? Day("2029-07-05") : until is null ? (DateOnly?)null : Day(until);
        Assert.Equal(expected, bargain.Facts!.Ending()!.SurvivesUntil);
        Assert.Equal(until is null ? AgreementState.Surviving : AgreementState.Ended, bargain.Facts!.StateOn(Day("2032-01-01")));
    }

    [Fact]
    public void CT_L2261_10_a_substitute_in_force_ends_the_survival()
    {
        var bargain = Denounced(on: "2027-02-28");
        bargain.Substituted(Day("2027-10-15")).Done();
        bargain.Substituted(Day("2028-01-01")).Nothing();
        Assert.Equal(Day("2027-10-14"), bargain.Facts!.EndOf(bargain.Facts!.Ending()!));
        Assert.Equal(AgreementState.Surviving, bargain.Facts!.StateOn(Day("2027-10-14")));
        Assert.Equal(AgreementState.Ended, bargain.Facts!.StateOn(Day("2027-10-15")));
        var late = Denounced(on: "2027-02-28");
        late.Substituted(Day("2029-01-01")).Done(); // after the survival it changes nothing
        late.Substituted(Day("2029-06-01")).Nothing(); // of several the first in force counts
        Assert.Equal(Day("2028-05-28"), late.Facts!.EndOf(late.Facts!.Ending()!));
        var during = Denounced(on: "2027-02-28");
        during.Substituted(Day("2027-04-01")).Done();
        Assert.Equal(AgreementState.Ended, during.Facts!.StateOn(Day("2027-04-01")));
    }

    [Fact]
    public void CT_L2261_11_part_of_a_side_frees_its_authors_only()
    {
        var bargain = Denounced(by: [B]);
        Assert.Equal(AgreementState.InForce, bargain.Facts!.StateOn(Day("2030-01-01")));
        Assert.Contains(bargain.Facts!.BoundOn(Day("2029-02-28")), s => s.By == B);
        Assert.Equal([C, P], bargain.Facts!.BoundOn(Day("2029-03-01")).Select(s => s.By));
        bargain.Denounce(B).Nothing();
        bargain.Today = Day("2028-06-30");
        Assert.True(bargain.Denounce(C).Done<AgreementDenounced>().Whole); // now the whole side has
        Assert.Equal((Day("2028-09-30"), Day("2029-09-30")), (bargain.Facts!.Ending()!.NoticeEnds, bargain.Facts!.Ending()!.SurvivesUntil));
        bargain.Denounce(P).Refused("already-denounced");
    }

    [Fact]
    public void The_other_side_alone_ends_it_too() => Assert.True(Denounced(by: [P]).Facts!.Ending()!.Whole);

    [Fact]
    public void CT_L7343_41_II_where_a_signatory_lost_representativeness_its_authors_must_weigh_more_than_half()
    {
        var bargain = InForce(duration: TabledText.Indefinite);
        (bargain.Today, bargain.Audience) = (Day("2027-11-30"), new(Table("2", Side.Workers, (A, 50), (B, 50)), null)); // C has lost it
        Assert.False(bargain.Denounce(B).Done<AgreementDenounced>().Whole); // 50 is not more than 50
        Assert.False(bargain.Denounce(C).Done<AgreementDenounced>().Whole); // all signatories, and still no more than half
        Assert.Contains(bargain.Facts!.BoundOn(Day("2031-01-01")), s => s.By == B); // without effect it frees nobody
        bargain.Audience = new(Table("3", Side.Workers, (A, 40), (B, 60)), null);
        Assert.True(bargain.Denounce(B).Done<AgreementDenounced>().Whole); // measured anew, it may be denounced again
        var enough = InForce(duration: TabledText.Indefinite);
        (enough.Today, enough.Audience) = (Day("2027-11-30"), new(Table("2", Side.Workers, (A, 49), (B, 51)), null));
        Assert.True(enough.Denounce(B).Done<AgreementDenounced>().Whole);
        var platforms = InForce(duration: TabledText.Indefinite);
        (platforms.Today, platforms.Audience) = (Day("2027-11-30"), new(platforms.Audience.Workers, Table("2", Side.Platforms, (Q, 100)))); // weighed by their own formula
        Assert.False(platforms.Denounce(P).Done<AgreementDenounced>().Whole);
        var unmeasured = InForce(duration: TabledText.Indefinite);
        (unmeasured.Today, unmeasured.Audience) = (Day("2027-11-30"), new(Table("2", Side.Workers, (A, 42), (B, 30), (C, 16), (D, 12)), null));
        unmeasured.AtSignature = unmeasured.Audience; // never measured: nothing was lost
        Assert.True(unmeasured.Denounce(P).Done<AgreementDenounced>().Whole);
    }

    [Fact]
    public void CT_L2261_9_a_fixed_term_is_not_denounced()
    {
        InForce().Denounce(B).Refused("fixed-term");
        InForce("FR-BRANCH", "P3Y").Denounce(B).Refused("fixed-term");
        var open = InForce("DEFAULT", "P3Y");
        open.Today = Day("2029-12-01");
        foreach (var author in new[] { A, B }) open.Denounce(author).Done();
        open.Denounce(C).Done();
        Assert.Equal(Day("2030-01-05"), open.Facts!.Ending()!.SurvivesUntil); // a denunciation never prolongs a term
    }

    [Fact]
    public void Only_a_signatory_denounces_and_only_what_is_in_force()
    {
        var bargain = InForce(duration: TabledText.Indefinite);
        bargain.Denounce(A).Refused("not-a-signatory");
        bargain.Denounce(Stranger).Refused("not-a-party");
        bargain.Denounce(B, Day("2027-01-07")).Refused("in-the-future");
        bargain.Today = Day("2027-01-05");
        bargain.Denounce(B).Refused("not-in-force");
        bargain.Today = Day("2028-06-01");
        bargain.Denounce(B, Day("2027-01-07")).Refused("back-dated"); // it would be over already
    }

    /// <summary>ET 86.2: from year to year unless denounced, each term counted from the first end.</summary>
    [Theory]
    [InlineData("2028-01-05", "2028-01-06")]
    [InlineData("2028-01-06", "2029-01-06")]
    [InlineData("2031-06-01", "2032-01-06")]
    public void ET_86_2_a_term_renews_itself_tacitly(string day, string to)
    {
        var bargain = InForce("ES", "P1Y");
        Assert.Equal((AgreementState.InForce, Day(to)), (bargain.Facts!.StateOn(Day(day)), bargain.Facts!.ValidityOn(Day(day))!.To));
    }

    [Fact]
    public void CT_L2222_4_five_years_and_then_it_stops() =>
        Assert.Equal([AgreementState.InForce, AgreementState.Expired], new[] { "2032-01-05", "2032-01-06" }.Select(day => InForce("FR-BRANCH").Facts!.StateOn(Day(day))));

    [Fact]
    public void CT_L2261_10_only_a_signatorys_new_agreement_under_the_same_law_is_a_substitute()
    {
        var old = InForce().Facts!;
        AgreementOpened New(string rules, params Party[] parties) => new(default, "New", rules, Nature.Agreement, old.Scope, Level.Sector, [.. parties], A, Noon, old.Id);
        string? Refused(AgreementOpened opened) => Ending.MaySubstitute(old, opened, Law.Codes)?.Code;
        var sound = New("FR-PLATFORM", new Party(B, Side.Workers), new Party(Q, Side.Platforms));
        Assert.Null(Refused(sound));
        Assert.Equal("not-a-substitute", Refused(sound with { Nature = Nature.Charter }));
        Assert.Equal("not-a-substitute", Refused(sound with { Scope = old.Scope with { Territories = ["FR-69M"] } })); // not for all whom it is about
        Assert.Null(Refused(sound with { Scope = old.Scope with { Territories = ["EU"] } }));
        Assert.Equal("not-a-substitute", Refused(New("FR-PLATFORM", new Party(A, Side.Workers), new Party(Q, Side.Platforms))));
        Assert.Equal("not-a-substitute", Refused(New("ES", new Party(B, Side.Workers))));
    }
}
