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
    OrganisationId By, DateTimeOffset At) : AgreementEvent(Agreement, At);

public sealed record AgreementTextTabled(AgreementId Agreement, TabledText Text, DateTimeOffset At) : AgreementEvent(Agreement, At);

public sealed record AgreementTextAccepted(
    AgreementId Agreement, int Version, string TermsHash, OrganisationId By, Side Side, DateTimeOffset At) : AgreementEvent(Agreement, At);

/// <summary>Carries the share that stood behind the text with this signature, and whether the rule set's test was met by it.</summary>
public sealed record AgreementSigned(
    AgreementId Agreement, int Version, string TermsHash, OrganisationId By, Side Side, DateOnly SignedOn, decimal WorkersShare,
    decimal? PlatformsShare, bool Sufficient, string? Signature, DateTimeOffset At) : AgreementEvent(Agreement, At);

/// <summary>The window for opposition is counted from the latest notification; null where the law knows no opposition.</summary>
public sealed record AgreementNotified(
    AgreementId Agreement, DateOnly NotifiedOn, DateOnly? OppositionUntil, OrganisationId By, DateTimeOffset At) : AgreementEvent(Agreement, At);

public sealed record AgreementOppositionReceived(
    AgreementId Agreement, OrganisationId By, string Reason, DateOnly ReceivedOn, decimal Share, bool Blocking, DateTimeOffset At)
    : AgreementEvent(Agreement, At);

public sealed record AgreementDeposited(
    AgreementId Agreement, DateOnly DepositedOn, Validity Validity, OrganisationId By, DateTimeOffset At) : AgreementEvent(Agreement, At);

/// <summary>An agreement concluded elsewhere: what the public record says of it, without a clause of ours.</summary>
public sealed record AgreementRecordedElsewhere(
    AgreementId Agreement, string Title, string RuleSet, AgreementScope Scope, Level Level, DateOnly ConcludedOn, string LegalBasis,
    string? Reference, string? DocumentHash, Validity? Validity, OrganisationId By, DateTimeOffset At) : AgreementEvent(Agreement, At);
