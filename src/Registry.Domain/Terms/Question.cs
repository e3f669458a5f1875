using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>May this platform use this category for this purpose, here, on this day, under these conditions?</summary>
public sealed record Question(
    OrganisationId Platform, Sector Sector, Territory Territory, WorkStatus Status, DataCategory Category, Purpose Purpose,
    string? Recipient, Period? Retention, int? GroupSize, DateOnly On);

/// <summary>An agreement whose scope holds the question on the day: its text, and whether it binds the platform asked about.</summary>
public sealed record AgreementOnTheDay(AgreementId Id, int Version, Level Level, IReadOnlyList<DataTerm> Terms, bool Binds);

public enum Verdict
{
    Allowed,
    Forbidden,
    NotAgreed,
    Conflict,
    NotBound,
}

/// <summary>One source of an answer: a clause, or a floor of law where the agreement is null.</summary>
public sealed record Reason(AgreementId? Agreement, int? Version, string? Clause, Level? Level, string Rule);

public sealed record Warning(string Code, string Source);

/// <summary>The effective term and the rule that decided it.</summary>
public sealed record Answer(
    Verdict Verdict, string Rule, Period? MaxRetention, Period? MinRetention, IReadOnlyList<string> Recipients, IReadOnlyList<string> Safeguards,
    int? MinGroup, Generalisation? Generalisation, IReadOnlyList<string> LegalBases, IReadOnlyList<Entitlements> Entitlements,
    IReadOnlyList<Reason> Because, IReadOnlyList<Warning> Warnings)
{
    public static Answer Plain(Verdict verdict, string rule, IReadOnlyList<Reason> because) =>
        new(verdict, rule, null, null, [], [], null, null, [], [], because, []);
}
