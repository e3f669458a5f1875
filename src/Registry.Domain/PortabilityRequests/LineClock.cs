using Registry.Domain.Calendars;
using Registry.Domain.RuleSets;

namespace Registry.Domain.PortabilityRequests;

/// <summary>How the clock of one person's line went: a deadline never depends on another line.</summary>
/// <param name="Paused">Days for which it stood and no longer does.</param>
/// <param name="StoppedOn">Since when it stands; null while it runs.</param>
/// <param name="ExtendedOn">When notice of an extension was recorded.</param>
/// <param name="AskedOn">When it was stopped; it stands for those rights only whose time had not run out then.</param>
public sealed record LineClock(int Paused, DateOnly? StoppedOn, DateOnly? ExtendedOn, DateOnly? AskedOn = null)
{
    public static readonly LineClock Running = new(0, null, null);

    public int PausedBy(DateOnly day) => Paused + (StoppedOn is { } since && day > since ? day.DayNumber - since.DayNumber : 0);

    public LineClock Stops(DateOnly on) => this with { StoppedOn = StoppedOn ?? on, AskedOn = AskedOn ?? on };

    public LineClock GoesOn(DateOnly on) => this with { Paused = PausedBy(on), StoppedOn = null };

    internal LineClock NeverStood => this with { Paused = 0, StoppedOn = null, AskedOn = null };
}

/// <summary>The clock of a request: counted from its receipt, in the calendar of the place where the act is due.</summary>
public sealed record RequestClock(DateOnly ReceivedOn, HolidayCalendar Calendar)
{
    private readonly Dictionary<(string, Period, int), Deadline> known = [];

    /// <summary>Null where the law sets no time.</summary>
    public Deadline? First(Hook hook, LineClock line, DateOnly asOf) => At(hook.Answer, hook, Counting(hook, line), asOf);

    /// <summary>From receipt, never from the first deadline (GDPR Art. 12(3)); none where the notice came after that.</summary>
    public Deadline? Extended(Hook hook, LineClock line, DateOnly asOf) =>
        line.ExtendedOn is { } noticed && First(hook, line, noticed) is { } first && (noticed <= first.Due || Stands(hook, line)) ? At(hook.Longest, hook, Counting(hook, line), asOf) : null;

    public Deadline? Last(Hook hook, LineClock line, DateOnly asOf) => Extended(hook, line, asOf) ?? First(hook, line, asOf);

    /// <summary>A function of the day asked about, whenever it is asked. While the clock stands nothing runs out.</summary>
    public bool IsOverdue(Hook hook, LineClock line, DateOnly asOf) => !Stands(hook, line) && Last(hook, line, asOf)?.IsOverdue(asOf) == true;

    /// <summary>The first month is over, extended or not.</summary>
    public bool IsPastFirst(Hook hook, LineClock line, DateOnly asOf) => !Stands(hook, line) && First(hook, line, asOf)?.IsOverdue(asOf) == true;

    /// <summary>A doubt that came after the time had run out stops nothing.</summary>
    public bool Stands(Hook hook, LineClock line) => line.StoppedOn is not null && Counting(hook, line).StoppedOn is not null;

    private LineClock Counting(Hook hook, LineClock line)
    {
        if (line.AskedOn is not { } asked) return line;
        var bare = line.NeverStood;
        var first = At(hook.Answer, hook, bare, asked);
        var last = line.ExtendedOn <= first?.Due ? At(hook.Longest, hook, bare, asked) ?? first : first;
        return last is null || asked <= last.Due ? line : bare;
    }

    private Deadline? At(Period? period, Hook hook, LineClock line, DateOnly asOf) => period is null ? null : Known(hook, period, line.PausedBy(asOf));

    /// <summary>A hundred thousand lines have few different clocks.</summary>
    private Deadline Known(Hook hook, Period period, int paused)
    {
        if (!known.TryGetValue((hook.Code, period, paused), out var deadline)) known[(hook.Code, period, paused)] = deadline = Deadline.Of(ReceivedOn, period, paused, hook.Roll, Calendar);
        return deadline;
    }
}
