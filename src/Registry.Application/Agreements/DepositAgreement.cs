using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;

namespace Registry.Application.Agreements;

public sealed record DepositAgreement(Guid Agreement, DateOnly? DepositedOn, DateOnly? EffectiveFrom, OrganisationId By, long? Revision)
    : IRequest<Reply<AgreementView>>;

public sealed class DepositAgreementHandler(AgreementToday dated, Ledger ledger, Readings readings, Law law, LegalTime clock) : IRequestHandler<DepositAgreement, Reply<AgreementView>>
{
    public async Task<Reply<AgreementView>> Handle(DepositAgreement c, CancellationToken ct)
    {
        if (await readings.View<AgreementView>(c.Agreement, ct) is not { } known) return AgreementRefusals.Unknown;
        var rules = law.RuleSets[known.RuleSet];
        var today = clock.Today(rules.Country);
        return await dated.Of(ledger.Decide<Agreement, AgreementEvent, AgreementView>(
            c.Agreement, agreement => Conclusion.Deposit(agreement, c.By, c.DepositedOn ?? today, today, c.EffectiveFrom, rules, clock.Now), ct, c.Revision));
    }
}
