using Registry.Domain.Vocabularies;

namespace Registry.Domain.Calendars;

/// <summary>A last day, with the walk that led to it: counted from the event, then moved off days that are not worked.</summary>
public sealed record Deadline(DateOnly Event, Period Period, DateOnly Unrolled, DateOnly Due, IReadOnlyList<SkippedDay> Skipped, string Calendar)
{
    /// <summary>
    /// The event's day is excluded, the period ends on the same date number or the last day of a shorter month, and
    /// a Saturday, Sunday or holiday moves it to the next working day (Regulation 1182/71 Art. 3; C-171/03 Toeters).
    /// </summary>
    public static Deadline Procedural(DateOnly happened, Period period, HolidayCalendar calendar)
    {
        var unrolled = period.After(happened);
        var due = unrolled;
        var skipped = new List<SkippedDay>();
        while (!calendar.IsWorkingDay(due))
        {
            skipped.Add(new SkippedDay(due, calendar.Holiday(due)));
            due = due.AddDays(1);
        }
        return new Deadline(happened, period, unrolled, due, skipped, calendar.Name);
    }

    public bool IsOverdue(DateOnly asOf) => asOf > Due;
}

/// <summary>A day that a deadline moved over: a named holiday, or a weekend.</summary>
public sealed record SkippedDay(DateOnly Day, Bilingual? Holiday);
