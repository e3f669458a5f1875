using MediatR;
using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

public sealed record AcceptMandate(MandateId Mandate, OrganisationId By) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => [new(By, Disclosing.OwnMembers, Disclosing.Membership, view.Disclosed)];
}

public sealed class AcceptMandateHandler(Ledger ledger, Readings readings, LegalTime clock) : IRequestHandler<AcceptMandate, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(AcceptMandate c, CancellationToken ct)
    {
        var today = clock.Today((await readings.View<OrganisationView>(c.By.Value, ct))?.Country ?? "EU");
        return (await ledger.Decide<Mandate, MandateEvent, MandateView>(c.Mandate.Value, mandate => Mandate.Accept(mandate, c.By, today, clock.Now), ct)).As(view => view.On(today));
    }
}
