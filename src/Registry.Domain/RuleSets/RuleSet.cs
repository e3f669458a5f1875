using System.Text.Json;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.RuleSets;

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

/// <summary>A country's bargaining law, read from rulesets/*.json: a new country is a new file.</summary>
public sealed record RuleSet(string Id, string Country, Bilingual Title, IReadOnlyList<Parameter> Parameters)
{
    public SignatureRule Signature(DateOnly day) => SignatureRule.Read(Get("signature", day));

    /// <summary>Null where the law knows no opposition.</summary>
    public OppositionRule? Opposition(DateOnly day) => Get("opposition", day) is { Value.ValueKind: not JsonValueKind.Null } rule ? OppositionRule.Read(rule) : null;

    public DepositRule Deposit(DateOnly day) => DepositRule.Read(Get("deposit", day));

    /// <summary>Days from the deposit to the entry into force, unless the parties stipulate another day.</summary>
    public int DaysToForce(DateOnly day) => Get("entryIntoForce", day).Value.GetProperty("daysAfterDeposit").GetInt32();

    public DurationRule SilentDuration(DateOnly day) => DurationRule.Read(Get("silentDuration", day));

    public RevisionRule Revision(DateOnly day) => RevisionRule.Read(Get("revision", day));

    public DenunciationRule Denunciation(DateOnly day) => DenunciationRule.Read(Get("denunciation", day));

    public SurvivalRule Survival(DateOnly day) => SurvivalRule.Read(Get("survival", day));

    /// <summary>Null where a text binds its signatories alone.</summary>
    public ExtensionRule? Extension(DateOnly day) => Get("extension", day) is { Value.ValueKind: not JsonValueKind.Null } rule ? ExtensionRule.Read(rule) : null;

    public ConflictRule Conflict(DateOnly day) => Get("conflict", day).Choice<ConflictRule>("rule");

    public Parameter Get(string name, DateOnly day) =>
        Parameters.FirstOrDefault(p => p.Name == name && p.InForce(day))
        ?? throw new RuleSetException($"{Id} says nothing on {name} for {day:yyyy-MM-dd}");

    /// <summary>Reads every parameter once, so that a broken file is refused at start and not at the first signature.</summary>
    public void Check()
    {
        foreach (var versions in Parameters.GroupBy(p => p.Name).Select(g => g.OrderBy(p => p.From ?? DateOnly.MinValue).ToList()))
        {
            if (versions[0].From is not null || versions[^1].To is not null || versions.Zip(versions.Skip(1)).Any(pair => pair.First.To != pair.Second.From))
            {
                throw new RuleSetException($"{Id}: {versions[0].Name} leaves days without a rule, or has two for one");
            }
        }
        try
        {
            foreach (var day in Parameters.Select(p => p.From ?? p.To?.AddDays(-1) ?? DateOnly.FromDayNumber(730_000)).Distinct())
            {
                _ = (Signature(day), Opposition(day), Deposit(day), DaysToForce(day), SilentDuration(day), Revision(day), Denunciation(day), Survival(day), Extension(day), Conflict(day));
            }
        }
        catch (Exception broken) when (broken is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new RuleSetException($"{Id}: {broken.Message}");
        }
    }
}

public sealed class RuleSetException(string message) : Exception(message);
