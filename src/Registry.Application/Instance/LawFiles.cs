using System.Text.Json;
using Registry.Domain.Calendars;
using Registry.Domain.Mandates;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Instance;

/// <summary>Reads law and words from their folders at start, and refuses a file that does not hold together.</summary>
public static class LawFiles
{
    public static Law Read(string folder)
    {
        var rulesets = Files(folder, "rulesets").Select(file => (file, name: Path.GetFileName(file))).ToList();
        var law = new Law(
            new VocabularySet([.. Files(folder, "vocabularies").Select(Parse<VocabularyFile>)]),
            new CalendarSet([.. Files(folder, "holidays").Select(Parse<HolidayFile>)]),
            rulesets.Where(f => f.name is not ("hooks.json" or "floors.json" or "refusal-grounds.json" or "holds.json")).Select(f => Parse<RuleSet>(f.file)).ToDictionary(r => r.Id, StringComparer.Ordinal),
            new HookSet(Parse<IReadOnlyList<Hook>>(Path.Combine(folder, "rulesets", "hooks.json"))),
            Parse<IReadOnlyList<LawFloor>>(Path.Combine(folder, "rulesets", "floors.json")),
            [.. Files(folder, "texts").SelectMany(Parse<IReadOnlyList<MandateText>>)],
            Parse<IReadOnlyList<RefusalGround>>(Path.Combine(folder, "rulesets", "refusal-grounds.json")),
            Parse<IReadOnlyList<HoldGround>>(Path.Combine(folder, "rulesets", "holds.json")));
        foreach (var rules in law.RuleSets.Values) rules.Check();
        foreach (var floor in law.Floors) floor.Check(law.Codes);
        return law;
    }

    private static IEnumerable<string> Files(string folder, string kind) =>
        Directory.EnumerateFiles(Path.Combine(folder, kind), "*.json").Order(StringComparer.Ordinal);

    private static T Parse<T>(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(file), RegistryJson.Answered)!;
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{Path.GetFileName(file)}: {broken.Message}", broken);
        }
    }
}
