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

public sealed class AcceptTextHandler(AtTheTable table) : IRequestHandler<AcceptText, Reply<AgreementView>>
{
    public Task<Reply<AgreementView>> Handle(AcceptText c, CancellationToken ct) => table.Act(c.Agreement, c.By, c.Revision, at =>
        Task.FromResult<Func<Agreement?, Outcome<AgreementEvent>>>(agreement => Negotiation.Accept(agreement, at.Sitting, c.Version, c.TermsHash)), ct);
}
