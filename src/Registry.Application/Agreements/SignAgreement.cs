using FluentValidation;
using MediatR;
using Registry.Application.Organisations;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;

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

public sealed class SignAgreementHandler(AgreementToday dated, Ledger ledger, Readings readings, WeighedSides weighed, Law law, LegalTime clock)
    : IRequestHandler<SignAgreement, Reply<AgreementView>>
{
    public async Task<Reply<AgreementView>> Handle(SignAgreement c, CancellationToken ct)
    {
        if (await readings.View<AgreementView>(c.Agreement, ct) is not { } known) return AgreementRefusals.Unknown;
        var rules = law.RuleSets[known.RuleSet];
        var today = clock.Today(rules.Country);
        var weights = await weighed.For(known.RuleSet, known.Scope, today, ct);
        return await dated.Of(ledger.Decide<Agreement, AgreementEvent, AgreementView>(
            c.Agreement, agreement => Conclusion.Sign(agreement, c.By, c.Version, c.TermsHash, today, c.Signature, rules, weights, clock.Now), ct, c.Revision));
    }
}
