using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>From now on it is not used; what was filed before goes on. Again is harmless.</summary>
public sealed record PauseMandate(MembersWord Word) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => Word.By.Discloses(view.Disclosed);
}

public sealed class PauseMandateValidator : AbstractValidator<PauseMandate>
{
    public PauseMandateValidator() => RuleFor(c => c.Word).SetValidator(new MembersWordShape()).OverridePropertyName("");
}

public sealed class PauseMandateHandler(MembersWords words, MandateReadings mandates, LegalTime clock) : IRequestHandler<PauseMandate, Reply<MandateView>>
{
    public Task<Reply<MandateView>> Handle(PauseMandate c, CancellationToken ct) =>
        words.Take(c.Word, (mandate, by) => Mandate.Pause(mandate, by, c.Word.ReceivedOn, c.Word.Evidence, mandates.Today, clock.Now), ct);
}
