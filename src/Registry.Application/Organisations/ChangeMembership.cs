using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;

namespace Registry.Application.Organisations;

/// <summary>An organisation becomes a member of another; null <paramref name="By"/> is the operator.</summary>
public sealed record JoinOrganisation(Guid Organisation, Guid Other, DateOnly? From, OrganisationId? By) : IRequest<Reply<OrganisationView>>;

public sealed record LeaveOrganisation(Guid Organisation, Guid Other, DateOnly? On, OrganisationId? By) : IRequest<Reply<OrganisationView>>;

public sealed class JoinOrganisationHandler(Ledger ledger, Readings readings, KnownOrganisations organisations, LegalTime clock) : IRequestHandler<JoinOrganisation, Reply<OrganisationView>>
{
    public async Task<Reply<OrganisationView>> Handle(JoinOrganisation c, CancellationToken ct)
    {
        if (await organisations.Find(c.Other, readings, ct) is not { } other) return OrganisationRefusals.NotThere("/organisation", c.Other);
        if (other.Kind != OrganisationKind.EmployersAssociation && c.Organisation != c.Other) return OrganisationRefusals.WrongKind("/organisation", other.Kind.ToString());
        var today = clock.Today((await organisations.Find(c.Organisation, readings, ct))?.Country ?? "EU");
        return await ledger.Decide<Organisation, OrganisationEvent, OrganisationView>(
            c.Organisation, known => Organisation.Join(known, new OrganisationId(c.Other), c.By, c.From ?? today, today, clock.Now), ct);
    }
}

public sealed class LeaveOrganisationHandler(Ledger ledger, Readings readings, KnownOrganisations organisations, LegalTime clock) : IRequestHandler<LeaveOrganisation, Reply<OrganisationView>>
{
    public async Task<Reply<OrganisationView>> Handle(LeaveOrganisation c, CancellationToken ct)
    {
        var today = clock.Today((await organisations.Find(c.Organisation, readings, ct))?.Country ?? "EU");
        return await ledger.Decide<Organisation, OrganisationEvent, OrganisationView>(
            c.Organisation, known => Organisation.Leave(known, new OrganisationId(c.Other), c.By, c.On ?? today, today, clock.Now), ct);
    }
}
