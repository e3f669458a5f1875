using FluentValidation;
using MediatR;
using Registry.Application.Organisations;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Agreements;

public sealed record OpenAgreement(
    string Title, string RuleSet, Nature Nature, IReadOnlyList<string> Sectors, IReadOnlyList<string> Territories, IReadOnlyList<WorkStatus> Statuses,
    Level Level, IReadOnlyList<Party> Parties, Guid? Substitutes, OrganisationId By) : IRequest<Reply<AgreementView>>;

public sealed class OpenAgreementValidator : AbstractValidator<OpenAgreement>
{
    public OpenAgreementValidator()
    {
        RuleFor(c => c.Title).Named(300);
        RuleFor(c => c.Sectors).Some(50).OverridePropertyName("scope.sectors");
        RuleFor(c => c.Territories).Some(50).OverridePropertyName("scope.territories");
        RuleFor(c => c.Statuses).Some(3).OverridePropertyName("scope.statuses");
        RuleFor(c => c.Parties).Some(100);
    }
}

public sealed class OpenAgreementHandler(AtTheTable table, Ledger ledger, Readings readings, Law law) : IRequestHandler<OpenAgreement, Reply<AgreementView>>
{
    public async Task<Reply<AgreementView>> Handle(OpenAgreement c, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var scope = ScopeReading.Of(codes, c.Sectors, c.Territories, c.Statuses);
        if (!law.RuleSets.TryGetValue(c.RuleSet, out var rules)) codes.Refuse(new Refusal("unknown-rule-set", RefusalKind.Rule, "/ruleSet", c.RuleSet));
        else ScopeReading.Within(codes, rules, scope);
        foreach (var (party, index) in c.Parties.Select((party, index) => (party, index)))
        {
            var pointer = $"/parties/{index}/organisation";
            var organisation = await readings.View<OrganisationView>(party.Organisation.Value, ct);
            if (organisation is null) codes.Refuse(OrganisationRefusals.NotThere(pointer, party.Organisation.Value));
            else if (party.Side == Side.Workers ? !organisation.IsRepresentative : !organisation.IsController)
            {
                codes.Refuse(OrganisationRefusals.WrongKind(pointer, organisation.Kind.ToString()));
            }
        }
        if (codes.Refused is { } refused) return refused;
        var id = new AgreementId(NewIds.Public(table.Now));
        var opened = new AgreementOpened(
            id, c.Title.Trim(), c.RuleSet, c.Nature, scope, c.Level, c.Parties, c.By, table.Now, c.Substitutes is { } replaced ? new AgreementId(replaced) : null);
        if (c.Substitutes is { } named)
        {
            if (await readings.View<AgreementRow>(named, ct) is not { } old) return AgreementRefusals.NotASubstitute;
            if (Ending.MaySubstitute(old.Facts, opened, law.Codes) is { } no) return no;
        }
        return await table.Answer(ledger.Decide<Agreement, AgreementEvent, AgreementRow>(id.Value, agreement => Negotiation.Open(agreement, opened), ct));
    }
}

/// <summary>Reads the codes of a scope.</summary>
internal static class ScopeReading
{
    public static AgreementScope Of(CodeReading codes, IReadOnlyList<string> sectors, IReadOnlyList<string> territories, IReadOnlyList<WorkStatus> statuses) => new(
        [.. CodeReading.Each(sectors, "/scope/sectors", codes.Sector).Select(s => s.Code)],
        [.. CodeReading.Each(territories, "/scope/territories", codes.Territory).Select(t => t.Code)],
        [.. statuses.Distinct()]);

    /// <summary>A country's law says nothing of another's territory.</summary>
    public static void Within(CodeReading codes, RuleSet rules, AgreementScope scope)
    {
        if (rules.Country == "EU") return;
        foreach (var (territory, index) in scope.Territories.Select((territory, index) => (territory, index)))
        {
            if (new Territory(territory).Country != rules.Country) codes.Refuse(AgreementRefusals.OutsideRuleSet($"/scope/territories/{index}", territory));
        }
    }
}
