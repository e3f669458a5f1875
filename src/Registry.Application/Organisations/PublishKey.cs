using MediatR;
using Registry.Domain.Organisations;

namespace Registry.Application.Organisations;

public sealed record PublishKey(Guid Organisation, PublishedKey Key) : IRequest<Reply<OrganisationView>>;

public sealed class PublishKeyHandler(Ledger ledger, LegalTime clock) : IRequestHandler<PublishKey, Reply<OrganisationView>>
{
    public Task<Reply<OrganisationView>> Handle(PublishKey c, CancellationToken ct) =>
        ledger.Decide<Organisation, OrganisationEvent, OrganisationView>(c.Organisation, organisation => Organisation.PublishKey(organisation, c.Key, clock.Now), ct);
}
