using FluentValidation;
using MediatR;
using Registry.Application.Organisations;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;

namespace Registry.Application.Agreements;

public sealed record OpposeAgreement(Guid Agreement, string Reason, DateOnly? ReceivedOn, OrganisationId By, long? Revision) : IRequest<Reply<AgreementView>>;

public sealed class OpposeAgreementValidator : AbstractValidator<OpposeAgreement>
{
    public OpposeAgreementValidator() => RuleFor(c => c.Reason).Named(8_000);
}

public sealed class OpposeAgreementHandler(AgreementToday dated, Ledger ledger, Readings readings, WeighedSides weighed, Law law, LegalTime clock)
    : IRequestHandler<OpposeAgreement, Reply<AgreementView>>
{
    public async Task<Reply<AgreementView>> Handle(OpposeAgreement c, CancellationToken ct)
    {
        if (await readings.View<AgreementView>(c.Agreement, ct) is not { } known) return AgreementRefusals.Unknown;
        var rules = law.RuleSets[known.RuleSet];
        var on = c.ReceivedOn ?? clock.Today(rules.Country);
        // Latest measured on or before the signature: a later measure does not change what a signature weighed.
        var signed = known.Signatures.Count == 0 ? on : known.Signatures.Max(s => s.SignedOn);
        var weights = await weighed.For(known.RuleSet, known.Scope, signed, ct);
        return await dated.Of(ledger.Decide<Agreement, AgreementEvent, AgreementView>(
            c.Agreement, agreement => Conclusion.Oppose(agreement, c.By, c.Reason, on, clock.Today(rules.Country), rules, weights, clock.Now), ct, c.Revision));
    }
}
