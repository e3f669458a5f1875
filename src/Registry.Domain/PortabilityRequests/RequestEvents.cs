using Registry.Domain.Kernel;

namespace Registry.Domain.PortabilityRequests;

/// <summary>Why the group needs the data: mandatory for the collective label (P), never a condition of Art. 15 or 20 (EDPB 01/2022).</summary>
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
    Necessity? Necessity, Stewardship? Stewardship, CohortChoice? Cohort, string Format, DeliveryTarget? DeliverTo, int MinMembers);

public abstract record RequestEvent(RequestId Request, DateTimeOffset At);

public sealed record RequestDrafted(
    RequestId Request, RequestMatter Matter, int Eligible, IReadOnlyList<ExcludedCount> Excluded, DateTimeOffset At) : RequestEvent(Request, At);

/// <summary>The cohort is sealed: how many, in which blocks, under which Merkle root. No clock runs before receipt.</summary>
/// <param name="Request">Which.</param>
/// <param name="Count">Members in it.</param>
/// <param name="MerkleRoot">Over the ids of its lines in their order; null where it has none.</param>
/// <param name="Blocks">Where the lines stand, in order.</param>
/// <param name="Excluded">Who has no place in it, by reason.</param>
/// <param name="FiledOn">The day it was where the platform must answer.</param>
/// <param name="At">Now.</param>
/// <param name="Own">What a body asks in its own right: no member's line stands behind it.</param>
public sealed record RequestFiled(
    RequestId Request, int Count, string? MerkleRoot, IReadOnlyList<BlockId> Blocks, IReadOnlyList<ExcludedCount> Excluded, DateOnly FiledOn,
    DateTimeOffset At, IReadOnlyList<LineColumn>? Own = null) : RequestEvent(Request, At);

/// <summary>The event of every deadline of the request. A second one names an earlier day, which the union has proved.</summary>
/// <param name="Request">Which.</param>
/// <param name="ReceivedOn">The day.</param>
/// <param name="By">Whose word it is.</param>
/// <param name="Proof">What the union proves it by.</param>
/// <param name="At">Now.</param>
/// <param name="LateRefusals">Refusals that turn out to have come after the month.</param>
public sealed record RequestReceived(RequestId Request, DateOnly ReceivedOn, OrganisationId By, ReceiptProof? Proof, DateTimeOffset At, IReadOnlyList<RefusalId>? LateRefusals = null)
    : RequestEvent(Request, At);

/// <summary>Starts nothing: an acknowledgement moves no deadline.</summary>
public sealed record RequestAcknowledged(RequestId Request, OrganisationId By, DateTimeOffset At) : RequestEvent(Request, At);

/// <summary>The platform doubts who these people are (GDPR Art. 12(6)): their clocks stand, and nobody else's.</summary>
public sealed record IdentityQuestioned(RequestId Request, int Lines, DateOnly On, DateTimeOffset At) : RequestEvent(Request, At);

public sealed record IdentityAnswered(RequestId Request, int Lines, DateOnly On, DateTimeOffset At) : RequestEvent(Request, At);

public enum ExtensionReason
{
    Complexity,
    NumberOfRequests,
}

/// <summary>Notice that the answer takes longer (GDPR Art. 12(3)). What came too late is void, and stands here as evidence.</summary>
/// <param name="Request">Which.</param>
/// <param name="Reason">Why.</param>
/// <param name="Explanation">In words.</param>
/// <param name="NoticeOn">When the platform says that it gave notice.</param>
/// <param name="On">When it was recorded: the day that counts.</param>
/// <param name="Lines">How many it extends.</param>
/// <param name="Void">How many it came too late for.</param>
/// <param name="At">Now.</param>
public sealed record ExtensionNoticed(
    RequestId Request, ExtensionReason Reason, string? Explanation, DateOnly NoticeOn, DateOnly On, int Lines, int Void, DateTimeOffset At) : RequestEvent(Request, At);

public enum RefusalStanding
{
    Valid,

    /// <summary>Without reasons or complaint routes, or too late (GDPR Art. 12(4)): nothing was refused.</summary>
    Invalid,

    /// <summary>Called excessive for the number of requests, which is not enough (GDPR Art. 12(5), C-416/23): nothing was refused.</summary>
    Contested,
}

public sealed record RequestRefused(
    RequestId Request, RefusalId Refusal, string Ground, string Reasons, IReadOnlyList<string> ComplaintRoutes, RefusalEvidence? Evidence, RefusalStanding Standing,
    IReadOnlyList<string> Faults, int Lines, int TooLate, DateOnly On, DateTimeOffset At) : RequestEvent(Request, At);

public enum ExcessiveElement
{
    Number,
    Repetition,
    Abuse,
}

/// <summary>What shows that a request is excessive; its proof is the controller's (GDPR Art. 12(5)).</summary>
public sealed record RefusalEvidence(IReadOnlyList<ExcessiveElement> Elements, string? DocumentHash);

public sealed record MatchesAnswered(RequestId Request, int Matched, int Unmatched, int Ambiguous, DateOnly On, DateTimeOffset At) : RequestEvent(Request, At);

/// <summary>One file about many: what relates members to each other is not taken apart.</summary>
public sealed record SharedManifest(string Sha256, long Bytes, int Rows, int? Quarantine);

/// <summary>What the platform says it delivered in one category. The manifests of the lines stand with the lines; their root stands here and is kept longer.</summary>
/// <param name="Request">Which.</param>
/// <param name="Delivery">This delivery.</param>
/// <param name="Category">What of.</param>
/// <param name="Format">json or csv.</param>
/// <param name="Schema">What describes its fields.</param>
/// <param name="Lines">How many lines it answered.</param>
/// <param name="At">Now.</param>
/// <param name="On">The day it was where the platform answers.</param>
/// <param name="Late">Lines that had been cancelled: their data must not be used, and their destruction shown.</param>
/// <param name="Bytes">Altogether.</param>
/// <param name="Rows">Altogether.</param>
/// <param name="Quarantine">Rows about others, which stand apart (GDPR Art. 20(4)).</param>
/// <param name="ManifestRoot">Merkle root over "line:sha256" in the order of declaration.</param>
/// <param name="Shared">The one file of a delivery for the whole cohort.</param>
public sealed record DeliveryDeclared(
    RequestId Request, DeliveryId Delivery, string Category, string Format, string Schema, int Lines, DateTimeOffset At, DateOnly? On = null,
    int Late = 0, long Bytes = 0, long Rows = 0, long Quarantine = 0, string? ManifestRoot = null, SharedManifest? Shared = null) : RequestEvent(Request, At);

/// <summary>What the receiver found. Whatever is not there, or not as declared, was not delivered.</summary>
public sealed record DeliveryChecked(RequestId Request, DeliveryId Delivery, bool ByMember, int Received, int Failed, DateOnly On, DateTimeOffset At) : RequestEvent(Request, At);

public sealed record RequestWithdrawn(RequestId Request, int Cancelled, DateOnly On, DateTimeOffset At) : RequestEvent(Request, At);

/// <summary>A complaint (GDPR Art. 77).</summary>
/// <param name="Request">Which.</param>
/// <param name="Authority">To whom.</param>
/// <param name="IsLead">It is where the platform has its main establishment (Art. 56).</param>
/// <param name="Overdue">Rights over which the time had run out.</param>
/// <param name="Refused">Rights that were refused, or whose holders were not found.</param>
/// <param name="Complainants">Members whose mandate lets the representative complain for them (Art. 80(1)); for the others it speaks in its own name.</param>
/// <param name="On">When.</param>
/// <param name="At">Now.</param>
public sealed record RequestEscalated(
    RequestId Request, OrganisationId Authority, bool IsLead, int Overdue, int Refused, int Complainants, DateOnly On, DateTimeOffset At) : RequestEvent(Request, At);

/// <summary>What stood at the end: account ids and identity answers are destroyed, and the time runs after which the lines are.</summary>
/// <param name="Request">Which.</param>
/// <param name="Lines">How they stood.</param>
/// <param name="On">When.</param>
/// <param name="At">Now.</param>
/// <param name="Late">What had not been answered when its time was over.</param>
public sealed record RequestClosed(RequestId Request, LineCounts Lines, DateOnly On, DateTimeOffset At, IReadOnlyList<LateCount>? Late = null) : RequestEvent(Request, At);

/// <summary>How many of a right over a category had no answer when a last day was over.</summary>
public sealed record LateCount(string Category, string Hook, DateOnly Due, int Lines);

public enum ErasureScope
{
    /// <summary>The deliveries altogether.</summary>
    All,

    /// <summary>The data of those who withdrew.</summary>
    Withdrawn,

    /// <summary>What came after they had.</summary>
    Late,
}

/// <summary>The representative shows that it has destroyed what it held.</summary>
public sealed record DeliveriesErased(RequestId Request, IReadOnlyList<DeliveryId> Deliveries, ErasureScope Scope, string Method, DateOnly On, DateTimeOffset At) : RequestEvent(Request, At);

/// <summary>What was delivered is needed for a claim (GDPR Art. 17(3)(e)): it is kept beyond its time, up to what the law has a claim live.</summary>
public sealed record HoldPlaced(RequestId Request, string Ground, DateOnly Until, DateTimeOffset At) : RequestEvent(Request, At);

/// <summary>An auditor may read along, without a line or a mandate.</summary>
public sealed record AuditorAdmitted(RequestId Request, OrganisationId Auditor, DateOnly Until, DateTimeOffset At) : RequestEvent(Request, At);
