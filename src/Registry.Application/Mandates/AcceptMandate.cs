using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

public sealed record AcceptMandate(MandateId Mandate, OrganisationId By) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => [new(By, Disclosing.OwnMembers, Disclosing.Membership, view.Disclosed)];
}

public sealed class AcceptMandateHandler(Accepting accepting, MandateReadings mandates) : IRequestHandler<AcceptMandate, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(AcceptMandate c, CancellationToken ct) => await mandates.Show(await accepting.Accept(c.Mandate, c.By, tacit: false, ct), ct);
}

/// <summary>The representative takes an offer up, by the call or by using it; what shares its matter ends.</summary>
public sealed class Accepting(Ledger ledger, OtherMandates others, MandateReadings mandates, LegalTime clock)
{
    public Task<Reply<MandateRow>> Accept(MandateId mandate, OrganisationId by, bool tacit, CancellationToken ct) => ledger.Together<MandateRow, MandateEvent>(async act =>
    {
        if (await mandates.DissolvedOn(by, ct) <= mandates.Today) return MandateRefusals.Over(MandateStatus.Ended);
        var reply = await act.Decide<Mandate, MandateEvent, MandateRow>(mandate.Value, known => Mandate.Accept(known, by, mandates.Today, clock.Now, tacit), ct);
        if (reply.Changed) await others.Supersede(act, reply.View!.Facts, ct);
        return reply;
    }, ct, remembered: !tacit);
}
