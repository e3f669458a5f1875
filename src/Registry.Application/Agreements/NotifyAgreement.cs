using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;

namespace Registry.Application.Agreements;

public sealed record NotifyAgreement(Guid Agreement, DateOnly? NotifiedOn, OrganisationId By, long? Revision) : IRequest<Reply<AgreementView>>;

public sealed class NotifyAgreementHandler(AgreementToday dated, Ledger ledger, Readings readings, Law law, LegalTime clock) : IRequestHandler<NotifyAgreement, Reply<AgreementView>>
{
    public async Task<Reply<AgreementView>> Handle(NotifyAgreement c, CancellationToken ct)
    {
        if (await readings.View<AgreementView>(c.Agreement, ct) is not { } known) return AgreementRefusals.Unknown;
        var rules = law.RuleSets[known.RuleSet];
        var on = c.NotifiedOn ?? clock.Today(rules.Country);
        return await dated.Of(ledger.Decide<Agreement, AgreementEvent, AgreementView>(
            c.Agreement, agreement => Conclusion.Notify(agreement, c.By, on, clock.Today(rules.Country), rules, law.Calendars.At(rules.Country), clock.Now), ct, c.Revision));
    }
}
