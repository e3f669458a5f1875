using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>The representative has somebody act in its place, whom the member named (C. civ. 1994); null: it acts itself again.</summary>
public sealed record EntrustMandate(MandateId Mandate, OrganisationId By, OrganisationId? Substitute) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => [new(By, Disclosing.OwnMembers, Disclosing.Membership, view.Disclosed)];
}

public sealed class EntrustMandateHandler(MembersWords words, MandateReadings mandates, LegalTime clock) : IRequestHandler<EntrustMandate, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(EntrustMandate c, CancellationToken ct) => await mandates.Show(await words.Ending(
        c.Mandate, mandate => c.Substitute is { } substitute ? Mandate.Entrust(mandate, c.By, substitute, mandates.Today, clock.Now) : Mandate.TakeBack(mandate, c.By, clock.Now), ct), ct);
}
