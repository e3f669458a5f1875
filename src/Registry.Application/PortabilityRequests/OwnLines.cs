using Registry.Application.Mandates;
using Registry.Application.Members;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>What an act on lines did. A member is told of their own lines, and of nothing else in the request.</summary>
public sealed record ActOnLines(RequestReading? Request, ActResult Result);

/// <summary>Acts that are the representative's, and the member's for their own lines.</summary>
public sealed class OwnLines(Readings readings, MandateReadings mandates, Myself me)
{
    /// <param name="by">Who acts.</param>
    /// <param name="request">On which request.</param>
    /// <param name="act">With the member's mandates that stand in it, or null where an organisation acts.</param>
    /// <param name="ct">Ends the waiting.</param>
    public async Task<Reply<ActOnLines>> Act(MandateReader by, RequestId request, Func<IReadOnlySet<MandateId>?, Task<Reply<RequestReading>>> act, CancellationToken ct)
    {
        var own = by.Organisation is null ? await Standing(by.Subject!, request, ct) : null;
        if (own is { Count: 0 }) return RequestRefusals.Unknown;
        var reply = (await act(own)).As(reading => new ActOnLines(own is null ? reading : null, reading.Result ?? new ActResult(null, 0, 0, [], [])));
        return own is null ? reply : reply with { Revision = 0 }; // how often others acted is not a member's to know
    }

    private async Task<HashSet<MandateId>> Standing(string subject, RequestId request, CancellationToken ct)
    {
        var own = (await mandates.OfMembers(Myself.Members(await me.Rows(subject, ct)), ct)).Select(row => row.View!.Facts.Id.Value).ToArray();
        var standing = await readings.Rows(readings.Named<LineBlockView>("requests_of_mandates"), [own], row => (Mandate: (Guid)row[0]!, Request: (Guid)row[1]!), ct);
        return [.. standing.Where(s => s.Request == request.Value).Select(s => new MandateId(s.Mandate))];
    }
}
