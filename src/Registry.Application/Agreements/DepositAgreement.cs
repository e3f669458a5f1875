using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;

namespace Registry.Application.Agreements;

public sealed record DepositAgreement(Guid Agreement, int? Version, DateOnly? DepositedOn, DateOnly? EffectiveFrom, OrganisationId By, long? Revision)
    : IRequest<Reply<AgreementView>>;

/// <summary>A deposit that gives another agreement its substitute says so there too, in one append.</summary>
public sealed class DepositAgreementHandler(AtTheTable table) : IRequestHandler<DepositAgreement, Reply<AgreementView>>
{
    public async Task<Reply<AgreementView>> Handle(DepositAgreement c, CancellationToken ct)
    {
        if (await table.Find(c.Agreement, c.By, ct) is not { } at) return AgreementRefusals.Unknown;
        return await table.Answer(table.Together(
            c.Agreement, c.Revision, agreement => Conclusion.Deposit(agreement, at.Sitting, c.Version, c.DepositedOn ?? at.Today, c.EffectiveFrom),
            async (act, reply) =>
            {
                if (reply.View!.Facts is not { Substitutes: { } replaced, Own.Deposit: { } deposit, Texts.Count: 1 } facts) return;
                await act.Decide<Agreement, AgreementEvent, AgreementRow>(replaced.Value, old => Ending.Substitute(old, facts.Id, deposit), ct);
            }, ct));
    }
}
