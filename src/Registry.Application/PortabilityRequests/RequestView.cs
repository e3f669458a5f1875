using System.Text.Json.Serialization;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>A request as it is kept for reading: its facts. What depends on a day or on its lines is computed when it is read.</summary>
public sealed record RequestView(PortabilityRequest Facts) : IEvolve<RequestView, RequestEvent>, IIdentified
{
    [JsonIgnore]
    public Guid Id => Facts.Id.Value;

    [JsonIgnore]
    public RequestMatter Matter => Facts.Matter;

    [JsonIgnore]
    public IReadOnlyList<Guid> Blocks => Facts.Blocks;

    [JsonIgnore]
    public DateOnly? FiledOn => Facts.Filed?.FiledOn;

    [JsonIgnore]
    public DateOnly? ReceivedOn => Facts.Received?.ReceivedOn;

    /// <summary>The last day on which the lines are kept: a year after the closure, or to the end of a hold (P).</summary>
    public DateOnly? LinesUntil => Facts.Closed is not { } closed ? null : Later(closed.On.AddMonths(RequestRetention.LinesMonths), Facts.HeldUntil);

    /// <summary>The last day on which anything of it is (P).</summary>
    public DateOnly? KeptUntil => Facts.Closed is not { } closed ? null : Later(closed.On.AddYears(RequestRetention.Years), Facts.HeldUntil);

    public static RequestView? Evolve(RequestView? view, RequestEvent happened) => new(PortabilityRequest.Evolve(view?.Facts, happened)!);

    private static DateOnly Later(DateOnly day, DateOnly? held) => held > day ? held.Value : day;
}

/// <summary>How long a request is kept after its closure (P).</summary>
public static class RequestRetention
{
    public const int LinesMonths = 12, Years = 5;
}
