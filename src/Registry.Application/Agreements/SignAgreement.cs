using FluentValidation;
using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;

namespace Registry.Application.Agreements;

public sealed record SignAgreement(Guid Agreement, int Version, string TermsHash, string? Signature, OrganisationId By, long? Revision)
    : IRequest<Reply<AgreementView>>;

public sealed class SignAgreementValidator : AbstractValidator<SignAgreement>
{
    public SignAgreementValidator()
    {
        RuleFor(c => c.TermsHash).Digest();
        RuleFor(c => c.Signature).MaximumLength(8_000).WithErrorCode("text-too-long");
    }
}

public sealed class SignAgreementHandler(AtTheTable table) : IRequestHandler<SignAgreement, Reply<AgreementView>>
{
    public Task<Reply<AgreementView>> Handle(SignAgreement c, CancellationToken ct) => table.Act(c.Agreement, c.By, c.Revision, async at =>
    {
        var weights = await table.Weights(at, at.Today, ct);
        return agreement => Conclusion.Sign(agreement, at.Sitting, c.Version, c.TermsHash, c.Signature, weights);
    }, ct);
}
