using Registry.Domain.Calendars;
using Registry.Domain.RuleSets;

namespace Registry.Domain.PortabilityRequests;

/// <summary>How the clock of one person's line went: a deadline never depends on another line.</summary>
/// <param name="Paused">Days for which it stood and no longer does.</param>
/// <param name="StoppedOn">Since when it stands; null while it runs.</param>
/// <param name="ExtendedOn">When notice of an extension was recorded.</param>
public sealed record LineClock(int Paused, DateOnly? StoppedOn, DateOnly? ExtendedOn)
{
    public static readonly LineClock Running = new(0, null, null);

    public int PausedBy(DateOnly day) => Paused + (StoppedOn is { } since && day > since ? day.DayNumber - since.DayNumber : 0);

    public LineClock GoesOn(DateOnly on) => new(PausedBy(on), null, ExtendedOn);
}

/// <summary>The clock of a request: counted from its receipt, in the calendar of the place where the act is due.</summary>
public sealed record RequestClock(DateOnly ReceivedOn, HolidayCalendar Calendar)
{
    /// <summary>Null where the law sets no time.</summary>
    public Deadline? First(Hook hook, LineClock line, DateOnly asOf) =>
        hook.Answer is { } period ? Deadline.Of(ReceivedOn, period, line.PausedBy(asOf), hook.Roll, Calendar) : null;

    /// <summary>From receipt, never from the first deadline (GDPR Art. 12(3)); none where the notice came after that.</summary>
    public Deadline? Extended(Hook hook, LineClock line, DateOnly asOf) =>
        hook.Longest is { } period && line.ExtendedOn <= First(hook, line, asOf)?.Due ? Deadline.Of(ReceivedOn, period, line.PausedBy(asOf), hook.Roll, Calendar) : null;

    public Deadline? Last(Hook hook, LineClock line, DateOnly asOf) => Extended(hook, line, asOf) ?? First(hook, line, asOf);

    /// <summary>A function of the day asked about, whenever it is asked.</summary>
    public bool IsOverdue(Hook hook, LineClock line, DateOnly asOf) => Last(hook, line, asOf)?.IsOverdue(asOf) == true;
}
