using Registry.Domain.RuleSets;

namespace Registry.Application.Agreements;

/// <summary>What an act answers is what a reading of the same day says.</summary>
public sealed class AgreementToday(Law law, LegalTime clock)
{
    public async Task<Reply<AgreementView>> Of(Task<Reply<AgreementView>> reply) => (await reply).As(view => view.On(clock.Today(law.RuleSets[view.RuleSet].Country)));
}
