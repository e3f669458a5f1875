using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;

namespace Registry.Application.Organisations;

/// <summary>An organisation is no more from a day on; mandates given to it ended with it (C. civ. 2003).</summary>
public sealed record DissolveOrganisation(Guid Organisation, DateOnly? On) : IRequest<Reply<OrganisationView>>;

public sealed class DissolveOrganisationHandler(Ledger ledger, Readings readings, KnownOrganisations organisations, LegalTime clock) : IRequestHandler<DissolveOrganisation, Reply<OrganisationView>>
{
    public async Task<Reply<OrganisationView>> Handle(DissolveOrganisation c, CancellationToken ct)
    {
        var today = clock.Today((await organisations.Find(c.Organisation, readings, ct))?.Country ?? "EU");
        return await ledger.Decide<Organisation, OrganisationEvent, OrganisationView>(c.Organisation, known => Organisation.Dissolve(known, c.On ?? today, today, clock.Now), ct);
    }
}
