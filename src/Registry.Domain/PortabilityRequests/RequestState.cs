using System.Text.Json.Serialization;

namespace Registry.Domain.PortabilityRequests;

/// <summary>How many (line, category, hook) stand where.</summary>
public sealed record LineCounts(int Pending, int IdentityAsked, int Extended, int Fulfilled, int Refused, int Cancelled, int Unmatched)
{
    public static readonly LineCounts None = new(0, 0, 0, 0, 0, 0, 0);

    [JsonIgnore]
    public int Open => Pending + IdentityAsked + Extended;

    [JsonIgnore]
    public int All => Open + Fulfilled + Refused + Cancelled + Unmatched;

    public static LineCounts operator +(LineCounts a, LineCounts b) => new(
        a.Pending + b.Pending, a.IdentityAsked + b.IdentityAsked, a.Extended + b.Extended, a.Fulfilled + b.Fulfilled,
        a.Refused + b.Refused, a.Cancelled + b.Cancelled, a.Unmatched + b.Unmatched);

    public static LineCounts Add(LineCounts a, LineCounts b) => a + b;

    public static LineCounts Of(IEnumerable<LineState?> states)
    {
        Span<int> counts = stackalloc int[7];
        foreach (var state in states)
        {
            if (state is { } known) counts[(int)known]++;
        }
        return new(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6]);
    }
}

/// <summary>A request's state is derived from its acts, its lines and the day asked about; nothing is stored, no job runs.</summary>
public static class RequestState
{
    public static string On(PortabilityRequest request, LineCounts lines, bool anyOverdue) => request switch
    {
        { Closed: not null } => "closed",
        { Withdrawn: not null } => "withdrawn",
        { Filed: null } => "drafted",
        { Received: null } => "filed",
        { Escalations.Count: > 0 } => "escalated",
        _ when anyOverdue => "overdue",
        _ when lines is { Open: > 0, Fulfilled: > 0 } => "partiallyFulfilled",
        _ when lines.Open > 0 => request.Acknowledged ? "acknowledged" : "received",
        _ when lines.Fulfilled > 0 => lines.Refused + lines.Unmatched > 0 ? "partiallyFulfilled" : "fulfilled",
        _ when lines.Refused > 0 => "refused",
        _ => request.Acknowledged ? "acknowledged" : "received", // everybody took theirs back, or was not found
    };
}
