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
public sealed record MandateDeed(
    MemberRef Member, OrganisationId Representative, IReadOnlyList<Scope> Scopes, Validity Validity, bool MayReceiveResponse, bool Exclusive,
    IReadOnlyList<OrganisationId> SubDelegates, string Language, string TextVersion, GuardianConsent? Guardian, MandateEvidence? Evidence);

public abstract record MandateEvent(MandateId Mandate, DateTimeOffset At);

public sealed record MandateGranted(MandateId Mandate, MandateDeed Deed, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>Written down by the representative on its member's evidence, and accepted by that act (C. civ. 1985).</summary>
public sealed record MandateRecorded(MandateId Mandate, MandateDeed Deed, DateTimeOffset At) : MandateEvent(Mandate, At);

public sealed record MandateAccepted(MandateId Mandate, DateTimeOffset At) : MandateEvent(Mandate, At);

/// <summary>No reason: none may be asked (GDPR Art. 7(3)). Without a scope the whole mandate ends.</summary>
public sealed record MandateWithdrawn(MandateId Mandate, ScopeId? Scope, DateOnly? ReceivedOn, MandateEvidence? Evidence, DateTimeOffset At)
    : MandateEvent(Mandate, At);
