using MediatR;
using Registry.Domain.Organisations;

namespace Registry.Application.Organisations;

public sealed record GetOrganisation(Guid Id) : IRequest<Reply<OrganisationView>>;

public sealed record ListOrganisations(PageAsked Page) : IRequest<Reply<Page<OrganisationView>>>;

public sealed class GetOrganisationHandler(Readings readings) : IRequestHandler<GetOrganisation, Reply<OrganisationView>>
{
    public async Task<Reply<OrganisationView>> Handle(GetOrganisation q, CancellationToken ct) =>
        await readings.Find<OrganisationView>(q.Id, ct) ?? OrganisationRefusals.Unknown;
}

public sealed class ListOrganisationsHandler(Readings readings) : IRequestHandler<ListOrganisations, Reply<Page<OrganisationView>>>
{
    public async Task<Reply<Page<OrganisationView>>> Handle(ListOrganisations q, CancellationToken ct)
    {
        var (rows, next) = await readings.Page<OrganisationView>("page", [], q.Page, ct);
        return new Page<OrganisationView>([.. rows.Select(r => r.View!)], next);
    }
}
