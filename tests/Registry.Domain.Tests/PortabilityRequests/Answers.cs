using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.PortabilityRequests;

/// <summary>What platform, union and members may do to lines, and what it does to their deadlines.</summary>
public sealed class Answers
{
    private const string Trips = "reg:observed.trips", Ratings = "reg:reputation.ratings";

    private static OneRequest Received(string on, int members = 6, string country = "FR", string? subdivision = null)
    {
        var request = new OneRequest(Day(on), members, perBlock: 4, country, subdivision: subdivision);
        request.Receive(OneRequest.Platform, Day(on)).Then();
        return request;
    }

    /// <summary>The table of GDPR Art. 12(3), for lines: receipt, calendar, due, extended due.</summary>
    [Theory]
    [InlineData("2026-11-25", null, "2026-12-28", "2027-02-25")]
    [InlineData("2027-01-31", null, "2027-03-01", "2027-04-30")]
    [InlineData("2027-02-26", null, "2027-03-26", "2027-05-26")]
    [InlineData("2027-02-26", "FR-67", "2027-03-30", "2027-05-26")]
    public void GDPR_12_3_due_and_extended_due(string received, string? subdivision, string due, string extended)
    {
        var request = Received(received, subdivision: subdivision);
        Assert.Equal(Day(due), request.Due(0));
        request.Today = Day(due); // on the last day of the first month
        Assert.Equal(6, request.Extend().Accepted);
        Assert.Equal((LineState.Extended, Day(extended)), (request.State(0), request.Due(0)));
        Assert.Equal(LineState.Pending, request.State(0, 1)); // CT L7342-7 knows no extension
        Assert.Equal(Day(due), request.Due(0, 1));
    }

    [Fact]
    public void GDPR_12_3_a_notice_after_the_first_month_is_void()
    {
        var request = Received("2026-11-25");
        request.Today = Day("2026-12-29");
        var outcome = request.Extend(0, 1);
        Assert.Equal((0, "tooLate"), (outcome.Accepted, outcome.Rejected[0].Reason));
        Assert.Equal((LineState.Pending, Day("2026-12-28"), "overdue"), (request.State(0), request.Due(0), request.StateOn(request.Today)));
    }

    [Fact]
    public void GDPR_12_3_extends_once()
    {
        var request = Received("2026-11-25");
        request.Extend(0);
        Assert.Equal("alreadyExtended", request.Extend(0).Rejected.Single().Reason);
        Assert.Equal(5, request.Extend().Accepted); // the others
        Assert.Equal(Day("2027-02-25"), request.Due(0));
    }

    /// <summary>GDPR Art. 12(6): a doubt stops the clock of these lines, and the days are added to the unrolled date.</summary>
    [Theory]
    [InlineData("2026-12-01", "2026-12-05", "2026-12-29")] // 25 December + 4
    [InlineData("2026-12-01", "2026-12-01", "2026-12-28")]
    [InlineData("2026-12-28", "2027-01-07", "2027-01-04")] // asked on the last day: 25 December + 10 = Monday 4 January
    public void GDPR_12_6_a_doubt_stops_one_clock(string asked, string answered, string due)
    {
        var request = Received("2026-11-25");
        request.Today = Day(asked);
        Assert.Equal(1, request.Ask(1).Accepted);
        Assert.Equal([LineState.IdentityAsked, LineState.IdentityAsked, LineState.IdentityAsked], request.Line(1).States);
        Assert.Equal(LineState.Pending, request.State(0));
        request.Today = Day(answered);
        Assert.Equal(1, request.Answer(1).Accepted);
        Assert.Equal((LineState.Pending, Day(due)), (request.State(1), request.Due(1)));
        Assert.Equal(Day("2026-12-28"), request.Due(0)); // a deadline never depends on another line
    }

    [Fact]
    public void GDPR_12_6_a_clock_that_stands_is_never_overdue_and_runs_on_from_where_it_stood()
    {
        var request = Received("2026-11-25", members: 1);
        request.Today = Day("2026-12-20");
        request.Ask(0);
        Assert.Empty(request.OverdueOn(Day("2028-01-01")));
        request.Today = Day("2027-06-20"); // 182 days later
        request.Answer(0);
        Assert.Equal(Day("2027-06-25"), request.Due(0)); // 25 December and 182 days
    }

    [Fact]
    public void A_doubt_is_heard_once_and_never_after_the_time_ran_out()
    {
        var request = Received("2026-11-25");
        request.Ask(0);
        Assert.Equal("askedBefore", request.Ask(0).Rejected.Single().Reason);
        request.Answer(0);
        Assert.Equal("askedBefore", request.Ask(0).Rejected.Single().Reason);
        Assert.Equal("notAsked", request.Answer(1).Rejected.Single().Reason);
        request.Today = Day("2026-12-29");
        Assert.Equal("tooLate", request.Ask(1).Rejected.Single().Reason);
    }

    [Fact]
    public void A_doubt_within_an_extension_leaves_it_extended()
    {
        var request = Received("2026-11-25");
        request.Extend(0);
        request.Today = Day("2027-02-01");
        Assert.Equal(1, request.Ask(0).Accepted); // CT L7342-7 ran out in December, and stays so
        Assert.Equal([1], request.OverdueOn(request.Today).Where(o => o.Line == request.Lines[0].Line).Select(o => o.Column));
        var ratings = new OneRequest(Day("2026-11-25"), 1, columns: [new(Trips, "gdpr:A20")]);
        ratings.Receive(OneRequest.Platform, Day("2026-11-25"));
        ratings.Extend();
        ratings.Today = Day("2027-02-01");
        ratings.Ask(0);
        ratings.Today = Day("2027-02-11");
        ratings.Answer(0);
        Assert.Equal((LineState.Extended, Day("2027-03-08")), (ratings.State(0), ratings.Due(0))); // 25 February and 10 days is a Sunday
    }

    /// <summary>GDPR Art. 12(4): reasons and complaint routes within one month, which an extension does not lengthen.</summary>
    [Fact]
    public void GDPR_12_4_a_refusal_after_one_month_refuses_nothing()
    {
        var request = Received("2026-11-25", members: 2);
        request.Extend(0);
        request.Today = Day("2026-12-28");
        Assert.Equal(1, request.Refuse("processUnfounded", 1).Accepted);
        request.Today = Day("2026-12-29");
        Assert.Equal("tooLate", request.Refuse("processUnfounded", 0).Rejected.Single().Reason);
        Assert.Equal((LineState.Extended, LineState.Refused), (request.State(0), request.State(1)));
    }

    [Theory]
    [InlineData("processUnfounded", "no", "CNIL", null, RefusalStanding.Valid, "")]
    [InlineData("processUnfounded", "", "CNIL", null, RefusalStanding.Invalid, "noReasons")]
    [InlineData("processUnfounded", "no", "", null, RefusalStanding.Invalid, "noComplaintRoutes")]
    [InlineData("processUnfounded", " ", " ", null, RefusalStanding.Invalid, "noReasons noComplaintRoutes")]
    [InlineData("processExcessive", "no", "CNIL", null, RefusalStanding.Contested, "numberAlone")]
    [InlineData("processExcessive", "no", "CNIL", ExcessiveElement.Number, RefusalStanding.Contested, "numberAlone")]
    [InlineData("processExcessive", "no", "CNIL", ExcessiveElement.Repetition, RefusalStanding.Valid, "")]
    [InlineData("processExcessive", "no", "CNIL", ExcessiveElement.Abuse, RefusalStanding.Valid, "")]
    [InlineData("excessive", "no", "CNIL", null, RefusalStanding.Contested, "numberAlone")]
    public void GDPR_12_4_and_12_5_C_416_23_what_a_refusal_must_say(string ground, string reasons, string route, ExcessiveElement? element, RefusalStanding standing, string faults)
    {
        var weighed = Replying.Weigh(Law.Ground(ground, Day("2026-11-25"), "FR")!, reasons, [route], element is { } e ? new RefusalEvidence([e], null) : null);
        Assert.Equal((standing, faults), (weighed.Standing, string.Join(' ', weighed.Faults)));
    }

    [Fact]
    public void GDPR_12_2_who_was_never_asked_cannot_be_refused_for_not_being_known()
    {
        var request = Received("2026-11-25");
        request.Ask(0, 2);
        var outcome = request.Refuse("identityVerificationFailure", 0, 1);
        Assert.Equal((0, "identityUnanswered identityNotAsked"), (outcome.Accepted, string.Join(' ', outcome.Rejected.Select(r => r.Reason))));
        request.Today = Day("2026-11-30");
        request.Answer(0);
        Assert.Equal(1, request.Refuse("identityVerificationFailure", 0).Accepted); // heard, and not believed
        request.Today = Day("2026-12-24");
        Assert.Equal("identityUnanswered", request.Refuse("identityVerificationFailure", 2).Rejected.Single().Reason);
        request.Today = Day("2026-12-25");
        Assert.Equal(1, request.Refuse("identityVerificationFailure", 2).Accepted); // a month was given
        Assert.Equal((LineState.Refused, LineState.Pending), (request.State(0), request.State(1)));
    }

    /// <summary>Whoever was found after all, or was answered in part, was not heard on who they are.</summary>
    [Fact]
    public void GDPR_12_2_not_found_and_found_again_is_no_question()
    {
        var request = Received("2026-11-25");
        request.Match(MatchResult.Unmatched, 0);
        request.Match(MatchResult.Matched, 0);
        Assert.Equal("identityNotAsked", request.Refuse("identityVerificationFailure", 0).Rejected.Single().Reason);
        request.Ask(1);
        request.Deliver(Ratings, 1);
        Assert.Equal("identityUnanswered", request.Refuse("identityVerificationFailure", 1).Rejected.Single().Reason);
        request.Match(MatchResult.Unmatched, 2);
        request.Answer(2);
        Assert.Equal(1, request.Refuse("identityVerificationFailure", 2).Accepted);
    }

    /// <summary>That the platform had not looked well lengthens nothing, however it shows.</summary>
    [Fact]
    public void GDPR_12_3_a_delivery_to_whom_was_not_found_buys_no_time()
    {
        var request = Received("2026-11-25");
        request.Today = Day("2026-12-10");
        request.Match(MatchResult.Unmatched, 0, 1);
        request.Today = Day("2027-06-10");
        request.Deliver(Ratings, 0);
        request.Match(MatchResult.Matched, 1);
        Assert.Equal((Day("2026-12-28"), Day("2026-12-28")), (request.Due(0), request.Due(1)));
        Assert.Contains(request.OverdueOn(request.Today), o => o.Line == request.Lines[0].Line);
    }

    /// <summary>What was said not to be found after the true month was owed by then: it counts as if nothing had been said.</summary>
    [Fact]
    public void GDPR_12_3_an_earlier_receipt_undoes_a_search_that_came_too_late()
    {
        var request = new OneRequest(Day("2026-11-20"), 3, columns: [new(Trips, "gdpr:A20")]) { Today = Day("2026-12-10") };
        request.Receive(OneRequest.Platform, Day("2026-12-10")).Then();
        request.Today = Day("2027-01-05");
        Assert.Equal(2, request.Match(MatchResult.Unmatched, 0, 1).Accepted);
        request.Prove(Day("2026-11-27"));
        Assert.True(BlockLine.IsOpen(request.State(0)));
        Assert.Contains(request.OverdueOn(request.Today), o => o.Line == request.Lines[0].Line);
    }

    [Fact]
    public void What_is_late_for_all_is_told_once()
    {
        var request = Received("2026-11-25", members: 2);
        request.Withdraw();
        LineOutcome Late() => request.Blocks[0].DeliverTogether(new DeliveryId(Guid.NewGuid()), Ratings, new string('c', 64), withdrawn: true, request.Today, request.At);
        var first = Late();
        Assert.Equal(2, first.Late);
        request.Blocks[0] = LineBlock.Evolve(request.Blocks[0], first.Events.Single())!;
        Assert.Equal((0, 0), (Late().Late, Late().Events.Count));
    }

    [Fact]
    public void A_refused_line_may_be_delivered_after_all()
    {
        var request = Received("2026-11-25");
        request.Refuse("processUnfounded", 0);
        Assert.Equal(1, request.Deliver(Trips, 0).Outcome.Accepted);
        Assert.Equal([LineState.Fulfilled, LineState.Fulfilled, LineState.Refused], request.Line(0).States);
    }

    [Fact]
    public void Who_is_not_found_is_looked_for_again_once_the_union_says_more()
    {
        var request = Received("2026-11-25");
        request.Today = Day("2026-12-01");
        Assert.Equal(2, request.Match(MatchResult.Unmatched, 0, 1).Accepted);
        request.Match(MatchResult.Ambiguous, 2);
        request.Match(MatchResult.Matched, 3);
        Assert.Equal((LineState.Unmatched, LineState.Pending, LineState.Pending), (request.State(0), request.State(2), request.State(3)));
        request.Today = Day("2026-12-11");
        request.Answer(0);
        request.Match(MatchResult.Matched, 1); // found after all: its own fault
        Assert.Equal((LineState.Pending, Day("2027-01-04")), (request.State(0), request.Due(0))); // 25 December and 10 days
        Assert.Equal((LineState.Pending, Day("2026-12-28")), (request.State(1), request.Due(1)));
        Assert.Equal("askedBefore", request.Match(MatchResult.Unmatched, 0).Rejected.Single().Reason); // once, or a platform could stop the clock at will
        Assert.Equal("askedBefore", request.Ask(0).Rejected.Single().Reason);
        request.Today = Day("2026-12-29");
        Assert.Equal("tooLate", request.Match(MatchResult.Unmatched, 3).Rejected.Single().Reason); // whoever was not looked for in time stays owed
    }

    [Theory]
    [InlineData(CheckResult.Missing, null, LineState.Pending)]
    [InlineData(CheckResult.Mismatch, null, LineState.Pending)]
    [InlineData(CheckResult.Unreadable, null, LineState.Pending)]
    [InlineData(CheckResult.Received, null, LineState.Fulfilled)]
    [InlineData(CheckResult.Received, "b", LineState.Pending)] // another digest than the manifest's
    [InlineData(CheckResult.Received, "a", LineState.Fulfilled)]
    public void What_is_not_as_declared_was_not_delivered_and_moves_no_deadline(CheckResult result, string? digest, LineState state)
    {
        var request = Received("2026-11-25");
        var delivered = request.Deliver(Trips, 0, 1).Delivery;
        request.Today = Day("2026-12-29");
        Assert.Equal(1, request.Check(delivered, Trips, result, 0, sha256: digest is null ? null : new string(digest[0], 64)).Accepted);
        Assert.Equal((state, LineState.Fulfilled, Day("2026-12-28")), (request.State(0), request.State(1), request.Due(0)));
        Assert.Equal(state == LineState.Pending, request.OverdueOn(request.Today).Contains((request.Lines[0].Line, 0)));
    }

    [Fact]
    public void A_check_is_the_receivers()
    {
        var request = Received("2026-11-25");
        var first = request.Deliver(Trips, 0, 2).Delivery; // the third answers to the member
        Assert.Equal("notYours", request.Check(first, Trips, CheckResult.Missing, 2).Rejected.Single().Reason);
        Assert.Equal(1, request.Check(first, Trips, CheckResult.Missing, 2, byMember: true).Accepted);
        var second = request.Deliver(Trips, 2).Delivery;
        Assert.Equal("notInDelivery", request.Check(first, Trips, CheckResult.Missing, 2, byMember: true).Rejected.Single().Reason); // another came since
        Assert.Equal(LineState.Fulfilled, request.State(2));
        Assert.Equal(1, request.Check(second, Trips, CheckResult.Received, 2, byMember: true).Accepted);
        Assert.Equal("notInDelivery", request.Check(first, Trips, CheckResult.Missing, 1).Rejected.Single().Reason);
    }

    [Fact]
    public void Paused_renounced_or_run_out_the_line_goes_to_the_member()
    {
        var request = Received("2026-11-25");
        Assert.Equal((Recipient.Representative, Recipient.Member), (request.Line(0).AnsweredTo(request.Today), request.Line(2).AnsweredTo(request.Today)));
        request.Show(0, Day("2026-12-10"));
        Assert.Equal(Recipient.Representative, request.Line(0).AnsweredTo(Day("2026-12-09")));
        Assert.Equal((Recipient.Member, false), (request.Line(0).AnsweredTo(Day("2026-12-10")), request.Line(0).InSight(Day("2026-12-10"))));
        Assert.Equal((LineState.Pending, Day("2026-12-28")), (request.State(0), request.Due(0))); // it cancels nothing and moves no deadline
        var before = request.Blocks[0];
        request.Show(0, Day("2026-12-10"));
        Assert.Same(before, request.Blocks[0]);
    }

    [Fact]
    public void One_file_about_many_answers_those_whose_representative_receives()
    {
        var request = new OneRequest(Day("2026-11-25"), 6, columns: [new("reg:observed.relations", "gdpr:A20")], lines: [.. Enumerable.Range(0, 6).Select(i =>
            new SealedLine(new LineId(Guid.NewGuid()), new MandateId(Guid.NewGuid()), i == 5 ? Recipient.Member : Recipient.Representative, [0]))]);
        request.Receive(OneRequest.Platform, Day("2026-11-25"));
        request.Cancel(0);
        request.Show(1, request.Today);
        var outcome = request.Blocks[0].DeliverTogether(new DeliveryId(Guid.NewGuid()), "reg:observed.relations", new string('c', 64), false, request.Today, request.At);
        Assert.Equal((3, "answeredToMember answeredToMember cancelled"), (outcome.Accepted, string.Join(' ', outcome.Rejected.Select(r => r.Reason).Order())));
        var block = LineBlock.Evolve(request.Blocks[0], outcome.Events.Single())!;
        Assert.Equal([LineState.Cancelled, LineState.Pending, LineState.Fulfilled, LineState.Fulfilled, LineState.Fulfilled, LineState.Pending], block.Lines.Select(l => l.States[0]!.Value));
    }

    [Fact]
    public void A_withdrawn_request_cancels_what_is_open_and_what_comes_is_late()
    {
        var request = Received("2026-11-25");
        request.Deliver(Trips, 0);
        request.Withdraw();
        Assert.Equal("withdrawn", request.StateOn(Day("2028-01-01")));
        Assert.Equal((2, 15), (request.Counts.Fulfilled, request.Counts.Cancelled));
        var late = request.Deliver(Trips, 1).Outcome;
        Assert.Equal((0, 1), (late.Accepted, late.Late));
        Requesting.Receive(request.Facts, OneRequest.Union, Day("2026-11-25"), new ReceiptProof("letter", "x"), request.Today, request.At).ThenRefused("request-withdrawn");
    }

    /// <summary>Whatever comes after a change of mind is late: also where a right had been refused, was not found, or is checked and found wanting.</summary>
    [Fact]
    public void GDPR_7_3_nothing_is_delivered_after_a_withdrawal()
    {
        var request = Received("2026-11-25");
        request.Refuse("processUnfounded", 0);
        request.Match(MatchResult.Unmatched, 1);
        var delivered = request.Deliver(Trips, 2).Delivery;
        foreach (var member in new[] { 0, 1, 2 }) request.Cancel(member);
        Assert.Equal([LineState.Cancelled, LineState.Cancelled, LineState.Cancelled], request.Line(0).States);
        Assert.Equal(LineState.Cancelled, request.State(1));
        request.Check(delivered, Trips, CheckResult.Missing, 2, byMember: true);
        Assert.Equal([LineState.Cancelled, LineState.Cancelled, LineState.Cancelled], request.Line(2).States); // and not owed again
        Assert.Equal((0, 3), (request.Deliver(Trips, 0, 1, 2).Outcome.Accepted, request.Line(0).Manifests.Count + request.Line(1).Manifests.Count + request.Line(2).Manifests.Count(m => m.Late)));
        Assert.Equal(0, request.Deliver(Trips, 0).Outcome.Late); // told again it is told once
        var whole = Received("2026-11-25");
        whole.Refuse("processUnfounded", 0);
        whole.Withdraw();
        Assert.Equal((0, 1), (whole.Deliver(Trips, 0).Outcome is var late ? (late.Accepted, late.Late) : default));
    }

    [Fact]
    public void GDPR_7_3_a_right_withdrawn_beside_another_leaves_what_that_one_covers()
    {
        var request = Received("2026-11-25");
        request.Deliver(Trips, 0);
        request.Cancel(0, 1, 2); // A20 only: CT L7342-7 still covers the trips
        Assert.Null(request.Line(0).Manifests.Single().WithdrawnOn);
        request.Cancel(0, 2);
        Assert.Equal(request.Today, request.Line(0).Manifests.Single().WithdrawnOn);
    }

    [Fact]
    public void GDPR_12_6_delivering_ends_a_doubt_so_that_a_worthless_delivery_buys_no_time()
    {
        var request = Received("2026-11-25", members: 1);
        request.Today = Day("2026-12-01");
        request.Ask(0);
        request.Today = Day("2026-12-03");
        var delivered = request.Deliver(Trips, 0).Delivery;
        Assert.Equal(LineState.Pending, request.State(0, 2));
        request.Today = Day("2027-01-10");
        request.Check(delivered, Trips, CheckResult.Unreadable, 0);
        Assert.Equal((LineState.Pending, Day("2026-12-28")), (request.State(0), request.Due(0))); // the 25th and two days, a Sunday
        Assert.Equal(3, request.OverdueOn(request.Today).Count);
    }

    [Fact]
    public void GDPR_12_6_a_doubt_on_a_rolled_last_day_stops_the_clock_all_the_same()
    {
        var request = Received("2026-11-25", members: 1);
        request.Today = Day("2026-12-28");
        request.Ask(0);
        Assert.Empty(request.OverdueOn(Day("2026-12-29")));
        request.Today = Day("2026-12-29");
        Assert.Equal(1, request.Extend(0).Accepted); // while it stands, the month is not over
    }

    [Fact]
    public void GDPR_12_4_a_receipt_proved_earlier_opens_what_was_refused_after_the_true_month()
    {
        var request = new OneRequest(Day("2026-11-20"), 3, columns: [new(Trips, "gdpr:A20")]);
        request.Today = Day("2026-12-10");
        request.Receive(OneRequest.Platform, Day("2026-12-10")).Then();
        request.Today = Day("2026-12-20");
        request.Refuse("processUnfounded", 0);
        request.Today = Day("2027-01-05");
        request.Refuse("processUnfounded", 1);
        request.Ask(2);
        request.Today = Day("2027-01-06");
        request.Prove(Day("2026-11-27")); // so that the last day was 28 December
        Assert.Equal((LineState.Refused, LineState.Pending), (request.State(0), request.State(1)));
        Assert.Equal([request.Lines[1].Line, request.Lines[2].Line], request.OverdueOn(request.Today).Select(o => o.Line)); // and a late doubt stops nothing
        Assert.Equal(Day("2026-12-28"), request.Due(2));
    }

    /// <summary>Each right by the day on which it was refused itself.</summary>
    [Fact]
    public void GDPR_12_4_a_later_refusal_of_one_right_does_not_reopen_another()
    {
        var request = new OneRequest(Day("2026-11-20"), 1, columns: [new(Trips, "gdpr:A20"), new(Ratings, "gdpr:A15")]);
        request.Today = Day("2026-12-10");
        request.Receive(OneRequest.Platform, Day("2026-12-10")).Then();
        var delivered = request.Deliver(Trips, 0).Delivery;
        request.Today = Day("2026-12-15");
        request.Refuse("processUnfounded", 0);
        request.Check(delivered, Trips, CheckResult.Missing, 0);
        request.Today = Day("2027-01-05");
        request.Refuse("processUnfounded", 0);
        Assert.Equal([LineState.Refused, LineState.Refused], request.Line(0).States);
        request.Prove(Day("2026-11-27"));
        Assert.Equal([LineState.Pending, LineState.Refused], request.Line(0).States);
    }

    [Fact]
    public void GDPR_12_3_a_pause_does_not_bring_a_void_notice_to_life()
    {
        var request = new OneRequest(Day("2027-01-04"), 1, columns: [new(Trips, "gdpr:A20")]);
        request.Today = Day("2027-03-01");
        request.Receive(OneRequest.Platform, Day("2027-03-01")).Then();
        request.Ask(0);
        request.Extend(0);
        request.Prove(Day("2027-01-04"));
        request.Today = Day("2027-04-15");
        Assert.Equal(Day("2027-02-04"), request.Due(0));
        Assert.Single(request.OverdueOn(request.Today));
    }

    /// <summary>Each right by its own time: in Italy thirty days end on a Saturday, the month on the Monday after.</summary>
    [Fact]
    public void GDPR_12_4_and_DLgs_152_1997_1_bis_run_apart()
    {
        var request = new OneRequest(Day("2026-12-10"), 1, country: "IT", columns: [new("reg:inferred.scores", "gdpr:A15"), new("reg:inferred.scores", "dlgs152:A1-bis")]);
        request.Receive(OneRequest.Platform, Day("2026-12-10")).Then();
        Assert.Equal((Day("2027-01-11"), Day("2027-01-09")), (request.Due(0, 0), request.Due(0, 1)));
        request.Today = Day("2027-01-11");
        Assert.Equal(1, request.Refuse("processUnfounded", 0).Accepted);
        Assert.Equal([LineState.Refused, LineState.Pending], request.Line(0).States);
    }

    [Theory]
    [InlineData("gdpr:A15", "P1M", "P3M", Roll.WorkingDay)]
    [InlineData("gdpr:A16", "P1M", "P3M", Roll.WorkingDay)]
    [InlineData("gdpr:A20", "P1M", "P3M", Roll.WorkingDay)]
    [InlineData("pwd:A9-6", "P1M", "P3M", Roll.WorkingDay)]
    [InlineData("ct:L7342-7", "P1M", null, Roll.WorkingDay)]
    [InlineData("dma:A6-9", "P1M", null, Roll.WorkingDay)]
    [InlineData("dlgs152:A1-bis", "P30D", null, Roll.NotSundayOrHoliday)]
    [InlineData("et:A64-4-d", null, null, Roll.WorkingDay)]
    public void Each_article_has_its_own_time(string hook, string? period, string? extended, Roll roll)
    {
        var known = Law.Hooks.Find(hook)!;
        Assert.Equal((period, extended, roll), (known.Period, known.Extended, known.Roll));
    }

    [Theory]
    [InlineData("contract", "P2Y")] // CT L1471-1
    [InlineData("wages", "P3Y")] // CT L3245-1
    [InlineData("discrimination", "P5Y")] // CT L1134-5
    [InlineData("civil", "P5Y")] // C. civ. 2224
    public void GDPR_17_3_e_a_claim_is_held_for_as_long_as_it_lives(string ground, string longest)
    {
        var request = Received("2026-11-25");
        var hold = Law.Holds.Single(h => h.Code == ground);
        Assert.Equal(longest, hold.Longest);
        var last = hold.Ceiling.After(Day("2026-11-25"));
        Requesting.Hold(request.Facts, OneRequest.Union, hold, last, request.Today, request.At).Then();
        Requesting.Hold(request.Facts, OneRequest.Union, hold, last.AddDays(1), request.Today, request.At).ThenRefused("hold-too-long");
    }

    [Fact]
    public void GDPR_77_a_refusal_or_somebody_not_found_is_a_grievance_too()
    {
        RequestEscalated Complaint(OneRequest r, int refused) => new(r.Id, Org(5), true, 0, refused, 0, r.Today, r.At);
        var request = Received("2026-11-25");
        Requesting.Escalate(request.Facts, OneRequest.Union, Complaint(request, 0)).ThenRefused("nothing-to-escalate");
        Requesting.Escalate(request.Facts, OneRequest.Union, Complaint(request, 1)).Then();
        request.Refuse("processUnfounded", 0);
        Requesting.Escalate(request.Facts, OneRequest.Union, Complaint(request, 0)).Then();
    }

    [Fact]
    public void A_request_is_fulfilled_where_nothing_was_refused_and_everybody_found()
    {
        var request = Received("2026-11-25", members: 2);
        request.Deliver(Trips, 0);
        request.Deliver(Ratings, 0);
        request.Refuse("processUnfounded", 1);
        Assert.Equal("partiallyFulfilled", request.StateOn(request.Today));
    }

    [Fact]
    public void A_proof_of_a_later_day_does_not_prevail()
    {
        var request = new OneRequest(Day("2026-11-20"), 1);
        request.Today = Day("2026-12-10");
        request.Receive(OneRequest.Platform, Day("2026-11-25")).Then();
        request.Receive(OneRequest.Union, Day("2026-11-26"), new ReceiptProof("letter", "x")).ThenRefused("already-received");
        request.Receive(OneRequest.Union, Day("2026-11-24"), new ReceiptProof("letter", "x")).Then();
    }

    /// <summary>A day is over at its end, wherever it lies: February, summer time, the turn of the year.</summary>
    [Theory]
    [InlineData("2028-01-29", "2028-02-29")]
    [InlineData("2027-01-29", "2027-03-01")]
    [InlineData("2026-02-27", "2026-03-27")] // two days before summer time
    [InlineData("2026-02-28", "2026-03-30")] // the 28th is a Saturday
    [InlineData("2026-09-25", "2026-10-26")] // the 25th, a Sunday, has 25 hours
    [InlineData("2026-11-30", "2026-12-30")]
    [InlineData("2026-12-31", "2027-02-01")]
    public void No_deadline_is_off_by_a_day(string received, string due)
    {
        var request = Received(received, members: 1);
        Assert.Equal(Day(due), request.Due(0));
        Assert.Empty(request.OverdueOn(Day(due)));
        Assert.Equal(3, request.OverdueOn(Day(due).AddDays(1)).Count);
    }

    /// <summary>What a request holds is bounded.</summary>
    [Fact]
    public void A_request_takes_so_many_deliveries_and_notices_and_no_more()
    {
        var request = Received("2026-11-25", members: 1);
        Outcome<RequestEvent> Deliver() =>
            Replying.Deliver(request.Facts, OneRequest.Platform, new DeliveryDeclared(request.Id, new DeliveryId(Guid.NewGuid()), Trips, "json", "s", 1, request.At, request.Today, 0));
        Outcome<RequestEvent> Refuse(int n) =>
            Replying.Refuse(request.Facts, OneRequest.Platform, new RequestRefused(request.Id, new RefusalId(Guid.NewGuid()), "gdpr:12-5-b", $"why {n}", ["CNIL"], null, RefusalStanding.Invalid, [], 1, 0, request.Today, request.At));
        for (var n = 0; n < Replying.MostDeliveries; n++) Assert.Null(request.Apply(Deliver()).Refused);
        for (var n = 0; n < Replying.MostNotices; n++) Assert.Null(request.Apply(Refuse(n)).Refused);
        Deliver().ThenRefused("too-many-acts");
        Refuse(-1).ThenRefused("too-many-acts");
    }
}
