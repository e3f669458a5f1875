namespace Registry.Domain.Kernel;

public enum RefusalKind
{
    Invalid,
    Forbidden,
    Unknown,
    Conflict,
    Stale,
    Rule,
}

/// <summary>An expected "no". Titles and texts stand in the catalogue by code, in English and French; facts fill their blanks.</summary>
public sealed record Refusal(string Code, RefusalKind Kind, string? Pointer = null, params object[] Facts)
{
    /// <summary>Further refusals of the same act, so that a caller mends everything at once.</summary>
    public IReadOnlyList<Refusal> Also { get; init; } = [];

    public Refusal At(string pointer) => this with { Pointer = pointer };

    public static Refusal? Together(IEnumerable<Refusal> refusals)
    {
        var all = refusals.ToList();
        return all.Count == 0 ? null : all[0] with { Also = all[1..] };
    }
}
