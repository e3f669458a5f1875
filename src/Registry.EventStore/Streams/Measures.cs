using System.Diagnostics.Metrics;

namespace Registry.EventStore.Streams;

/// <summary>What the writer measures of itself, under the meter's name <c>Registry.EventStore</c>.</summary>
public static class Measures
{
    /// <summary>The meter's name.</summary>
    public const string Meter = "Registry.EventStore";

    private static readonly Meter Own = new(Meter);

    /// <summary>How long one transaction held the head row at most, commit and round trip included, in milliseconds; in one round trip a wait for the lock too.</summary>
    internal static readonly Histogram<double> HeadHeld = Own.CreateHistogram<double>("registry.head.held", "ms");

    /// <summary>How many appends one transaction decided.</summary>
    internal static readonly Histogram<int> GroupSize = Own.CreateHistogram<int>("registry.append.group", "{append}");
}
