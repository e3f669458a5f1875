using Registry.Domain.Calendars;
using Registry.Domain.Mandates;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.RuleSets;

/// <summary>Law and words as data, read once at start: what every decision may look up.</summary>
public sealed record Law(
    VocabularySet Codes, CalendarSet Calendars, IReadOnlyDictionary<string, RuleSet> RuleSets, HookSet Hooks, IReadOnlyList<LawFloor> Floors,
    IReadOnlyList<MandateText> MandateTexts, IReadOnlyList<RefusalGround> Grounds, IReadOnlyList<HoldGround> Holds)
{
    public RefusalGround? Ground(string code, DateOnly day, string country) =>
        Grounds.FirstOrDefault(ground => (ground.Code == code || ground.Aliases.Contains(code)) && ground.InForce(day, country));
}
