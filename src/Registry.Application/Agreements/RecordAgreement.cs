using FluentValidation;
using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Agreements;

/// <summary>An agreement concluded elsewhere, as an authority records it.</summary>
public sealed record RecordAgreement(
    string Title, string RuleSet, IReadOnlyList<string> Sectors, IReadOnlyList<string> Territories, IReadOnlyList<WorkStatus> Statuses, Level Level,
    DateOnly ConcludedOn, string LegalBasis, string? Reference, string? DocumentHash, Validity? Validity, OrganisationId By) : IRequest<Reply<AgreementView>>;

public sealed class RecordAgreementValidator : AbstractValidator<RecordAgreement>
{
    public RecordAgreementValidator()
    {
        RuleFor(c => c.Title).Named(300);
        RuleFor(c => c.LegalBasis).Named(300);
        RuleFor(c => c.Reference).MaximumLength(2_000).WithErrorCode("text-too-long");
        RuleFor(c => c.DocumentHash!).Digest().When(c => c.DocumentHash is not null);
        RuleFor(c => c.Validity!).Must(v => v.To is null || v.To > v.From).When(c => c.Validity is not null).WithErrorCode("invalid-validity");
        RuleFor(c => c.Sectors).Some(50).OverridePropertyName("scope.sectors");
        RuleFor(c => c.Territories).Some(50).OverridePropertyName("scope.territories");
        RuleFor(c => c.Statuses).Some(3).OverridePropertyName("scope.statuses");
    }
}

public sealed class RecordAgreementHandler(AtTheTable table, Ledger ledger, Jurisdiction jurisdiction, Law law) : IRequestHandler<RecordAgreement, Reply<AgreementView>>
{
    public async Task<Reply<AgreementView>> Handle(RecordAgreement c, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var scope = ScopeReading.Of(codes, c.Sectors, c.Territories, c.Statuses);
        if (!law.RuleSets.TryGetValue(c.RuleSet, out var rules)) codes.Refuse(new Refusal("unknown-rule-set", RefusalKind.Rule, "/ruleSet", c.RuleSet));
        else ScopeReading.Within(codes, rules, scope);
        if (codes.Refused is { } refused) return refused;
        if (await jurisdiction.Over(c.RuleSet, rules!.Country, c.By, ct) is { } outside) return outside;
        if (c.ConcludedOn > table.Today(rules)) return AgreementRefusals.InTheFuture("/concludedOn");
        var id = new AgreementId(NewIds.Public(table.Now));
        return await table.Answer(ledger.Decide<Agreement, AgreementEvent, AgreementRow>(id.Value, agreement => Agreement.Record(agreement, new AgreementRecordedElsewhere(
            id, c.Title.Trim(), c.RuleSet, scope, c.Level, c.ConcludedOn, c.LegalBasis, c.Reference, c.DocumentHash, c.Validity, c.By, table.Now)), ct));
    }
}
