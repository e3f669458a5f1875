using System.Text.Json;
using Registry.Domain.Calendars;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.RuleSets;

/// <summary>How a share is compared with its threshold: at least 30 %, or more than 30 %.</summary>
public enum Comparison
{
    AtLeast,
    MoreThan,
}

public enum ConflictRule
{
    MostProtective,
    EquivalentGuarantees,
    CompanyPrevails,
}

/// <summary>One versioned rule of law: what it says, where it stands, from when to when, and whether its text was read.</summary>
public sealed record Parameter(string Name, DateOnly? From, DateOnly? To, string Source, bool Confirmed, JsonElement Value)
{
    public bool InForce(DateOnly day) => (From is null || day >= From) && (To is null || day < To);
}

/// <summary>A country's bargaining law, read from rulesets/*.json.</summary>
public sealed record RuleSet(string Id, string Country, Bilingual Title, IReadOnlyList<Parameter> Parameters)
{
    public Threshold Signature(DateOnly day) => Threshold.Read(Get("signature", day), "workers");

    /// <summary>How many organisations of the platforms' side must sign.</summary>
    public int PlatformOrganisations(DateOnly day) => Get("signature", day).Value.GetProperty("platformOrganisations").GetInt32();

    /// <summary>The rule of the opposition, or null where the law knows none.</summary>
    public OppositionRule? Opposition(DateOnly day)
    {
        var rule = Get("opposition", day);
        return rule.Value.ValueKind == JsonValueKind.Null
            ? null
            : new OppositionRule(Threshold.Read(rule, null), Period(rule, "window"), rule.Value.GetProperty("rolls").GetBoolean(), rule.Source);
    }

    /// <summary>Days from the deposit to the entry into force, unless the parties stipulate another day.</summary>
    public int DaysToForce(DateOnly day) => Get("entryIntoForce", day).Value.GetProperty("daysAfterDeposit").GetInt32();

    /// <summary>What an agreement that is silent on its duration lasts; null where the law says nothing.</summary>
    public Period? SilentDuration(DateOnly day)
    {
        var rule = Get("silentDuration", day);
        return rule.Value.ValueKind == JsonValueKind.Null ? null : Period(rule, "period");
    }

    public ConflictRule Conflict(DateOnly day) => Enum.Parse<ConflictRule>(Get("conflict", day).Value.GetProperty("rule").GetString()!, ignoreCase: true);

    public Parameter Get(string name, DateOnly day) =>
        Parameters.FirstOrDefault(p => p.Name == name && p.InForce(day))
        ?? throw new RuleSetException($"{Id} says nothing on {name} for {day:yyyy-MM-dd}");

    /// <summary>Reads every parameter once, so that a broken file is refused at start and not at the first signature.</summary>
    public void Check()
    {
        foreach (var day in Parameters.Select(p => p.From ?? p.To?.AddDays(-1) ?? DateOnly.FromDayNumber(730_000)).Distinct())
        {
            _ = (Signature(day), PlatformOrganisations(day), Opposition(day), DaysToForce(day), SilentDuration(day), Conflict(day));
        }
    }

    private static Period Period(Parameter rule, string name) =>
        Calendars.Period.Parse(rule.Value.GetProperty(name).GetString()!) ?? throw new RuleSetException($"{rule.Name}.{name} is no duration");
}

public sealed record OppositionRule(Threshold Threshold, Period Window, bool Rolls, string Source)
{
    /// <summary>The last day on which an opposition still counts; procedural, so it rolls where the law says so.</summary>
    public DateOnly Until(DateOnly notifiedOn, HolidayCalendar calendar) =>
        Rolls ? Deadline.Procedural(notifiedOn, Window, calendar).Due : Window.After(notifiedOn);
}

/// <summary>A share of the votes and how it is compared; compared before rounding.</summary>
public sealed record Threshold(decimal Percent, Comparison Comparison, string Source)
{
    public bool Met(decimal share) => Comparison == Comparison.AtLeast ? share >= Percent : share > Percent;

    internal static Threshold Read(Parameter rule, string? side)
    {
        var value = side is null ? rule.Value : rule.Value.GetProperty(side);
        var percent = decimal.Parse(value.GetProperty("percent").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        return new Threshold(percent, Enum.Parse<Comparison>(value.GetProperty("comparison").GetString()!, ignoreCase: true), rule.Source);
    }
}

public sealed class RuleSetException(string message) : Exception(message);
