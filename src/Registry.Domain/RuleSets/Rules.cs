using System.Globalization;
using System.Text.Json;
using Registry.Domain.Calendars;

namespace Registry.Domain.RuleSets;

/// <summary>How a share is compared with its threshold: at least 30 %, or more than 30 %.</summary>
public enum Comparison
{
    AtLeast,
    MoreThan,
}

/// <summary>A share of the votes for representative organisations and how it is compared; compared before rounding.</summary>
public sealed record Threshold(decimal Percent, Comparison Comparison, string Source)
{
    public bool Met(decimal share) => Comparison == Comparison.AtLeast ? share >= Percent : share > Percent;

    internal static Threshold Read(JsonElement value, string source) =>
        new(decimal.Parse(value.GetProperty("percent").GetString()!, CultureInfo.InvariantCulture), Parameters.Choice<Comparison>(value, "comparison"), source);
}

/// <summary>When a text is signed: the workers' share, how many organisations of the platforms' side, and their share where the law asks for one.</summary>
public sealed record SignatureRule(Threshold Workers, Threshold? Platforms, int PlatformOrganisations)
{
    public bool Met(decimal workers, decimal? platforms, int platformOrganisations) =>
        Workers.Met(workers) && platformOrganisations >= PlatformOrganisations && (Platforms is null || Platforms.Met(platforms ?? 0m));

    /// <summary>A share is of the votes for representative organisations, whatever the turnout; the tables of representativeness hold no other.</summary>
    private const string Base = "votesForRepresentativeOrganisations";

    internal static SignatureRule Read(Parameter rule) => rule.Value.GetProperty("base").GetString() != Base ? throw new FormatException($"signature.base is not {Base}") : new(
        Threshold.Read(rule.Value.GetProperty("workers"), rule.Source),
        rule.Optional("platforms") is { } platforms ? Threshold.Read(platforms, rule.Source) : null,
        rule.Value.GetProperty("platformOrganisations").GetInt32());
}

public sealed record OppositionRule(Threshold Threshold, Period Window, bool Rolls, string Source)
{
    /// <summary>The last day on which an opposition still counts; procedural, so it rolls where the law says so.</summary>
    public DateOnly Until(DateOnly notifiedOn, HolidayCalendar calendar) =>
        Rolls ? Deadline.Procedural(notifiedOn, Window, calendar).Due : Window.After(notifiedOn);

    internal static OppositionRule Read(Parameter rule) =>
        new(Threshold.Read(rule.Value, rule.Source), rule.Period("window")!, rule.Value.GetProperty("rolls").GetBoolean(), rule.Source);
}

public sealed record DepositRule(bool AfterOpposition, string Source)
{
    internal static DepositRule Read(Parameter rule) => new(rule.Value.GetProperty("after").GetString() switch
    {
        "opposition" => true,
        "signature" => false,
        var other => throw new FormatException($"deposit.after is {other}"),
    }, rule.Source);
}

/// <summary>What a text that is silent on its duration lasts (null: without end), and by what a term that ran out renews itself.</summary>
public sealed record DurationRule(Period? Period, Period? Renews, string Source)
{
    internal static DurationRule Read(Parameter rule) => new(rule.Period("period"), rule.Period("renews"), rule.Source);
}

/// <summary>Who revises: signatories alone until a period from the signature has run, or a cycle has ended; then any representative organisation.</summary>
public sealed record RevisionRule(bool AnyRepresentative, Period? SignatoriesFor, bool UntilCycleEnds, string Source)
{
    public bool IsOpen(DateOnly signedOn, DateOnly today, bool cycleEnded) =>
        AnyRepresentative || (SignatoriesFor is { } period && today >= period.After(signedOn)) || (UntilCycleEnds && cycleEnded);

    internal static RevisionRule Read(Parameter rule) => new(
        rule.Value.GetProperty("by").GetString() == "representatives", rule.Period("signatoriesFor"),
        rule.Optional("untilCycleEnds")?.GetBoolean() ?? false, rule.Source);
}

public sealed record DenunciationRule(Period? Notice, bool IndefiniteOnly, bool AtTermEnd, Threshold? WhereLost, string Source)
{
    internal static DenunciationRule Read(Parameter rule) => new(
        rule.Period("notice"), rule.Optional("indefiniteOnly")?.GetBoolean() ?? false, rule.Optional("atTermEnd")?.GetBoolean() ?? false,
        rule.Optional("whereLost") is { } lost ? Threshold.Read(lost, rule.Source) : null, rule.Source);
}

/// <summary>How long a denounced text goes on after its notice; a null period has no end. A clause may lengthen that, or decide.</summary>
public sealed record SurvivalRule(Period? Period, bool ClauseDecides, string Source)
{
    /// <summary>Counted from the last day of the notice: three months and then twelve, never fifteen. Effect dates never roll.</summary>
    public DateOnly? Until(DateOnly noticeEnds, string? clause)
    {
        var (law, said) = (Period?.After(noticeEnds), clause is null ? null : Calendars.Period.Parse(clause)?.After(noticeEnds));
        if (said is null || law is null) return ClauseDecides ? said ?? law : law;
        return ClauseDecides || said > law ? said : law;
    }

    internal static SurvivalRule Read(Parameter rule) => new(rule.Period("period"), rule.Value.GetProperty("clause").GetString() == "decides", rule.Source);
}

/// <summary>How a text comes to bind those who signed nothing: everybody at once, or by a decision that may be opposed.</summary>
public sealed record ExtensionRule(bool ErgaOmnes, Threshold? Threshold, Period? Window, bool Rolls, bool MayExclude, string Source)
{
    public DateOnly Until(DateOnly noticeOn, HolidayCalendar calendar) => Rolls ? Deadline.Procedural(noticeOn, Window!, calendar).Due : Window!.After(noticeOn);

    internal static ExtensionRule Read(Parameter rule) => rule.Optional("ergaOmnes")?.GetBoolean() == true
        ? new(true, null, null, false, false, rule.Source)
        : new(false, Threshold.Read(rule.Value, rule.Source), rule.Period("window")!, rule.Value.GetProperty("rolls").GetBoolean(),
            rule.Value.GetProperty("exclusions").GetBoolean(), rule.Source);
}

/// <summary>Reads the values of a parameter, and says which one is broken.</summary>
internal static class Parameters
{
    public static JsonElement? Optional(this Parameter rule, string name) =>
        rule.Value.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static Period? Period(this Parameter rule, string name) => rule.Optional(name) is not { } value
        ? null
        : Calendars.Period.Parse(value.GetString()!) ?? throw new FormatException($"{rule.Name}.{name} is no duration");

    public static T Choice<T>(this Parameter rule, string name) where T : struct, Enum => Choice<T>(rule.Value, name);

    public static T Choice<T>(JsonElement value, string name) where T : struct, Enum => Enum.Parse<T>(value.GetProperty(name).GetString()!, ignoreCase: true);
}
