using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>The event of every deadline: said by the platform, or proved by the union.</summary>
public sealed record ReceiveRequest(RequestId Request, DateOnly? ReceivedOn, ReceiptProof? Proof, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

public sealed class ReceiveRequestValidator : AbstractValidator<ReceiveRequest>
{
    public ReceiveRequestValidator()
    {
        RuleFor(c => c.Proof!.Method).Named(100).When(c => c.Proof is not null);
        RuleFor(c => c.Proof!.DocumentHash).Digest().When(c => c.Proof is not null);
    }
}

public sealed class ReceiveRequestHandler(Answering answering) : IRequestHandler<ReceiveRequest, Reply<RequestReading>>
{
    public Task<Reply<RequestReading>> Handle(ReceiveRequest c, CancellationToken ct) => answering.Decide(
        c.Request, c.By, c.Revision, (request, found) => Requesting.Receive(request, c.By, c.ReceivedOn ?? found.Today, c.Proof, found.Today, answering.Now), ct);
}
