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
            c.Request, c.By, c.Revision, (_, _) => null,
            async (act, found, _) =>
            {
                var counts = (await requests.Standing(found.View, ct)).Aggregate(LineCounts.None, (sum, s) => sum + s.Counts);
                foreach (var block in found.View.Blocks) act.ExpectVersion<LineBlock>(block, await Version(block, ct));
                return request => Requesting.Close(request, c.By, new RequestClosed(c.Request, counts, found.Today, answering.Now));
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

    private async Task<long> Version(Guid block, CancellationToken ct) => (await readings.Find<LineBlockView>(block, ct))!.Revision;
}
