namespace Registry.Domain.Instances;

/// <summary>What befell the register itself.</summary>
public abstract record InstanceEvent(DateTimeOffset At);

/// <summary>What the table of retention had dropped: how many of what kind, and the last day on which they were to be kept.</summary>
public sealed record RecordsDropped(string Kind, int Count, DateOnly Until, DateTimeOffset At) : InstanceEvent(At);

/// <summary>An older state was restored: what stood after <paramref name="EndsAt"/>, up to <paramref name="HadReached"/> at least, is not in this log.</summary>
public sealed record LogRestored(long EndsAt, long HadReached, DateTimeOffset At) : InstanceEvent(At);
