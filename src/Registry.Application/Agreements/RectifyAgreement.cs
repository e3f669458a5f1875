using FluentValidation;
using MediatR;
using Registry.Application.Terms;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;

namespace Registry.Application.Agreements;

/// <summary>A signatory says how a text was meant; it holds once every signatory has said the same.</summary>
public sealed record RectifyAgreement(Guid Agreement, int Version, IReadOnlyList<DataTerm> Clauses, string Reason, OrganisationId By, long? Revision)
    : IRequest<Reply<AgreementView>>;

public sealed class RectifyAgreementValidator : AbstractValidator<RectifyAgreement>
{
    public RectifyAgreementValidator()
    {
        RuleFor(c => c.Clauses).Some(100);
        RuleForEach(c => c.Clauses).SetValidator(new DataTermShape());
        RuleFor(c => c.Reason).Named(4_000);
    }
}

public sealed class RectifyAgreementHandler(AtTheTable table, Law law) : IRequestHandler<RectifyAgreement, Reply<AgreementView>>
{
    public Task<Reply<AgreementView>> Handle(RectifyAgreement c, CancellationToken ct) => table.Act(c.Agreement, c.By, c.Revision, at =>
    {
        var (clauses, refused) = TermReading.Read(c.Clauses, law, at.Known.Scope, at.Today, "/clauses");
        return Task.FromResult<Func<Agreement?, Outcome<AgreementEvent>>>(agreement => refused ?? Decide(agreement, c, clauses, at.Sitting));
    }, ct);

    private static Outcome<AgreementEvent> Decide(Agreement? agreement, RectifyAgreement c, IReadOnlyList<DataTerm> clauses, Sitting at)
    {
        var text = agreement?.Texts.FirstOrDefault(t => t.Version == c.Version);
        var hash = text is null ? "" : TermReading.Hash(Clauses.Apply(agreement!.TermsOf(text), clauses, []));
        return Negotiation.Rectify(agreement, at, c.Version, clauses, hash, c.Reason);
    }
}
