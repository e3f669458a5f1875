using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>One call, no reason asked, effective at once; again is harmless.</summary>
public sealed record WithdrawMandate(MembersWord Word, ScopeId? Scope) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => Word.By.Discloses(view.Disclosed);
}

public sealed class WithdrawMandateValidator : AbstractValidator<WithdrawMandate>
{
    public WithdrawMandateValidator() => RuleFor(c => c.Word).SetValidator(new MembersWordShape()).OverridePropertyName("");
}

public sealed class WithdrawMandateHandler(MembersWords words, MandateReadings mandates, LegalTime clock) : IRequestHandler<WithdrawMandate, Reply<MandateView>>
{
    public Task<Reply<MandateView>> Handle(WithdrawMandate c, CancellationToken ct) =>
        words.Take(c.Word, (mandate, by) => Mandate.Withdraw(mandate, by, c.Scope, c.Word.ReceivedOn, c.Word.Evidence, mandates.Today, clock.Now), ct);
}
