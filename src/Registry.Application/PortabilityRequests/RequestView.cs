using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>The facts of a request; what is shown of it is <see cref="RequestReading"/>.</summary>
public sealed record RequestView(
    Guid Id, RequestMatter Matter, int Count, string? MerkleRoot, IReadOnlyList<ExcludedCount> Excluded, IReadOnlyList<Guid> Blocks, DateOnly? FiledOn,
    DateOnly? ReceivedOn, bool Acknowledged, IReadOnlyList<DeliveryView> Deliveries) : IEvolve<RequestView, RequestEvent>, IIdentified
{
    public static RequestView? Evolve(RequestView? view, RequestEvent happened) => happened switch
    {
        RequestDrafted e => new(e.Request.Value, e.Matter, e.Eligible, null, e.Excluded, [], null, null, false, []),
        RequestFiled e => view! with
        {
            Count = e.Count, MerkleRoot = e.MerkleRoot, Excluded = e.Excluded, Blocks = [.. e.Blocks.Select(b => b.Value)], FiledOn = e.FiledOn,
        },
        RequestReceived e => view! with { ReceivedOn = e.ReceivedOn },
        RequestAcknowledged => view! with { Acknowledged = true },
        DeliveryDeclared e => view! with { Deliveries = [.. view.Deliveries, new DeliveryView(e.Delivery.Value, e.Category, e.Format, e.Schema, e.Lines)] },
        _ => view,
    };

    /// <summary>The platform sees nothing before the filing.</summary>
    public bool IsKnownTo(OrganisationId organisation) =>
        Matter.Representative == organisation || (FiledOn is not null && Matter.Platform == organisation);
}

public sealed record DeliveryView(Guid Id, string Category, string Format, string Schema, int Lines);
