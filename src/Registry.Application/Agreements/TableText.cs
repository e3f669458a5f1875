using FluentValidation;
using MediatR;
using Registry.Application.Terms;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;

namespace Registry.Application.Agreements;

public sealed record TableText(
    Guid Agreement, IReadOnlyList<DataTerm> Terms, string? Duration, string? Survival, string? Note, OrganisationId By, long? Revision)
    : IRequest<Reply<AgreementView>>;

public sealed class TableTextValidator : AbstractValidator<TableText>
{
    public TableTextValidator()
    {
        RuleFor(c => c.Terms).Some(1_000);
        RuleForEach(c => c.Terms).SetValidator(new DataTermShape());
        RuleFor(c => c.Duration).Must(d => d == TabledText.Indefinite || Shapes.IsDuration(d)).WithErrorCode("invalid-duration");
        RuleFor(c => c.Survival).Must(Shapes.IsDuration).WithErrorCode("invalid-duration");
        RuleFor(c => c.Note).MaximumLength(4_000).WithErrorCode("text-too-long");
    }
}

public sealed class TableTextHandler(AtTheTable table, Law law) : IRequestHandler<TableText, Reply<AgreementView>>
{
    public Task<Reply<AgreementView>> Handle(TableText c, CancellationToken ct) => table.Act(c.Agreement, c.By, c.Revision, at =>
    {
        var (terms, refused) = TermReading.Read(c.Terms, law, at.Known.Scope, at.Today);
        var text = refused is null ? new TabledText(0, TermReading.Hash(terms), terms, c.Duration, c.Survival, c.Note, c.By, at.Sitting.Side) : null;
        return Task.FromResult<Func<Agreement?, Outcome<AgreementEvent>>>(agreement => text is null ? refused! : Negotiation.Table(agreement, at.Sitting, text));
    }, ct);
}
