namespace Registry.Domain.Kernel;

/// <summary>Half-open: the day <paramref name="To"/> is no longer in it; null runs on.</summary>
public sealed record Validity(DateOnly From, DateOnly? To = null)
{
    public bool Holds(DateOnly day) => day >= From && (To is null || day < To);
}
