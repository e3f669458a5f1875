using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>A courtesy: it moves no deadline.</summary>
public sealed record AcknowledgeRequest(RequestId Request, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

public sealed class AcknowledgeRequestHandler(Ledger ledger, RequestReadings requests, LegalTime clock) : IRequestHandler<AcknowledgeRequest, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(AcknowledgeRequest c, CancellationToken ct) =>
        await requests.Show(await ledger.Decide<PortabilityRequest, RequestEvent, RequestView>(
            c.Request.Value, request => PortabilityRequest.Acknowledge(request, c.By, clock.Now), ct, c.Revision), c.By, ct);
}
