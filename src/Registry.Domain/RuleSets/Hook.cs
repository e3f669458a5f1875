using Registry.Domain.Calendars;
using Registry.Domain.Organisations;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.RuleSets;

/// <summary>A right that a request can hang on: an article, what it reaches, whose it is and how long the controller has.</summary>
/// <param name="Code">Such as <c>gdpr:A20</c>.</param>
/// <param name="Country">Where it is law; null everywhere in the Union.</param>
/// <param name="From">Its first day; null until the act was read that brings it into force, for a directive binds no private platform by itself.</param>
/// <param name="To">The day on which it is no longer law.</param>
/// <param name="Article">Where it stands.</param>
/// <param name="Source">The act.</param>
/// <param name="Confirmed">The text was read.</param>
/// <param name="Period">How long the controller has; null where the law sets no time.</param>
/// <param name="Covers">The categories that it reaches, with what lies below them.</param>
/// <param name="Excludes">Of these, what it does not reach.</param>
/// <param name="Right">The right in a mandate that lets a representative exercise it; null where it is the claimant's own.</param>
/// <param name="DeadlineRule">How its time is counted, in words.</param>
/// <param name="Extended">How long it has from receipt once extended; null where it cannot be.</param>
/// <param name="Roll">On which days it cannot end.</param>
/// <param name="Claimants">Whose right it is; null: a person's, exercised by whoever they mandated.</param>
/// <param name="BindsOnly">The scheme of an identifier that a controller has whom alone it binds.</param>
public sealed record Hook(
    string Code, string? Country, DateOnly? From, DateOnly? To, string Article, string Source, bool Confirmed,
    string? Period, IReadOnlyList<string> Covers, IReadOnlyList<string> Excludes, string? Right, Bilingual DeadlineRule,
    string? Extended = null, Roll Roll = Roll.WorkingDay, IReadOnlyList<OrganisationKind>? Claimants = null, string? BindsOnly = null)
{
    private readonly Period? answer = Read(Code, Period), extended = Read(Code, Extended);

    public Period? Answer => answer;

    public Period? Longest => extended;

    /// <summary>It is a body's own right: nobody's mandate, no member's line.</summary>
    public bool IsCollective => Claimants is not null;

    public bool InForce(DateOnly day, string country) =>
        (Country is null || Country == country) && From is { } from && day >= from && (To is null || day < To);

    public bool Reaches(DataCategory category, VocabularySet codes)
    {
        var above = codes.DataCategories.AncestorsOrSelf(category.Code);
        return Covers.Any(above.Contains) && !Excludes.Any(above.Contains);
    }

    private static Period? Read(string code, string? text) =>
        text is null ? null : Calendars.Period.Parse(text) ?? throw new RuleSetException($"{code}: {text} is no duration");
}

/// <summary>Every hook that the registry knows, by code.</summary>
public sealed class HookSet(IReadOnlyList<Hook> hooks)
{
    private readonly Dictionary<string, Hook> byCode = hooks.ToDictionary(hook => hook.Code, StringComparer.Ordinal);

    public IReadOnlyList<Hook> All => hooks;

    public Hook? Find(string code) => byCode.GetValueOrDefault(code);
}

/// <summary>On what a controller may refuse to answer (GDPR Art. 11, 12 and 20), as data: a ground that a later law adds is one more entry.</summary>
/// <param name="Code">As it is said.</param>
/// <param name="Aliases">Other names of it, such as DPV's.</param>
/// <param name="Country">Where it is law; null everywhere in the Union.</param>
/// <param name="From">Its first day.</param>
/// <param name="To">The day on which it is no longer law.</param>
/// <param name="Article">Where it stands.</param>
/// <param name="Source">The act, and the judgment that reads it.</param>
/// <param name="Confirmed">The text was read.</param>
/// <param name="Needs">What it needs to stand.</param>
public sealed record RefusalGround(
    string Code, IReadOnlyList<string> Aliases, string? Country, DateOnly From, DateOnly? To, string Article, string Source, bool Confirmed, GroundNeeds Needs)
{
    public bool InForce(DateOnly day, string country) => (Country is null || Country == country) && day >= From && (To is null || day < To);
}

public enum GroundNeeds
{
    Nothing,

    /// <summary>The person was asked who they are before (GDPR Art. 11(2), 12(6)).</summary>
    IdentityQuestion,

    /// <summary>Shown by something beyond the number of requests (GDPR Art. 12(5); C-416/23).</summary>
    MoreThanNumber,
}

/// <summary>For which claims data may be held beyond their time, and how long at most, from the filing on.</summary>
public sealed record HoldGround(string Code, string Country, DateOnly From, DateOnly? To, string Longest, string Article, string Source, bool Confirmed)
{
    public bool InForce(DateOnly day, string country) => Country == country && day >= From && (To is null || day < To);

    public Period Ceiling => Period.Parse(Longest) ?? throw new RuleSetException($"{Code}: {Longest} is no duration");
}
