using MediatR;
using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>Complains to a supervisory authority (GDPR Art. 77). It may be anyone's own; the platform's is said to lead (Art. 56).</summary>
public sealed record EscalateRequest(RequestId Request, Guid Authority, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

public sealed class EscalateRequestHandler(Answering answering, RequestReadings requests, Readings readings) : IRequestHandler<EscalateRequest, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(EscalateRequest c, CancellationToken ct)
    {
        var authority = await readings.View<OrganisationView>(c.Authority, ct);
        return await answering.OnLines(
            c.Request, c.By, c.Revision,
            (request, _) => request?.Matter.Representative != c.By ? RequestRefusals.Unknown
                : authority is null ? OrganisationRefusals.NotThere("/authority", c.Authority)
                : authority.Kind != OrganisationKind.Authority ? OrganisationRefusals.WrongKind("/authority", authority.Kind.ToString()) : null,
            async (act, found, _) =>
            {
                var day = await requests.On(found.View, found.Today, ct);
                var refused = day.Standing.Sum(s => s.Counts.Refused + s.Counts.Unmatched);
                var complainants = await readings.Count<RequestView>("complainants", [c.Request.Value, found.View.Matter.Platform.ToString(), LegalDates.Text(found.Today)], ct);
                var lead = authority!.Country == day.Platform.Country;
                return request =>
                {
                    var outcome = Requesting.Escalate(request, c.By, new RequestEscalated(c.Request, new OrganisationId(c.Authority), lead, requests.Overdue(day), refused, (int)complainants, found.Today, answering.Now));
                    if (outcome.Events.Count > 0) act.Tell(new OrganisationId(c.Authority), "portability-request.escalated", c.Request.Value);
                    return outcome;
                };
            }, ct);
    }
}
