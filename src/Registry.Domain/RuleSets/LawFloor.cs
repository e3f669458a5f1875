using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.RuleSets;

/// <summary>
/// What the law forbids, or how long it has something kept, whatever was agreed. An axis that a floor does not name is open; <c>From</c> is the entry into
/// force of the national act and null until it was read, for a directive binds no private platform by itself.
/// </summary>
/// <param name="MinRetention">How long at least it must be kept; null where the floor forbids.</param>
public sealed record LawFloor(
    string Id, string? Country, DateOnly? From, DateOnly? To, string Source, bool Confirmed,
    IReadOnlyList<WorkStatus> Statuses, string? Category, string? Purpose, string? Recipient, Bilingual Text, string? MinRetention = null)
{
    public bool Forbids => MinRetention is null;

    public bool InForce(DateOnly day, string country, WorkStatus status) => From is { } from && day >= from && (To is null || day < To) && AppliesTo(country, status);

    /// <summary>Whom it speaks of, whether it is in force or not.</summary>
    public bool AppliesTo(string country, WorkStatus status) => (Country is null || Country == country) && (Statuses.Count == 0 || Statuses.Contains(status));

    /// <summary>A prohibition reaches the code that it names and everything below it.</summary>
    public bool Reaches(DataCategory category, Purpose purpose, string? recipient, VocabularySet codes) =>
        (Category is null || codes.DataCategories.Covers(Category, category.Code))
        && (Purpose is null || codes.Purposes.Covers(Purpose, purpose.Code))
        && (Recipient is null || Recipient == recipient);

    /// <summary>Its codes and its duration are read once at start, and not at the first question.</summary>
    public void Check(VocabularySet codes)
    {
        var broken = Category is not null && codes.DataCategories.Find(Category) is null ? Category
            : Purpose is not null && codes.Purposes.Find(Purpose) is null ? Purpose
            : MinRetention is not null && Period.Parse(MinRetention) is null ? MinRetention : null;
        if (broken is not null) throw new RuleSetException($"{Id}: {broken} is no code or duration");
    }
}
