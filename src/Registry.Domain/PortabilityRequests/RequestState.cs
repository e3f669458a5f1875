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

    public static LineCounts Of(IEnumerable<LineState?> states) => states.Aggregate(None, (counts, state) => state switch
    {
        null => counts,
        LineState.Pending => counts with { Pending = counts.Pending + 1 },
        LineState.IdentityAsked => counts with { IdentityAsked = counts.IdentityAsked + 1 },
        LineState.Extended => counts with { Extended = counts.Extended + 1 },
        LineState.Fulfilled => counts with { Fulfilled = counts.Fulfilled + 1 },
        LineState.Refused => counts with { Refused = counts.Refused + 1 },
        LineState.Cancelled => counts with { Cancelled = counts.Cancelled + 1 },
        _ => counts with { Unmatched = counts.Unmatched + 1 },
    });
}

/// <summary>A request's state is derived from its acts, its lines and the day asked about; nothing is stored, no job runs.</summary>
public static class RequestState
{
    public static string On(bool filed, bool received, bool acknowledged, LineCounts lines, bool anyOverdue) => (filed, received) switch
    {
        (false, _) => "drafted",
        (true, false) => "filed",
        _ when anyOverdue => "overdue",
        _ when lines is { Open: > 0, Fulfilled: > 0 } => "partiallyFulfilled",
        _ when lines.Open > 0 => acknowledged ? "acknowledged" : "received",
        _ when lines.Fulfilled > 0 => "fulfilled",
        _ when lines.Refused > 0 => "refused",
        _ => "closed",
    };
}
