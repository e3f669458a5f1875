using Registry.Domain.Kernel;

namespace Registry.Domain.Organisations;

public enum OrganisationKind
{
    Union,
    Cooperative,
    WorkersAssociation,
    WorksCouncil,
    Platform,
    Employer,
    EmployersAssociation,
    Authority,
    Auditor,
}

/// <summary>What a kind of organisation may be in a bargain: who stands for workers, and who answers as a controller.</summary>
public static class OrganisationKinds
{
    public static bool IsRepresentative(this OrganisationKind kind) =>
        kind is OrganisationKind.Union or OrganisationKind.Cooperative or OrganisationKind.WorkersAssociation or OrganisationKind.WorksCouncil;

    /// <summary>A controller in the sense of GDPR Art. 4(7): who answers requests and is bound by terms.</summary>
    public static bool IsController(this OrganisationKind kind) =>
        kind is OrganisationKind.Platform or OrganisationKind.Employer or OrganisationKind.EmployersAssociation;
}

public enum KeyUse
{
    Sig,
    Enc,
}

/// <summary>A number under which others know the organisation, such as a SIREN.</summary>
public sealed record Identifier(string Scheme, string Value);

/// <summary>A public key as a JWK, in canonical JSON; never a private one.</summary>
public sealed record PublishedKey(KeyUse Use, string Kid, string Jwk);

public abstract record OrganisationEvent(OrganisationId Organisation, DateTimeOffset At);

public sealed record OrganisationRegistered(
    OrganisationId Organisation, OrganisationKind Kind, string Name, string Country, string? Subdivision,
    IReadOnlyList<Identifier> Identifiers, IReadOnlyList<OrganisationId> MemberOf, IReadOnlyList<PublishedKey> Keys,
    string? DeliveryEndpoint, IReadOnlyList<string> RuleSets, DateOnly On, DateTimeOffset At) : OrganisationEvent(Organisation, At);

public sealed record OrganisationKeyPublished(OrganisationId Organisation, PublishedKey Key, DateTimeOffset At) : OrganisationEvent(Organisation, At);

/// <summary>An organisation is a member of another from a day on: what that one signs binds it (CT L7343-42).</summary>
public sealed record OrganisationJoined(OrganisationId Organisation, OrganisationId MemberOf, DateOnly From, DateTimeOffset At) : OrganisationEvent(Organisation, At);

/// <summary>It is a member no longer from that day on; what was signed before binds it still (CT L7343-42).</summary>
public sealed record OrganisationLeft(OrganisationId Organisation, OrganisationId MemberOf, DateOnly On, DateTimeOffset At) : OrganisationEvent(Organisation, At);

/// <summary>It is no more from that day on; mandates given to it ended with it (C. civ. 2003).</summary>
public sealed record OrganisationDissolved(OrganisationId Organisation, DateOnly On, DateTimeOffset At) : OrganisationEvent(Organisation, At);

/// <summary>Only the digest of a secret of 256 random bits is kept; the secret itself is shown once.</summary>
public sealed record OrganisationSecretIssued(OrganisationId Organisation, string Sha256, DateTimeOffset At) : OrganisationEvent(Organisation, At);

/// <summary>What one side's organisations weigh in a sector and a territory, as an authority measured it.</summary>
public sealed record Weight(OrganisationId Organisation, decimal Percent, long? Votes, bool Representative);

public abstract record RepresentativenessEvent(Guid Representativeness, DateTimeOffset At);

public sealed record RepresentativenessMeasured(
    Guid Representativeness, string Sector, string Territory, string Cycle, Agreements.Side Side, string RuleSet, DateOnly MeasuredOn,
    IReadOnlyList<Weight> Weights, OrganisationId By, DateTimeOffset At) : RepresentativenessEvent(Representativeness, At);
