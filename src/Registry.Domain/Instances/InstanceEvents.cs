namespace Registry.Domain.Instances;

/// <summary>What befell the register itself.</summary>
public abstract record InstanceEvent(DateTimeOffset At);

/// <summary>An older state was restored: what stood after <paramref name="EndsAt"/>, up to <paramref name="HadReached"/> at least, is not in this log.</summary>
public sealed record LogRestored(long EndsAt, long HadReached, DateTimeOffset At) : InstanceEvent(At);
