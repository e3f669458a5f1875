using Registry.Domain.Kernel;

namespace Registry.Domain.Mandates;

public enum MandateRight
{
    Access,
    Portability,
    Complain,
    ClaimDamages,
}

public enum EvidenceMethod
{
    Online,
    Paper,
    Desk,
}

/// <summary>How the member's word was captured; the document itself stays with the representative, its hash here.</summary>
public sealed record MandateEvidence(EvidenceMethod Method, DateOnly CapturedOn, string DocumentHash);

/// <summary>One precise object of a mandate (CNIL 2021-070; no general mandate, C. civ. 1988): rights over categories, for purposes, at controllers.</summary>
public sealed record Scope(
    ScopeId Id, IReadOnlyList<MandateRight> Rights, IReadOnlyList<string> Categories, IReadOnlyList<string> Purposes,
    IReadOnlyList<OrganisationId> Controllers);

/// <summary>A guardian's signature beside that of a minor (LIL Art. 45; policy).</summary>
public sealed record GuardianConsent(DateOnly SignedOn, string DocumentHash);

/// <summary>What a member signs, whoever writes it down.</summary>
/// <param name="TextHash">SHA-256 of the text that was signed, 64 lower-case hexadecimal digits.</param>
public sealed record MandateDeed(
    MemberRef Member, OrganisationId Representative, IReadOnlyList<Scope> Scopes, Validity Validity, bool MayReceiveResponse, bool Exclusive,
    IReadOnlyList<OrganisationId> SubDelegates, string Language, string TextVersion, GuardianConsent? Guardian, MandateEvidence? Evidence, string? TextHash = null);

public abstract record MandateEvent(MandateId Mandate, DateTimeOffset At);

public sealed record MandateGranted(MandateId Mandate, MandateDeed Deed, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>Written down by the representative on its member's evidence, and accepted by that act (C. civ. 1985).</summary>
public sealed record MandateRecorded(MandateId Mandate, MandateDeed Deed, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <param name="Tacit">By using it and not by saying so (C. civ. 1985).</param>
public sealed record MandateAccepted(MandateId Mandate, DateTimeOffset At, bool? Tacit = null) : MandateEvent(Mandate, At);

/// <summary>No reason: none may be asked (GDPR Art. 7(3)). Without a scope the whole mandate ends.</summary>
public sealed record MandateWithdrawn(MandateId Mandate, ScopeId? Scope, DateOnly? ReceivedOn, MandateEvidence? Evidence, DateTimeOffset At)
    : MandateEvent(Mandate, At);

/// <summary>From now on it is not used; what was filed before goes on.</summary>
public sealed record MandatePaused(MandateId Mandate, DateOnly? ReceivedOn, MandateEvidence? Evidence, DateTimeOffset At) : MandateEvent(Mandate, At);

public sealed record MandateResumed(MandateId Mandate, DateOnly? ReceivedOn, MandateEvidence? Evidence, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>The member says again that it holds, for a new time and under the text of that day.</summary>
public sealed record MandateRenewed(
    MandateId Mandate, DateOnly To, string Language, string TextVersion, string TextHash, DateOnly? ReceivedOn, MandateEvidence? Evidence, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>Other hands were chosen for these scopes (C. civ. 2006): whose, is told to nobody.</summary>
public sealed record MandateSuperseded(MandateId Mandate, IReadOnlyList<ScopeId> Scopes, DateOnly From, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>The other hands were withdrawn before their first day, and these scopes stay where they were.</summary>
public sealed record MandateSupersessionLifted(MandateId Mandate, IReadOnlyList<ScopeId> Scopes, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>Given back by the representative (C. civ. 2007); of an offer, declined.</summary>
public sealed record MandateRenounced(MandateId Mandate, DateTimeOffset At) : MandateEvent(Mandate, At);

public enum EndCause
{
    Death,
    Guardianship,
}

/// <summary>By the member's death or guardianship (C. civ. 2003). What was done before it was known stays valid (2008).</summary>
public sealed record MandateEnded(MandateId Mandate, EndCause Cause, DateOnly On, MandateEvidence Evidence, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>The representative has somebody act in its place, whom the member named (C. civ. 1994).</summary>
public sealed record MandateEntrusted(MandateId Mandate, OrganisationId Substitute, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>The representative acts itself again.</summary>
public sealed record MandateTakenBack(MandateId Mandate, OrganisationId Substitute, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>The member keeps a proof of their own: its digest stands here, the document with the member, a remark in the vault.</summary>
public sealed record MandateProofAdded(MandateId Mandate, Guid Proof, string DocumentHash, DateOnly MadeOn, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>A code was made with which the person of a paper record can take it over.</summary>
public sealed record MemberInvited(MandateId Mandate, DateOnly Until, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>The person of the record has signed in; who that is stands in the vault only.</summary>
public sealed record MemberLinked(MandateId Mandate, DateTimeOffset At) : MandateEvent(Mandate, At);
