using Registry.Domain.Kernel;

namespace Registry.Domain.PortabilityRequests;

/// <summary>Why the group needs the data: mandatory for the collective label (P), never a condition of Art. 15 or 20.</summary>
public sealed record Necessity(string CharterRight, string Facts, IReadOnlyDictionary<string, string> PerCategoryNeed, string LessIntrusiveRejected);

/// <summary>What the representative promises to do with the data: who sees them, how long, how guarded.</summary>
public sealed record Stewardship(IReadOnlyList<string> Access, string Retention, string Security);

/// <summary>Where deliveries go: the union's own endpoint, with the key they are encrypted to.</summary>
public sealed record DeliveryTarget(string Endpoint, string Key);

/// <summary>Everybody whose mandate covers the request, or the mandates named.</summary>
public sealed record CohortChoice(bool All, IReadOnlyList<MandateId> Mandates);

public sealed record ExcludedCount(string Reason, int Count);

public sealed record ReceiptProof(string Method, string DocumentHash);

/// <summary>What is asked, of whom, why and under which rights.</summary>
public sealed record RequestMatter(
    OrganisationId Representative, OrganisationId Platform, IReadOnlyList<string> Hooks, IReadOnlyList<string> Categories, string Purpose,
    Necessity? Necessity, Stewardship? Stewardship, CohortChoice Cohort, string Format, DeliveryTarget? DeliverTo, int MinMembers);

public abstract record RequestEvent(RequestId Request, DateTimeOffset At);

public sealed record RequestDrafted(
    RequestId Request, RequestMatter Matter, int Eligible, IReadOnlyList<ExcludedCount> Excluded, DateTimeOffset At) : RequestEvent(Request, At);

/// <summary>The cohort is sealed: how many, in which blocks, under which Merkle root. No clock runs before receipt.</summary>
public sealed record RequestFiled(
    RequestId Request, int Count, string MerkleRoot, IReadOnlyList<BlockId> Blocks, IReadOnlyList<ExcludedCount> Excluded, DateOnly FiledOn,
    DateTimeOffset At) : RequestEvent(Request, At);

/// <summary>The event of every deadline of the request.</summary>
public sealed record RequestReceived(RequestId Request, DateOnly ReceivedOn, OrganisationId By, ReceiptProof? Proof, DateTimeOffset At)
    : RequestEvent(Request, At);

/// <summary>Starts nothing: an acknowledgement moves no deadline.</summary>
public sealed record RequestAcknowledged(RequestId Request, OrganisationId By, DateTimeOffset At) : RequestEvent(Request, At);

public sealed record DeliveryDeclared(
    RequestId Request, DeliveryId Delivery, string Category, string Format, string Schema, int Lines, DateTimeOffset At) : RequestEvent(Request, At);
