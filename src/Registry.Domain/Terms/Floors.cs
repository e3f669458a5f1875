using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>A floor of law with its codes as numbers; an axis that it does not name is open.</summary>
internal sealed class Floor(LawFloor law, VocabularySet codes)
{
    private readonly int? category = law.Category is { } code ? codes.DataCategories.Number(code) : null;
    private readonly int? purpose = law.Purpose is { } code ? codes.Purposes.Number(code) : null;

    public LawFloor Law => law;

    public bool Reaches(in Subject asked) =>
        (category is not { } reached || asked.IsOfCategory(reached)) && (purpose is not { } meant || asked.IsForPurpose(meant)) && (law.Recipient is null || law.Recipient == asked.Recipient);
}

/// <summary>The floors of a country for a status on a day: one for all the sheets that stand on it.</summary>
internal sealed class Floors(Law law, string country, WorkStatus status, DateOnly day)
{
    public Floor[] InForce { get; } = [.. law.Floors.Where(f => f.InForce(day, country, status)).Select(f => new Floor(f, law.Codes))];

    /// <summary>Written, and not in force yet.</summary>
    public Floor[] ToCome { get; } = [.. law.Floors.Where(f => f.From is null && f.AppliesTo(country, status)).Select(f => new Floor(f, law.Codes))];
}
