using FluentValidation;
using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;

namespace Registry.Application.Agreements;

public sealed record OpposeAgreement(Guid Agreement, int? Version, string Reason, DateOnly? ReceivedOn, OrganisationId By, long? Revision)
    : IRequest<Reply<AgreementView>>;

public sealed class OpposeAgreementValidator : AbstractValidator<OpposeAgreement>
{
    public OpposeAgreementValidator() => RuleFor(c => c.Reason).Named(8_000);
}

public sealed class OpposeAgreementHandler(AtTheTable table) : IRequestHandler<OpposeAgreement, Reply<AgreementView>>
{
    public Task<Reply<AgreementView>> Handle(OpposeAgreement c, CancellationToken ct) => table.Act(c.Agreement, c.By, c.Revision, async at =>
    {
        // Latest measured on or before the signature: a later measure does not change what a signature weighed.
        var signed = at.Known.Agreed(c.Version)?.Signatures is { Count: > 0 } signatures ? signatures.Max(s => s.SignedOn) : at.Today;
        var weights = await table.Weights(at, signed, ct);
        return agreement => Conclusion.Oppose(agreement, at.Sitting, c.Version, c.Reason, c.ReceivedOn ?? at.Today, weights);
    }, ct);
}
