using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>Death and guardianship end it by law (C. civ. 2003); without a day, today.</summary>
public sealed record EndMandate(MandateId Mandate, OrganisationId By, EndCause Cause, DateOnly? On, MandateEvidence Evidence) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => [new(By, Disclosing.OwnMembers, Disclosing.Membership, view.Disclosed)];
}

public sealed class EndMandateValidator : AbstractValidator<EndMandate>
{
    public EndMandateValidator() => RuleFor(c => c.Evidence.DocumentHash).Digest();
}

public sealed class EndMandateHandler(MembersWords words, MandateReadings mandates, LegalTime clock) : IRequestHandler<EndMandate, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(EndMandate c, CancellationToken ct) => await mandates.Show(await words.Ending(
        c.Mandate, mandate => Mandate.End(mandate, c.By, c.Cause, c.On ?? mandates.Today, c.Evidence, mandates.Today, clock.Now), ct), ct);
}
