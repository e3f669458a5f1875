using FluentValidation;
using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;

namespace Registry.Application.Agreements;

public sealed record AcceptText(Guid Agreement, int Version, string TermsHash, OrganisationId By, long? Revision) : IRequest<Reply<AgreementView>>;

public sealed class AcceptTextValidator : AbstractValidator<AcceptText>
{
    public AcceptTextValidator() => RuleFor(c => c.TermsHash).Digest();
}

public sealed class AcceptTextHandler(AgreementToday dated, Ledger ledger, LegalTime clock) : IRequestHandler<AcceptText, Reply<AgreementView>>
{
    public Task<Reply<AgreementView>> Handle(AcceptText c, CancellationToken ct) => dated.Of(ledger.Decide<Agreement, AgreementEvent, AgreementView>(
        c.Agreement, agreement => Agreement.Accept(agreement, c.By, c.Version, c.TermsHash, clock.Now), ct, c.Revision));
}
