using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.RuleSets;

namespace Registry.Application.Mandates;

/// <summary>The member says again that it holds, under the text of today; never silent. Without a day for twelve months from today.</summary>
public sealed record RenewMandate(MembersWord Word, DateOnly? To, string? Language, string? TextVersion, GuardianConsent? Guardian) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => Word.By.Discloses(view.Disclosed);
}

public sealed class RenewMandateValidator : AbstractValidator<RenewMandate>
{
    public RenewMandateValidator()
    {
        RuleFor(c => c.Word).SetValidator(new MembersWordShape()).OverridePropertyName("");
        RuleFor(c => c.Language).Must(l => l is null or "en" or "fr").WithErrorCode("unknown-language");
        RuleFor(c => c.Guardian!.DocumentHash).Digest().When(c => c.Guardian is not null);
    }
}

public sealed class RenewMandateHandler(MembersWords words, MandateReadings mandates, Law law, LegalTime clock) : IRequestHandler<RenewMandate, Reply<MandateView>>
{
    public Task<Reply<MandateView>> Handle(RenewMandate c, CancellationToken ct) => words.Take(c.Word, (mandate, by) =>
    {
        var text = MandateTexts.InForce(law, c.Language ?? mandate?.Deed.Language ?? "en", c.TextVersion, mandates.Today);
        return Mandate.Renew(mandate, by, c.To, text, text is null ? null : MandateTexts.HashOf(text), c.Guardian, c.Word.ReceivedOn, c.Word.Evidence, mandates.Today, clock.Now);
    }, ct);
}
