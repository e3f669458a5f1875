using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>It may be used again. The representative writes that down on evidence only.</summary>
public sealed record ResumeMandate(MembersWord Word) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => Word.By.Discloses(view.Disclosed);
}

public sealed class ResumeMandateValidator : AbstractValidator<ResumeMandate>
{
    public ResumeMandateValidator() => RuleFor(c => c.Word).SetValidator(new MembersWordShape()).OverridePropertyName("");
}

public sealed class ResumeMandateHandler(MembersWords words, MandateReadings mandates, LegalTime clock) : IRequestHandler<ResumeMandate, Reply<MandateView>>
{
    public Task<Reply<MandateView>> Handle(ResumeMandate c, CancellationToken ct) =>
        words.Take(c.Word, (mandate, by) => Mandate.Resume(mandate, by, c.Word.ReceivedOn, c.Word.Evidence, mandates.Today, clock.Now), ct);
}
