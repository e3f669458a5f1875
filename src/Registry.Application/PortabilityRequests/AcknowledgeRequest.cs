using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>A courtesy: it moves no deadline.</summary>
public sealed record AcknowledgeRequest(RequestId Request, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

public sealed class AcknowledgeRequestHandler(Answering answering) : IRequestHandler<AcknowledgeRequest, Reply<RequestReading>>
{
    public Task<Reply<RequestReading>> Handle(AcknowledgeRequest c, CancellationToken ct) =>
        answering.Decide(c.Request, c.By, c.Revision, (request, _) => Replying.Acknowledge(request, c.By, answering.Now), ct);
}
