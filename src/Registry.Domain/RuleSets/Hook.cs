using Registry.Domain.Calendars;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.RuleSets;

/// <summary>A right that a request can hang on: an article, what it reaches and how long the controller has.</summary>
public sealed record Hook(
    string Code, string? Country, DateOnly? From, DateOnly? To, string Article, string Source, bool Confirmed,
    string Period, IReadOnlyList<string> Covers, IReadOnlyList<string> Excludes, string Right, string DeadlineRule)
{
    public Period Answer => Calendars.Period.Parse(Period) ?? throw new RuleSetException($"{Code}: {Period} is no duration");

    public bool InForce(DateOnly day, string country) =>
        (Country is null || Country == country) && (From is null || day >= From) && (To is null || day < To);

    public bool Reaches(DataCategory category, VocabularySet codes)
    {
        var above = codes.DataCategories.AncestorsOrSelf(category.Code);
        return Covers.Any(above.Contains) && !Excludes.Any(above.Contains);
    }
}

/// <summary>Every hook that the registry knows, by code.</summary>
public sealed class HookSet(IReadOnlyList<Hook> hooks)
{
    public Hook? Find(string code) => hooks.FirstOrDefault(hook => hook.Code == code);
}
