using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;

namespace Registry.Application.Agreements;

public sealed record DenounceAgreement(Guid Agreement, DateOnly? DepositedOn, OrganisationId By, long? Revision) : IRequest<Reply<AgreementView>>;

public sealed class DenounceAgreementHandler(AtTheTable table) : IRequestHandler<DenounceAgreement, Reply<AgreementView>>
{
    public Task<Reply<AgreementView>> Handle(DenounceAgreement c, CancellationToken ct) => table.Act(c.Agreement, c.By, c.Revision, async at =>
    {
        var (then, now) = (await table.Weights(at, at.Known.Own?.SignedOn ?? at.Today, ct), await table.Weights(at, at.Today, ct));
        return agreement => Ending.Denounce(agreement, at.Sitting, c.DepositedOn ?? at.Today, then, now);
    }, ct);
}
