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

public sealed class ReceiveRequestHandler(Ledger ledger, Readings readings, RequestReadings requests, LegalTime clock)
    : IRequestHandler<ReceiveRequest, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(ReceiveRequest c, CancellationToken ct)
    {
        if (await readings.View<RequestView>(c.Request.Value, ct) is not { } view) return RequestRefusals.Unknown;
        var today = await requests.Today(view, ct);
        return await requests.Show(await ledger.Together<RequestView, RequestEvent>(async act =>
        {
            var reply = await act.Decide<PortabilityRequest, RequestEvent, RequestView>(
                c.Request.Value, request => PortabilityRequest.Receive(request, c.By, c.ReceivedOn ?? today, c.Proof, today, clock.Now), ct, c.Revision);
            if (reply.Changed) act.Tell(view.Matter.Representative, "portability-request.received", c.Request.Value);
            return reply;
        }, ct), c.By, ct);
    }
}
