using FluentValidation;
using MediatR;
using Registry.Application.Terms;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;

namespace Registry.Application.Agreements;

/// <summary>An amendment: the whole text as it shall read, or the clauses that it sets and strikes.</summary>
public sealed record AmendAgreement(
    Guid Agreement, IReadOnlyList<DataTerm>? Terms, IReadOnlyList<DataTerm>? Clauses, IReadOnlyList<string>? Removed, string? Duration, string? Survival,
    string? Note, OrganisationId By, long? Revision) : IRequest<Reply<AgreementView>>;

public sealed class AmendAgreementValidator : AbstractValidator<AmendAgreement>
{
    public AmendAgreementValidator()
    {
        RuleFor(c => c).Must(c => (c.Terms is null) != (c.Clauses is null && c.Removed is null)).WithErrorCode("terms-or-clauses").OverridePropertyName("clauses");
        RuleFor(c => c.Terms!).Some(1_000).When(c => c.Terms is not null);
        RuleForEach(c => c.Terms).SetValidator(new DataTermShape());
        RuleFor(c => c.Clauses!).AtMost(1_000).When(c => c.Clauses is not null);
        RuleForEach(c => c.Clauses).SetValidator(new DataTermShape());
        RuleFor(c => c.Removed!).AtMost(1_000).When(c => c.Removed is not null);
        RuleFor(c => c.Duration).Must(d => d == TabledText.Indefinite || Shapes.IsDuration(d)).WithErrorCode("invalid-duration");
        RuleFor(c => c.Survival).Must(Shapes.IsDuration).WithErrorCode("invalid-duration");
        RuleFor(c => c.Note).MaximumLength(4_000).WithErrorCode("text-too-long");
    }
}

public sealed class AmendAgreementHandler(AtTheTable table, Law law) : IRequestHandler<AmendAgreement, Reply<AgreementView>>
{
    public Task<Reply<AgreementView>> Handle(AmendAgreement c, CancellationToken ct) => table.Act(c.Agreement, c.By, c.Revision, async at =>
    {
        var (set, refused) = TermReading.Read(c.Terms ?? c.Clauses ?? [], law, at.Known.Scope, at.Today, c.Terms is null ? "/clauses" : "/terms");
        var (weights, cycleEnded) = await table.WeightsAndCycle(at, ct);
        return agreement => refused ?? Decide(agreement, c, set, at.Sitting, weights, cycleEnded);
    }, ct);

    /// <summary>The whole text is read from what stands now, so that its hash is that of what would hold.</summary>
    private static Outcome<AgreementEvent> Decide(Agreement? agreement, AmendAgreement c, IReadOnlyList<DataTerm> set, Sitting at, Weights weights, bool cycleEnded)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        if (agreement.Latest is not { } latest) return AgreementRefusals.NothingToAmend;
        var under = agreement.TermsOf(latest);
        var removed = c.Terms is null ? c.Removed ?? [] : Clauses.Difference(under, set);
        if (removed.FirstOrDefault(clause => under.All(t => t.Clause != clause) || set.Any(t => t.Clause == clause)) is { } stranger) return AgreementRefusals.NoSuchClause("/removed", stranger);
        var whole = Clauses.Apply(under, set, removed);
        if (whole.Count == 0) return AgreementRefusals.NothingLeft;
        var text = new TabledText(0, TermReading.Hash(whole), set, c.Duration, c.Survival, c.Note, c.By, at.Side);
        return Negotiation.Amend(agreement, at, text, latest.Version, removed, weights, cycleEnded);
    }
}
