namespace Registry.Domain.Terms;

public enum TermDecision
{
    Forbidden,
    Allowed,
}

public enum RetentionStart
{
    Collection,
    ContractEnd,
    PurposeEnd,
}

/// <summary>From the finest to the coarsest: where several hold, the coarsest does.</summary>
public enum Generalisation
{
    None,
    Street,
    District,
    Municipality,
    Region,
    Country,
}

/// <summary>What a worker gets in return. Two of these are known in order to be refused: access to the service, and a price.</summary>
public enum Consideration
{
    Benefit,
    ServiceAccess,
    Price,
}

/// <summary>How a worker takes data along: formats, within which period, by which channel (CT L7342-7, D7342-6).</summary>
public sealed record PortabilityEntitlement(IReadOnlyList<string> Formats, string Within, string Channel);

public sealed record Entitlements(PortabilityEntitlement? Portability = null, bool? Information = null, bool? HumanReview = null);

/// <summary>One clause of an agreement: this category, for this purpose, allowed under conditions or forbidden. Durations as written.</summary>
public sealed record DataTerm(
    string Clause, string Category, string Purpose, TermDecision Decision, IReadOnlyList<string>? LegalBasis = null, string? MaxRetention = null,
    string? MinRetention = null, RetentionStart? RetentionFrom = null, IReadOnlyList<string>? Recipients = null,
    IReadOnlyList<string>? Safeguards = null, int? MinGroup = null, Generalisation? Generalisation = null,
    IReadOnlyList<string>? SubPurposes = null, Entitlements? Entitlements = null, Consideration? Consideration = null)
{
    /// <summary>Recipients narrow a prohibition to them; what they are to a permission is looked at later.</summary>
    internal bool Concerns(string? recipient) => Decision == TermDecision.Allowed || Recipients is not { Count: > 0 } narrowed || (recipient is not null && narrowed.Contains(recipient));
}
