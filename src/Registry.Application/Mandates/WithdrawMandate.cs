using FluentValidation;
using MediatR;
using Registry.Application.Members;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.Mandates;

/// <summary>One call, no reason asked, effective at once; again is harmless. No revision: a conflict is decided again, never shown.</summary>
public sealed record WithdrawMandate(MandateId Mandate, string? Subject, OrganisationId? Representative, ScopeId? Scope, DateOnly? ReceivedOn, MandateEvidence? Evidence)
    : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => Representative is { } by ? [new(by, Disclosing.OwnMembers, Disclosing.Membership, view.Disclosed)] : [];
}

public sealed class WithdrawMandateValidator : AbstractValidator<WithdrawMandate>
{
    public WithdrawMandateValidator() => RuleFor(c => c.Evidence!.DocumentHash).Digest().When(c => c.Evidence is not null);
}

public sealed class WithdrawMandateHandler(Ledger ledger, LinesOfMandate lines, People people, LegalTime clock) : IRequestHandler<WithdrawMandate, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(WithdrawMandate c, CancellationToken ct)
    {
        var rows = c.Subject is null ? [] : await people.OfSubject(c.Subject, ct);
        return (await ledger.Together<MandateView, MandateEvent>(async act =>
        {
            var reply = await act.Decide<Mandate, MandateEvent, MandateView>(c.Mandate.Value, mandate => Mandate.Withdraw(
                mandate, new Speaker(rows.FirstOrDefault(r => r.Member == mandate?.Deed.Member)?.Member, c.Representative), c.Scope, c.ReceivedOn, c.Evidence, clock.Now), ct);
            if (act.HasEvents) await lines.CancelUncovered(act, reply.View!, ct);
            return reply;
        }, ct)).As(view => view.On(clock.Today("EU")));
    }
}
