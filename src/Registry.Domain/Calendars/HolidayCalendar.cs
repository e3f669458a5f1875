using Registry.Domain.Vocabularies;

namespace Registry.Domain.Calendars;

/// <summary>A public holiday, in the years in which the law has it: from <paramref name="From"/> on, and no longer in <paramref name="To"/>.</summary>
public abstract record Holiday(Bilingual Name, string Source, int? From, int? To)
{
    /// <summary>The day on which it falls, or null in a year that does not have it.</summary>
    public DateOnly? In(int year) => year < From || year >= To ? null : DayIn(year);

    protected abstract DateOnly DayIn(int year);
}

/// <summary>Kept so many days later, or earlier, where its day is that weekday.</summary>
public sealed record HolidayMove(DayOfWeek When, int By);

/// <summary>On a fixed day of the year.</summary>
public sealed record FixedHoliday(int Month, int Day, Bilingual Name, string Source, int? From = null, int? To = null, IReadOnlyList<HolidayMove>? Moves = null)
    : Holiday(Name, Source, From, To)
{
    protected override DateOnly DayIn(int year)
    {
        var day = new DateOnly(year, Month, Day);
        return day.AddDays(Moves?.FirstOrDefault(move => move.When == day.DayOfWeek)?.By ?? 0);
    }
}

/// <summary>So many days after Easter Sunday.</summary>
public sealed record EasterHoliday(int Offset, Bilingual Name, string Source, int? From = null, int? To = null) : Holiday(Name, Source, From, To)
{
    protected override DateOnly DayIn(int year) => HolidayCalendar.EasterSunday(year).AddDays(Offset);
}

public enum Towards
{
    OnOrAfter,
    OnOrBefore,
}

/// <summary>The nearest such weekday on one side of a day, such as the first Monday of May.</summary>
public sealed record WeekdayHoliday(int Month, int Day, DayOfWeek Weekday, Towards Direction, Bilingual Name, string Source, int? From = null, int? To = null)
    : Holiday(Name, Source, From, To)
{
    protected override DateOnly DayIn(int year)
    {
        var day = new DateOnly(year, Month, Day);
        while (day.DayOfWeek != Weekday) day = day.AddDays(Direction == Towards.OnOrAfter ? 1 : -1);
        return day;
    }
}

/// <summary>A part of a country that keeps more holidays than the rest.</summary>
public sealed record RegionalHolidays(
    string Name, IReadOnlyList<string> Subdivisions, IReadOnlyList<FixedHoliday> Fixed, IReadOnlyList<EasterHoliday> Easter, IReadOnlyList<WeekdayHoliday> Weekday, string Source)
{
    internal IEnumerable<Holiday> All => [.. Fixed, .. Easter, .. Weekday];
}

/// <summary>A country's public holidays as data (holidays/*.json).</summary>
public sealed record HolidayFile(
    string Country, string TimeZone, string Source, bool Confirmed,
    IReadOnlyList<FixedHoliday> Fixed, IReadOnlyList<EasterHoliday> Easter, IReadOnlyList<WeekdayHoliday> Weekday, IReadOnlyList<RegionalHolidays> Regions)
{
    internal IEnumerable<Holiday> All => [.. Fixed, .. Easter, .. Weekday];
}

/// <summary>Which days are no working days at one place (Regulation 1182/71 Art. 2: the calendar of the state where the act is due).</summary>
public sealed class HolidayCalendar
{
    private readonly RegionalHolidays? region;
    private readonly HolidayFile file;
    private readonly IReadOnlyList<Holiday> holidays;

    public HolidayCalendar(HolidayFile file, string? subdivision)
    {
        this.file = file;
        region = file.Regions.FirstOrDefault(r => subdivision is not null && r.Subdivisions.Contains(subdivision));
        holidays = [.. file.All, .. region?.All ?? []];
    }

    /// <summary>The country, or the country with the region whose holidays were added.</summary>
    public string Name => region is null ? file.Country : $"{file.Country} ({region.Name})";

    public bool Confirmed => file.Confirmed;

    /// <summary>The law that lists its holidays.</summary>
    public string Source => region is null ? file.Source : $"{file.Source}; {region.Source}";

    public bool IsWorkingDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && Holiday(day) is null;

    /// <summary>A holiday may be moved over the turn of a year.</summary>
    public Bilingual? Holiday(DateOnly day) => holidays.FirstOrDefault(h => h.In(day.Year) == day || h.In(day.Year + 1) == day || h.In(day.Year - 1) == day)?.Name;

    /// <summary>Gregorian Easter by the algorithm of Meeus, Jones and Butcher (Nature, 20 April 1876).</summary>
    public static DateOnly EasterSunday(int year)
    {
        var (a, b, c) = (year % 19, year / 100, year % 100);
        var (d, e) = (b / 4, b % 4);
        var g = (b - (b + 8) / 25 + 1) / 3;
        var h = (19 * a + b - d - g + 15) % 30;
        var (i, k) = (c / 4, c % 4);
        var l = (32 + 2 * e + 2 * i - h - k) % 7;
        var m = (a + 11 * h + 22 * l) / 451;
        var n = h + l - 7 * m + 114;
        return new DateOnly(year, n / 31, n % 31 + 1);
    }
}
