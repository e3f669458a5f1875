using MediatR;
using Registry.Application.Instance;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>The union takes the whole request back: what is open is cancelled, what was delivered stays lawful.</summary>
public sealed record WithdrawRequest(RequestId Request, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

/// <summary>Ends the request: account ids and identity answers are destroyed at once, and the time runs after which the rest is.</summary>
public sealed record CloseRequest(RequestId Request, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

public sealed class WithdrawRequestHandler(Answering answering) : IRequestHandler<WithdrawRequest, Reply<RequestReading>>
{
    public Task<Reply<RequestReading>> Handle(WithdrawRequest c, CancellationToken ct) => answering.OnLines(
        c.Request, c.By, c.Revision, (request, found) => Requesting.Withdraw(request, c.By, 0, found.Today, answering.Now) is { Refused: { } refused } ? refused : null,
        async (act, found, touched) =>
        {
            await answering.Each<LineId>(act, found, touched, null, line => line, (block, _) => block.GiveUp(found.Today, answering.Now), ct);
            return request => Requesting.Withdraw(request, c.By, touched.Accepted, found.Today, answering.Now);
        }, ct);
}

public sealed class CloseRequestHandler(Answering answering, RequestReadings requests, Readings readings, RegistryInstance instance) : IRequestHandler<CloseRequest, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(CloseRequest c, CancellationToken ct)
    {
        var reply = await answering.OnLines(
            c.Request, c.By, c.Revision, (request, _) => Requesting.MayClose(request, c.By),
            async (act, found, _) =>
            {
                if (found.View.Facts.Closed is not null) return _ => Outcome<RequestEvent>.Nothing;
                var blocks = found.View.Blocks.Count == 0 ? [] : await readings.Query<LineBlockView>("of_blocks", [found.View.Blocks.ToArray()], ct);
                foreach (var block in blocks) act.ExpectVersion<LineBlock>(block.View!.Id, block.Revision);
                var closed = new RequestClosed(c.Request, blocks.SelectMany(b => b.View!.Groups).Aggregate(LineCounts.None, (sum, g) => sum + g.Counts), found.Today, answering.Now);
                if (Requesting.Close(found.View.Facts, c.By, closed).Refused is not null) return request => Requesting.Close(request, c.By, closed);
                var late = await requests.Late(found.View, ct);
                return request => Requesting.Close(request, c.By, closed with { Late = late });
            }, ct);
        if (reply.View?.ClosedOn is not null) await Purge(c.Request, ct);
        return reply;
    }

    /// <summary>Beside the log: whoever is stopped between the two is followed up by the daily clean-up.</summary>
    private async Task Purge(RequestId request, CancellationToken ct)
    {
        foreach (var purge in new[] { "purge_accounts", "purge_answers" }) await readings.Execute(readings.Named<LineBlockView>(purge), [request.Value], ct);
        instance.RewriteSoon();
    }
}
