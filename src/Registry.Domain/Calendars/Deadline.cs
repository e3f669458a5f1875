using Registry.Domain.Vocabularies;

namespace Registry.Domain.Calendars;

/// <summary>On which days a period cannot end.</summary>
public enum Roll
{
    /// <summary>Saturday, Sunday or holiday moves it to the next working day (Regulation 1182/71 Art. 3(4); CPC 642).</summary>
    WorkingDay,

    /// <summary>A Sunday or holiday moves it, a Saturday does not (Italian Codice civile 2963).</summary>
    NotSundayOrHoliday,

    /// <summary>It ends where it ends.</summary>
    None,
}

/// <summary>A last day, with the walk that led to it: counted from the event, lengthened by the days for which the clock stood, then moved off days on which it cannot end.</summary>
public sealed record Deadline(DateOnly Event, Period Period, int Paused, DateOnly Unrolled, DateOnly Due, IReadOnlyList<SkippedDay> Skipped, string Calendar)
{
    /// <summary>
    /// The event's day is excluded, the period ends on the same date number or the last day of a shorter month, and
    /// a Saturday, Sunday or holiday moves it to the next working day (Regulation 1182/71 Art. 3; C-171/03 Toeters).
    /// </summary>
    public static Deadline Procedural(DateOnly happened, Period period, HolidayCalendar calendar) => Of(happened, period, 0, Roll.WorkingDay, calendar);

    /// <summary>Days for which the clock stood lengthen the period before it is rolled, never after.</summary>
    public static Deadline Of(DateOnly happened, Period period, int paused, Roll roll, HolidayCalendar calendar)
    {
        var unrolled = period.After(happened).AddDays(paused);
        var due = unrolled;
        var skipped = new List<SkippedDay>();
        while (!CanEnd(due, roll, calendar))
        {
            skipped.Add(new SkippedDay(due, calendar.Holiday(due)));
            due = due.AddDays(1);
        }
        return new Deadline(happened, period, paused, unrolled, due, skipped, calendar.Name);
    }

    public bool IsOverdue(DateOnly asOf) => asOf > Due;

    private static bool CanEnd(DateOnly day, Roll roll, HolidayCalendar calendar) => roll switch
    {
        Roll.WorkingDay => calendar.IsWorkingDay(day),
        Roll.NotSundayOrHoliday => day.DayOfWeek != DayOfWeek.Sunday && calendar.Holiday(day) is null,
        _ => true,
    };
}

/// <summary>A day that a deadline moved over: a named holiday, or a weekend.</summary>
public sealed record SkippedDay(DateOnly Day, Bilingual? Holiday);
