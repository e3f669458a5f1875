using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>May this platform use this category for this purpose, here, on this day, under these conditions? Its codes are current ones.</summary>
public sealed record Question(
    OrganisationId Platform, Sector Sector, Territory Territory, WorkStatus Status, DataCategory Category, Purpose Purpose,
    string? Recipient, Period? Retention, int? GroupSize, DateOnly On);

public enum Verdict
{
    Allowed,
    Forbidden,
    NotAgreed,
    Conflict,
    NotBound,
}

/// <summary>One source of an answer: a clause, or a floor of law where the agreement is null.</summary>
public sealed record Reason(AgreementId? Agreement, int? Version, string? Clause, Level? Level, string Rule)
{
    internal AgreementOnTheDay? Source { get; private init; }

    internal DataTerm? Term { get; private init; }

    internal static Reason Of(AgreementOnTheDay agreement, DataTerm term, string rule) =>
        new(agreement.Id, agreement.Version, term.Clause, agreement.Level, rule) { Source = agreement, Term = term };
}

public sealed record Warning(string Code, string Source);

/// <summary>What the platform owes in return: a way to take data along, information, or a review by a human.</summary>
public sealed record Obligation(string Kind, IReadOnlyList<string>? Formats = null, string? Within = null, string? Channel = null);

/// <summary>The effective term and the rule that decided it.</summary>
/// <param name="Position">Of the last event of an agreement that deals with what was asked, or of a membership through which it binds; 0 where there is none.</param>
public sealed record Answer(
    Verdict Verdict, string Rule, Period? MaxRetention, Period? MinRetention, IReadOnlyList<string> Recipients, IReadOnlyList<string> Safeguards,
    int? MinGroup, Generalisation? Generalisation, IReadOnlyList<string> LegalBases, IReadOnlyList<Obligation> Obligations,
    IReadOnlyList<Reason> Because, IReadOnlyList<Warning> Warnings, long Position)
{
    public static Answer Plain(Verdict verdict, string rule, IReadOnlyList<Reason> because, IReadOnlyList<Warning> warnings, long position) =>
        new(verdict, rule, null, null, [], [], null, null, [], [], because, warnings, position);
}
