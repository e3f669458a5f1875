using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;

namespace Registry.Application.Agreements;

public sealed record NotifyAgreement(Guid Agreement, int? Version, DateOnly? NotifiedOn, OrganisationId By, long? Revision) : IRequest<Reply<AgreementView>>;

/// <summary>Every representative organisation of the scope is told, in the same append.</summary>
public sealed class NotifyAgreementHandler(AtTheTable table) : IRequestHandler<NotifyAgreement, Reply<AgreementView>>
{
    public async Task<Reply<AgreementView>> Handle(NotifyAgreement c, CancellationToken ct)
    {
        if (await table.Find(c.Agreement, c.By, ct) is not { } at) return AgreementRefusals.Unknown;
        var weights = await table.Weights(at, at.Today, ct);
        return await table.Answer(table.Together(
            c.Agreement, c.Revision, agreement => Conclusion.Notify(agreement, at.Sitting, c.Version, c.NotifiedOn ?? at.Today, weights),
            (act, _) =>
            {
                foreach (var told in weights.Representative) act.Tell(told, "agreement", c.Agreement);
                return Task.CompletedTask;
            }, ct));
    }
}
