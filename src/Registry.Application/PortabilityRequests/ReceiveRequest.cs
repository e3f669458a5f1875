using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

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

public sealed class ReceiveRequestHandler(Answering answering, Law law) : IRequestHandler<ReceiveRequest, Reply<RequestReading>>
{
    public Task<Reply<RequestReading>> Handle(ReceiveRequest c, CancellationToken ct) => answering.OnLines(
        c.Request, c.By, c.Revision, (_, _) => null,
        async (act, found, _) =>
        {
            var (facts, on) = (found.View.Facts, c.ReceivedOn ?? found.Today);
            var late = new List<RefusalId>();
            if (facts.Received is { } before && on < before.ReceivedOn && c.By == facts.Matter.Representative && c.Proof is not null) late = await Reconsider(act, found, on, ct);
            return request => Requesting.Receive(request, c.By, on, c.Proof, found.Today, answering.Now, late);
        }, ct);

    /// <summary>The true month was over earlier: refusals after it refused nothing.</summary>
    private async Task<List<RefusalId>> Reconsider(Act act, Found found, DateOnly on, CancellationToken ct)
    {
        var clock = new RequestClock(on, found.Clock!.Calendar);
        await answering.Each<LineId>(act, found, new Touched(), null, line => line, (block, _) => block.Reconsider(clock, law.Hooks, answering.Now), ct);
        var last = found.View.Matter.Hooks.Select(law.Hooks.Find).OfType<Hook>().Select(hook => clock.First(hook, LineClock.Running, on)?.Due).Max();
        return [.. found.View.Facts.Refusals.Where(r => r.Standing == RefusalStanding.Valid && r.On > last).Select(r => r.Refusal)];
    }
}
