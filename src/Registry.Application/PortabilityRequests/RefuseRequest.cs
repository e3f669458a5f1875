using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

/// <summary>The platform refuses all open lines, or those named. What lacks reasons or routes, or rests on number alone, is recorded and refuses nothing.</summary>
public sealed record RefuseRequest(
    RequestId Request, IReadOnlyList<LineId>? Lines, string Ground, string Reasons, IReadOnlyList<string> ComplaintRoutes, RefusalEvidence? Evidence, OrganisationId By, long? Revision)
    : IRequest<Reply<RequestReading>>;

public sealed class RefuseRequestValidator : AbstractValidator<RefuseRequest>
{
    public RefuseRequestValidator()
    {
        RuleFor(c => c.Reasons).MaximumLength(8_000).WithErrorCode("text-too-long");
        RuleFor(c => c.ComplaintRoutes).AtMost(20);
        RuleForEach(c => c.ComplaintRoutes).MaximumLength(500).WithErrorCode("text-too-long");
        RuleFor(c => c.Lines!).Some(Bulk.MostLines).When(c => c.Lines is not null);
        RuleFor(c => c.Evidence!.DocumentHash!).Digest().When(c => c.Evidence?.DocumentHash is not null);
    }
}

public sealed class RefuseRequestHandler(Answering answering, Law law) : IRequestHandler<RefuseRequest, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(RefuseRequest c, CancellationToken ct)
    {
        var refusal = new RefusalId(NewIds.Public(answering.Now));
        RefusalGround? Ground(Found found) => law.Ground(c.Ground, found.Today, found.Platform.Country);
        return await answering.OnLines(
            c.Request, c.By, c.Revision,
            (request, found) => Replying.MayReply(request, c.By) ?? (Ground(found) is null ? RequestRefusals.UnknownGround(c.Ground, string.Join(", ", law.Grounds.Select(g => g.Code))) : null),
            async (act, found, touched) =>
            {
                var ground = Ground(found)!;
                var (standing, faults) = Replying.Weigh(ground, c.Reasons, c.ComplaintRoutes, c.Evidence);
                if (standing == RefusalStanding.Valid)
                {
                    await answering.Each(act, found, touched, c.Lines, line => line, (block, lines) => block.Refuse(refusal, lines, ground, found.Clock!, law.Hooks, found.Today, answering.Now), ct);
                }
                return request => Replying.Refuse(request, c.By, Refused(c, refusal, ground, standing, faults, touched, found));
            }, ct, named: c.Lines is not null, made: refusal.Value);
    }

    /// <summary>Too late for every line that it meant, it is invalid as a whole.</summary>
    private RequestRefused Refused(RefuseRequest c, RefusalId refusal, RefusalGround ground, RefusalStanding standing, IReadOnlyList<string> faults, Touched touched, Found found)
    {
        var late = touched.Of(AnsweringLines.TooLate);
        var nothing = standing == RefusalStanding.Valid && touched.Accepted == 0 && late > 0;
        return new RequestRefused(
            c.Request, refusal, ground.Code, c.Reasons, c.ComplaintRoutes, c.Evidence, nothing ? RefusalStanding.Invalid : standing, nothing ? [AnsweringLines.TooLate] : faults,
            touched.Accepted, late, found.Today, answering.Now);
    }
}
