using FsCheck;
using FsCheck.Fluent;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.PortabilityRequests;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.PortabilityRequests;

public sealed class Lines
{
    private static readonly BlockId Id = new(Guid.NewGuid());
    private static readonly LineColumn[] Columns = [new("reg:observed.trips", "gdpr:A20"), new("reg:observed.trips", "ct:L7342-7"), new("reg:reputation.ratings", "ct:L7342-7")];
    private static readonly SealedLine[] Members = [.. Enumerable.Range(0, 5).Select(_ => new SealedLine(new LineId(Guid.NewGuid()), new MandateId(Guid.NewGuid()), Recipient.Member, [0, 1, 2]))];
    private static readonly LineBlockEvent Sealed = new LinesSealed(Id, new RequestId(Guid.NewGuid()), 0, Columns, Members, Noon);

    private static DeliveredLine Item(int member) => new(Members[member].Line, new string('a', 64), 10, 1, null);

    private static LineBlock? Given(params LineBlockEvent[] events) => GivenWhenThen.Given<LineBlock, LineBlockEvent>(events);

    private static LineCounts Count(LineBlock? block) => LineCounts.Of(block!.Lines.SelectMany(l => l.States));

    [Fact]
    public void A_delivery_answers_every_right_over_its_category_and_no_other()
    {
        var delivered = LineBlock.Deliver(Given(Sealed), new DeliveryId(Guid.NewGuid()), "reg:observed.trips", [Item(0)], Noon).Then();
        Assert.Equal([LineState.Fulfilled, LineState.Fulfilled, LineState.Pending], Given(Sealed, delivered)!.Lines[0].States);
        LineBlock.Deliver(Given(Sealed, delivered), new DeliveryId(Guid.NewGuid()), "reg:observed.trips", [Item(0)], Noon).ThenNothing();
        Assert.Equal("fulfilled", Given(Sealed, delivered)!.WhyNot("reg:observed.trips")(Members[0].Line));
    }

    [Fact]
    public void A_withdrawal_cancels_what_is_open_for_that_member_and_no_other()
    {
        var delivered = LineBlock.Deliver(Given(Sealed), new DeliveryId(Guid.NewGuid()), "reg:observed.trips", [Item(0)], Noon).Then();
        var cancelled = LineBlock.Cancel(Given(Sealed, delivered), Members[0].Mandate, new HashSet<int>(), Noon).Then();
        var block = Given(Sealed, delivered, cancelled);
        Assert.Equal([LineState.Fulfilled, LineState.Fulfilled, LineState.Cancelled], block!.Lines[0].States); // delivered stays lawful
        Assert.All(block.Lines.Skip(1), line => Assert.All(line.States, state => Assert.Equal(LineState.Pending, state)));
        Assert.Equal("cancelled", block.WhyNot("reg:reputation.ratings")(Members[0].Line));
        LineBlock.Deliver(block, new DeliveryId(Guid.NewGuid()), "reg:reputation.ratings", [Item(0)], Noon).ThenNothing();
    }

    [Fact]
    public void A_scope_withdrawn_cancels_its_columns_only()
    {
        var cancelled = LineBlock.Cancel(Given(Sealed), Members[0].Mandate, new HashSet<int> { 0, 1 }, Noon).Then();
        Assert.Equal([LineState.Pending, LineState.Pending, LineState.Cancelled], Given(Sealed, cancelled)!.Lines[0].States);
    }

    [Fact]
    public void A_stranger_line_and_a_category_not_covered_are_told_apart()
    {
        Assert.Equal("unknown", Given(Sealed)!.WhyNot("reg:observed.trips")(new LineId(Guid.NewGuid())));
        Assert.Equal("notCovered", Given(Sealed)!.WhyNot("reg:provided")(Members[0].Line));
    }

    [Fact]
    public void In_any_history_states_sum_up_and_no_cancelled_line_is_ever_delivered() => Prop.ForAll(
        Gen.Choose(0, 44).ListOf().ToArbitrary(),
        acts =>
        {
            var block = Given(Sealed);
            foreach (var act in acts)
            {
                var cancelledBefore = block!.Lines.SelectMany((l, i) => l.States.Select((s, c) => (i, c, s))).Where(x => x.s == LineState.Cancelled).ToHashSet();
                var member = act % 5;
                var outcome = (act / 5) % 3 == 0
                    ? LineBlock.Cancel(block, Members[member].Mandate, act > 20 ? new HashSet<int> { 0 } : new HashSet<int>(), Noon)
                    : LineBlock.Deliver(block, new DeliveryId(Guid.NewGuid()), act % 2 == 0 ? "reg:observed.trips" : "reg:reputation.ratings", [Item(member)], Noon);
                foreach (var happened in outcome.Events) block = LineBlock.Evolve(block, happened);
                if (Count(block).All != 15 || cancelledBefore.Any(x => block!.Lines[x.i].States[x.c] != LineState.Cancelled)) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    /// <summary>DOMAIN section 3, the columns of GDPR 15, GDPR 20 and CT L7342-7.</summary>
    [Theory]
    [InlineData("reg:provided.identity", "gdpr:A15 gdpr:A20 ct:L7342-7")]
    [InlineData("reg:observed.trips", "gdpr:A15 gdpr:A20 ct:L7342-7")]
    [InlineData("reg:experience.hours", "gdpr:A15 gdpr:A20 ct:L7342-7")]
    [InlineData("reg:reputation.ratings", "gdpr:A15 ct:L7342-7")]
    [InlineData("reg:inferred.scores", "gdpr:A15")]
    [InlineData("reg:algorithmicManagement.logic", "gdpr:A15")]
    public void GDPR_15_and_20_and_CT_D7342_6_each_reach_what_they_say(string category, string hooks) => Assert.Equal(
        hooks.Split(' '), new[] { "gdpr:A15", "gdpr:A20", "ct:L7342-7" }.Where(h => Law.Hooks.Find(h)!.Reaches(new(category), Law.Codes)));

    [Theory]
    [InlineData("reg:observed", "dpv:RightsFulfillment", MandateRight.Portability, 2)]
    [InlineData("reg:observed.trips", "dpv:RightsFulfillment", MandateRight.Portability, 2)]
    [InlineData("reg:observed.location", "dpv:RightsFulfillment", MandateRight.Portability, 0)]
    [InlineData("reg:observed", "dpv:DisputeManagement", MandateRight.Portability, 0)]
    [InlineData("reg:observed", "dpv:RightsFulfillment", MandateRight.Access, 0)]
    public void A_mandate_reaches_narrower_categories_and_exactly_the_purposes_it_names(string category, string purpose, MandateRight right, int columns)
    {
        var matter = new RequestMatter(Org(1), Org(9), ["gdpr:A20", "ct:L7342-7"], ["reg:observed.trips"], "dpv:RightsFulfillment", null, null, new CohortChoice(true, []), "json", null, 10);
        var scope = new Scope(new ScopeId(Guid.NewGuid()), [right], [category], [purpose], [Org(9)]);
        Assert.Equal(columns, Coverage.Of([scope], matter, Coverage.Columns(matter, Law.Hooks, Law.Codes), Law.Hooks, Law.Codes).Count);
        Assert.Empty(Coverage.Of([scope with { Controllers = [Org(8)] }], matter, Coverage.Columns(matter, Law.Hooks, Law.Codes), Law.Hooks, Law.Codes));
    }

    [Theory]
    [InlineData(false, false, false, 0, 0, 0, 0, false, "drafted")]
    [InlineData(true, false, false, 9, 0, 0, 0, false, "filed")]
    [InlineData(true, true, false, 9, 0, 0, 0, false, "received")]
    [InlineData(true, true, true, 9, 0, 0, 0, false, "acknowledged")]
    [InlineData(true, true, true, 8, 1, 0, 0, false, "partiallyFulfilled")]
    [InlineData(true, true, true, 8, 1, 0, 0, true, "overdue")]
    [InlineData(true, true, true, 0, 8, 0, 1, false, "fulfilled")]
    [InlineData(true, true, true, 0, 0, 9, 0, false, "refused")]
    [InlineData(true, true, true, 0, 0, 0, 9, false, "closed")]
    public void A_requests_state_is_derived(bool filed, bool received, bool acknowledged, int pending, int fulfilled, int refused, int cancelled, bool overdue, string state) =>
        Assert.Equal(state, RequestState.On(filed, received, acknowledged, new LineCounts(pending, 0, 0, fulfilled, refused, cancelled, 0), overdue));
}
