using System.Collections.Concurrent;
using Registry.Domain.Calendars;

namespace Registry.Application;

/// <summary>
/// The clock of states, deadlines and events. In an evaluation instance it runs ahead of or behind the machine's by an
/// offset that all nodes share; elsewhere the offset is nothing.
/// </summary>
public sealed class LegalTime(TimeProvider machine, CalendarSet calendars) : TimeProvider
{
    private readonly ConcurrentDictionary<string, TimeZoneInfo> zones = new(StringComparer.Ordinal);
    private long offsetTicks;

    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref offsetTicks));
        set => Interlocked.Exchange(ref offsetTicks, value.Ticks);
    }

    public DateTimeOffset Now => GetUtcNow();

    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + Offset;

    /// <summary>The day it is where an act is due.</summary>
    public DateOnly Today(string country) => DayOf(Now, country);

    public DateOnly DayOf(DateTimeOffset instant, string country) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zones.GetOrAdd(calendars.TimeZone(country), TimeZoneInfo.FindSystemTimeZoneById)).DateTime);
}
