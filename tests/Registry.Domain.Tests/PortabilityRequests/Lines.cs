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

        private static LineOutcome Deliver(LineBlock? block, string category, params DeliveredLine[] items) => block!.Deliver(new DeliveryId(Guid.NewGuid()), category, items, Day("2026-12-01"), Noon);

    [Fact]
    public void A_delivery_answers_every_right_over_its_category_and_no_other()
    {
        var delivered = Assert.Single(Deliver(Given(Sealed), "reg:observed.trips", Item(0)).Events);
        Assert.Equal([LineState.Fulfilled, LineState.Fulfilled, LineState.Pending], Given(Sealed, delivered)!.Lines[0].States);
        var again = Deliver(Given(Sealed, delivered), "reg:observed.trips", Item(0));
        Assert.Empty(again.Events);
        Assert.Equal(new RejectedLine(Members[0].Line, "fulfilled"), Assert.Single(again.Rejected));
    }

    [Fact]
    public void A_withdrawal_cancels_what_is_open_for_that_member_and_no_other_and_what_comes_late_counts_for_nothing()
    {
        var delivered = Assert.Single(Deliver(Given(Sealed), "reg:observed.trips", Item(0)).Events);
        var cancelled = AnsweringLines.Cancel(Given(Sealed, delivered), Members[0].Mandate, new HashSet<int>(), Day("2026-12-02"), Noon).Then();
        var block = Given(Sealed, delivered, cancelled)!;
        Assert.Equal([LineState.Fulfilled, LineState.Fulfilled, LineState.Cancelled], block.Lines[0].States); // delivered stays lawful
        Assert.Equal(Day("2026-12-02"), block.Lines[0].Manifests.Single().WithdrawnOn); // and is to be erased
        Assert.All(block.Lines.Skip(1), line => Assert.All(line.States, state => Assert.Equal(LineState.Pending, state)));
        AnsweringLines.Cancel(block, Members[0].Mandate, new HashSet<int>(), Day("2026-12-03"), Noon).ThenNothing();
        var late = Deliver(block, "reg:reputation.ratings", Item(0));
        Assert.Equal((0, 1, "cancelled"), (late.Accepted, late.Late, late.Rejected.Single().Reason));
        var after = Given(Sealed, delivered, cancelled, late.Events.Single())!;
        Assert.Equal(LineState.Cancelled, after.Lines[0].States[2]);
        Assert.True(after.Lines[0].Manifests[^1].Late);
    }

    [Fact]
    public void A_scope_withdrawn_cancels_its_columns_only()
    {
        var cancelled = AnsweringLines.Cancel(Given(Sealed), Members[0].Mandate, new HashSet<int> { 0, 1 }, Day("2026-12-02"), Noon).Then();
        Assert.Equal([LineState.Pending, LineState.Pending, LineState.Cancelled], Given(Sealed, cancelled)!.Lines[0].States);
    }

    [Fact]
    public void A_stranger_line_and_a_category_not_covered_are_told_apart()
    {
        Assert.Equal("unknown", Given(Sealed)!.WhyNot("reg:observed.trips")(new LineId(Guid.NewGuid())));
        Assert.Equal("notCovered", Given(Sealed)!.WhyNot("reg:provided")(Members[0].Line));
    }

    /// <summary>DOMAIN section 3, the columns of GDPR 15, GDPR 20 and CT L7342-7.</summary>
    [Theory]
    [InlineData("reg:provided.identity", "gdpr:A15 gdpr:A16 gdpr:A20 pwd:A9-6 ct:L7342-7 dma:A6-9")]
    [InlineData("reg:observed.trips", "gdpr:A15 gdpr:A16 gdpr:A20 pwd:A9-6 ct:L7342-7 dma:A6-9")]
    [InlineData("reg:experience.hours", "gdpr:A15 gdpr:A16 gdpr:A20 pwd:A9-6 ct:L7342-7")]
    [InlineData("reg:reputation.ratings", "gdpr:A15 gdpr:A16 pwd:A9-6 ct:L7342-7")]
    [InlineData("reg:inferred.scores", "gdpr:A15 gdpr:A16 dlgs152:A1-bis")]
    [InlineData("reg:algorithmicManagement.logic", "gdpr:A15 dlgs152:A1-bis et:A64-4-d")]
    public void GDPR_15_and_20_and_CT_D7342_6_each_reach_what_they_say(string category, string hooks) => Assert.Equal(
        hooks.Split(' '), Law.Hooks.All.Where(h => h.Reaches(new(category), Law.Codes)).Select(h => h.Code));

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
}
