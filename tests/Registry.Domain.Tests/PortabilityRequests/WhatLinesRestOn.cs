using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.PortabilityRequests;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.PortabilityRequests;

/// <summary>What the same person said to the same representative anew, and what becomes of the lines that were filed before.</summary>
public sealed class WhatLinesRestOn
{
    private static readonly MemberRef Member = new(Guid.NewGuid());
    private static readonly OrganisationId Union = Org(1), Substitute = Org(2);
    private static readonly DateOnly Today = Day("2027-03-01");

    private static Scope Trips => new(new ScopeId(Guid.NewGuid()), [MandateRight.Portability], ["reg:observed.trips"], ["dpv:RightsFulfillment"], [Org(9)]);

    private static Mandate Recorded(string from, string to, bool receives = true, string at = "2026-11-25", OrganisationId[]? may = null, params Func<Mandate, MandateEvent>[] then)
    {
        var deed = new MandateDeed(
            Member, Union, [Trips], new Validity(Day(from), Day(to)), receives, true, may ?? [], "fr", "2026-1", null, new MandateEvidence(EvidenceMethod.Paper, Day("2026-11-20"), new string('a', 64)));
        var mandate = Given<Mandate, MandateEvent>(new MandateRecorded(new MandateId(Guid.NewGuid()), deed, At(at)))!;
        return then.Aggregate(mandate, (m, next) => Mandate.Evolve(m, next(m))!);
    }

    private static Func<Mandate, MandateEvent> Superseded(string from) => m => new MandateSuperseded(m.Id, [.. m.Scopes.Select(s => s.Scope.Id)], Day(from), At("2026-12-01"));

    private static DateTimeOffset At(string day) => new(Day(day).ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);

    private static (bool Stands, DateOnly Until, Recipient To) Rests(Mandate mandate, params Mandate[] others) => Rests(Union, mandate, others);

    private static (bool Stands, DateOnly Until, Recipient To) Rests(OrganisationId by, Mandate mandate, params Mandate[] others)
    {
        var found = Succession.Of(mandate, [mandate, .. others], by, scopes => scopes.Count > 0, Today);
        return (found.Reach.Count > 0, found.Until, found.DeliverTo);
    }

    [Fact]
    public void A_mandate_in_force_holds_its_lines_until_it_ends_or_somebody_else_takes_over()
    {
        Assert.Equal((true, Day("2027-11-25"), Recipient.Representative), Rests(Recorded("2026-11-25", "2027-11-25")));
        Assert.Equal((true, Day("2027-06-01"), Recipient.Representative), Rests(Recorded("2026-11-25", "2027-11-25", then: Superseded("2027-06-01"))));
        Assert.Equal((false, Today, Recipient.Representative), Rests(Recorded("2026-11-25", "2027-11-25", then: Superseded("2027-02-01")))); // another representative (C. civ. 2006)
    }

    [Theory]
    [InlineData("paused", true, "2027-03-01")]
    [InlineData("renounced", true, "2027-03-01")]
    [InlineData("expired", true, "2027-03-01")]
    [InlineData("active", true, "2027-12-01")]
    [InlineData("withdrawn", false, "2027-03-01")]
    [InlineData("ended", false, "2027-03-01")]
    public void C_civ_2007_what_a_newer_mandate_took_over_stands_as_that_one_does(string newer, bool stands, string until)
    {
        var old = Recorded("2026-11-25", "2027-11-25", then: Superseded("2026-12-01"));
        var next = Recorded("2026-12-01", newer == "expired" ? "2027-02-01" : "2027-12-01", at: "2026-12-01", then: newer switch
        {
            "paused" => [m => new MandatePaused(m.Id, null, null, At("2027-01-05"))],
            "renounced" => [m => new MandateRenounced(m.Id, At("2027-01-05"))],
            "withdrawn" => [m => new MandateWithdrawn(m.Id, null, null, null, At("2027-01-05"))],
            "ended" => [m => new MandateEnded(m.Id, EndCause.Death, Day("2027-01-04"), m.Deed.Evidence!, At("2027-01-05"))],
            _ => [],
        });
        Assert.Equal((stands, Day(until)), (Rests(old, next).Stands, Rests(old, next).Until));
    }

    [Fact]
    public void An_older_mandate_that_ran_out_holds_nothing_that_was_taken_elsewhere()
    {
        var before = Recorded("2025-11-25", "2026-11-25", at: "2025-11-25");
        Assert.False(Rests(Recorded("2026-11-25", "2027-11-25", then: Superseded("2027-02-01")), before).Stands);
    }

    [Fact]
    public void A_renewal_that_begins_where_the_older_one_ends_leaves_no_gap()
    {
        var (old, next, last) = (Recorded("2026-11-25", "2027-04-01"), Recorded("2027-04-01", "2028-04-01", at: "2027-02-01"), Recorded("2028-04-01", "2029-04-01", at: "2027-02-01"));
        Assert.Equal((true, Day("2029-04-01"), Recipient.Representative), Rests(old, next, last));
        Assert.Equal((true, Day("2027-04-01"), Recipient.Representative), Rests(old, last)); // a day between is a day out of sight
        var reserved = Recorded("2027-04-01", "2028-04-01", receives: false, at: "2027-02-01");
        Assert.Equal((true, Day("2027-04-01"), Recipient.Representative), Rests(old, reserved)); // from then on the person is answered
    }

    [Fact]
    public void C_civ_1994_a_substitute_whose_power_was_taken_back_sees_nothing()
    {
        var entrusted = Recorded("2026-11-25", "2027-11-25", may: [Substitute], then: m => new MandateEntrusted(m.Id, Substitute, At("2026-12-01")));
        var back = Mandate.Evolve(entrusted, new MandateTakenBack(entrusted.Id, Substitute, At("2027-01-05")))!;
        Assert.Equal(Day("2027-11-25"), Rests(Substitute, entrusted).Until);
        Assert.Equal((true, Today), (Rests(Substitute, back).Stands, Rests(Substitute, back).Until));
        Assert.Equal(Today, Rests(Substitute, back, Recorded("2026-12-01", "2027-12-01", at: "2026-12-01")).Until); // what names nobody lends nobody sight
        Assert.Equal(Day("2027-11-25"), Rests(Union, entrusted).Until); // its own requests stay its own
    }
}
