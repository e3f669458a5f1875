using Registry.Domain.Kernel;
using Registry.Domain.Terms;

namespace Registry.Domain.Agreements;

public enum Side
{
    Workers,
    Platforms,
}

public enum Level
{
    Sector,
    Local,
    Platform,
}

public enum Nature
{
    Agreement,
    Charter,
}

public enum WorkStatus
{
    Employee,
    SelfEmployed,
    User,
}

/// <summary>Whom an agreement is about: bargaining units, places, and the status in which people work.</summary>
public sealed record AgreementScope(IReadOnlyList<string> Sectors, IReadOnlyList<string> Territories, IReadOnlyList<WorkStatus> Statuses);

public sealed record Party(OrganisationId Organisation, Side Side);

/// <summary>One text on the table, numbered from 1; its hash is SHA-256 over the RFC 8785 form of its terms.</summary>
public sealed record TabledText(
    int Version, string TermsHash, IReadOnlyList<DataTerm> Terms, string? Duration, string? Survival, string? Note, OrganisationId By, Side Side)
{
    /// <summary>The word for a duration without end.</summary>
    public const string Indefinite = "indefinite";
}

public abstract record AgreementEvent(AgreementId Agreement, DateTimeOffset At);

public sealed record AgreementOpened(
    AgreementId Agreement, string Title, string RuleSet, Nature Nature, AgreementScope Scope, Level Level, IReadOnlyList<Party> Parties,
    OrganisationId By, DateTimeOffset At, AgreementId? Substitutes = null) : AgreementEvent(Agreement, At);

public sealed record AgreementTextTabled(AgreementId Agreement, TabledText Text, DateTimeOffset At) : AgreementEvent(Agreement, At);

public sealed record AgreementTextAccepted(
    AgreementId Agreement, int Version, string TermsHash, OrganisationId By, Side Side, DateTimeOffset At) : AgreementEvent(Agreement, At);

/// <summary>Carries the share that stood behind the text with this signature, and whether the rule set's test was met by it.</summary>
public sealed record AgreementSigned(
    AgreementId Agreement, int Version, string TermsHash, OrganisationId By, Side Side, DateOnly SignedOn, decimal WorkersShare,
    decimal? PlatformsShare, bool Sufficient, string? Signature, DateTimeOffset At) : AgreementEvent(Agreement, At);

/// <summary>
/// Told to all representative organisations of the scope. The window for opposition is counted from the latest notification;
/// null where the law knows no opposition. Without a version: the text first agreed.
/// </summary>
public sealed record AgreementNotified(
    AgreementId Agreement, DateOnly NotifiedOn, DateOnly? OppositionUntil, OrganisationId By, DateTimeOffset At, int? Version = null,
    IReadOnlyList<OrganisationId>? Told = null) : AgreementEvent(Agreement, At);

public sealed record AgreementOppositionReceived(
    AgreementId Agreement, OrganisationId By, string Reason, DateOnly ReceivedOn, decimal Share, bool Blocking, DateTimeOffset At, int? Version = null)
    : AgreementEvent(Agreement, At);

/// <summary>Carries what follows from the rule set of the day: for how long, whether it renews itself by a period, and whether it binds everybody.</summary>
public sealed record AgreementDeposited(
    AgreementId Agreement, DateOnly DepositedOn, Validity Validity, OrganisationId By, DateTimeOffset At, int? Version = null, string? Renews = null,
    bool? ErgaOmnes = null) : AgreementEvent(Agreement, At);

/// <summary>An amendment on the table: its terms are the clauses that it sets; its hash is that of the whole text as it would then read.</summary>
public sealed record AgreementAmendmentTabled(
    AgreementId Agreement, TabledText Text, int Base, IReadOnlyList<string> Removed, DateTimeOffset At) : AgreementEvent(Agreement, At);

/// <summary>A signatory holds a clause to be written down wrongly. Nothing changes until every signatory has said the same.</summary>
public sealed record AgreementRectificationAsked(
    AgreementId Agreement, int Version, IReadOnlyList<DataTerm> Clauses, string TermsHash, string Reason, OrganisationId By, Side Side,
    DateTimeOffset At) : AgreementEvent(Agreement, At);

/// <summary>Every signatory agrees on how the text was meant: it reads so from the day on which it came into force.</summary>
public sealed record AgreementRectified(
    AgreementId Agreement, int Version, IReadOnlyList<DataTerm> Clauses, string TermsHash, DateOnly From, OrganisationId By, DateTimeOffset At)
    : AgreementEvent(Agreement, At);

/// <summary>
/// One signatory's denunciation, with its own notice and survival (last days); a null survival has no end. It is whole where
/// it, with those before it, ends the agreement for everybody; suspended, it frees nobody yet (CT L7343-41 II).
/// </summary>
public sealed record AgreementDenounced(
    AgreementId Agreement, OrganisationId By, Side Side, DateOnly DepositedOn, bool Whole, DateOnly NoticeEnds, DateOnly? SurvivesUntil,
    DateTimeOffset At, bool? Suspended = null) : AgreementEvent(Agreement, At);

/// <summary>Another agreement takes the place of this one: a survival ends with its entry into force (CT L2261-10).</summary>
public sealed record AgreementSubstituted(AgreementId Agreement, AgreementId Substitute, DateOnly DepositedOn, DateOnly From, DateTimeOffset At)
    : AgreementEvent(Agreement, At);

/// <summary>An authority means to extend a text to those who signed nothing; the window for opposition is counted from the notice.</summary>
public sealed record AgreementExtensionNoticed(
    AgreementId Agreement, int Number, int Version, DateOnly NoticeOn, DateOnly OppositionUntil, OrganisationId By, DateTimeOffset At)
    : AgreementEvent(Agreement, At);

public sealed record AgreementExtensionOpposed(
    AgreementId Agreement, int Number, OrganisationId By, string Reason, DateOnly ReceivedOn, decimal Share, bool Blocking, DateTimeOffset At)
    : AgreementEvent(Agreement, At);

public sealed record AgreementExtensionDecided(
    AgreementId Agreement, int Number, bool Granted, DateOnly DecidedOn, DateOnly? EffectiveFrom, IReadOnlyList<string> ExcludedClauses,
    string? Reference, OrganisationId By, DateTimeOffset At) : AgreementEvent(Agreement, At);

/// <summary>An agreement concluded elsewhere: what the public record says of it, without a clause of ours.</summary>
public sealed record AgreementRecordedElsewhere(
    AgreementId Agreement, string Title, string RuleSet, AgreementScope Scope, Level Level, DateOnly ConcludedOn, string LegalBasis,
    string? Reference, string? DocumentHash, Validity? Validity, OrganisationId By, DateTimeOffset At) : AgreementEvent(Agreement, At);
