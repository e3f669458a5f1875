using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>The representative gives it back (C. civ. 2007), or declines the offer. Again is harmless.</summary>
public sealed record RenounceMandate(MandateId Mandate, OrganisationId By) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => [new(By, Disclosing.OwnMembers, Disclosing.Membership, view.Disclosed)];
}

public sealed class RenounceMandateHandler(MembersWords words, MandateReadings mandates, LegalTime clock) : IRequestHandler<RenounceMandate, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(RenounceMandate c, CancellationToken ct) => await mandates.Show(await words.Ending(
        c.Mandate, mandate => Mandate.Renounce(mandate, c.By, mandates.Today, clock.Now), ct), ct);
}
