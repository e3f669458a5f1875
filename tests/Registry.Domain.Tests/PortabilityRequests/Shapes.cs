using Registry.Application.Mandates;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.PortabilityRequests;

/// <summary>Of mandates of one shape one is looked at for all: whatever decides about a place in a request must be in it.</summary>
public sealed class Shapes
{
    private static readonly Scope First = new(new ScopeId(Guid.NewGuid()), [MandateRight.Portability], ["reg:observed"], ["dpv:RightsFulfillment"], [Org(9)]);

    private static MandateRow Row(Func<MandateDeed, MandateDeed>? deed = null, params MandateEvent[] more)
    {
        var id = new MandateId(Guid.NewGuid());
        var said = new MandateDeed(
            new MemberRef(Guid.NewGuid()), Org(1), [First with { Id = new ScopeId(Guid.NewGuid()) }], new Validity(Day("2026-11-25"), Day("2027-11-25")), false, true, [Org(2)], "en", "2026-2", null,
            new MandateEvidence(EvidenceMethod.Paper, Day("2026-11-25"), Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N")), new string('b', 64));
        return more.Prepend(new MandateRecorded(id, deed is null ? said : deed(said), Noon.AddSeconds(Random.Shared.Next(1_000)))).Aggregate((MandateRow?)null, MandateRow.Evolve)!;
    }

    private static MandateDeed With(MandateDeed deed, Func<Scope, Scope> scope) => deed with { Scopes = [scope(deed.Scopes[0])] };

    [Fact]
    public void Whose_it_is_when_it_was_said_and_on_which_paper_do_not_count() => Assert.Equal(Row().Shape, Row().Shape);

    [Fact]
    public void Everything_that_decides_about_a_place_does()
    {
        MandateRow[] others =
        [
            Row(d => d with { Representative = Org(3) }), Row(d => d with { MayReceiveResponse = true }), Row(d => d with { Validity = new Validity(Day("2026-11-26"), Day("2027-11-25")) }),
            Row(d => d with { Validity = new Validity(Day("2026-11-25"), Day("2027-11-24")) }), Row(d => With(d, s => s with { Rights = [MandateRight.Access] })), Row(d => With(d, s => s with { Categories = ["reg:observed.trips"] })),
            Row(d => With(d, s => s with { Purposes = ["dpv:DisputeManagement"] })), Row(d => With(d, s => s with { Controllers = [Org(8)] })), Row(d => d with { Scopes = [d.Scopes[0], d.Scopes[0] with { Id = new ScopeId(Guid.NewGuid()), Categories = ["reg:provided"] }] }),
            Row(null, new MandatePaused(default, null, null, Noon)), Row(null, new MandateWithdrawn(default, null, null, null, Noon)), Row(null, new MandateRenounced(default, Noon)), Row(null, new MandateEntrusted(default, Org(2), Noon)),
            Superseded("2026-12-01"), Superseded("2026-12-02"),
        ];
        Assert.Equal(others.Length + 1, others.Append(Row()).Select(row => row.Shape).Distinct().Count());
    }

    private static MandateRow Superseded(string from)
    {
        var row = Row();
        return MandateRow.Evolve(row, new MandateSuperseded(row.Facts.Id, [row.Facts.Scopes[0].Scope.Id], Day(from), Noon))!;
    }
}
