using Registry.Domain.Vocabularies;

namespace Registry.Domain.Calendars;

/// <summary>A holiday on a fixed day of the year.</summary>
public sealed record FixedHoliday(int Month, int Day, Bilingual Name, string Source);

/// <summary>A holiday so many days after Easter Sunday.</summary>
public sealed record EasterHoliday(int Offset, Bilingual Name, string Source);

/// <summary>A part of a country that keeps more holidays than the rest.</summary>
public sealed record RegionalHolidays(
    string Name, IReadOnlyList<string> Subdivisions, IReadOnlyList<FixedHoliday> Fixed, IReadOnlyList<EasterHoliday> Easter, string Source);

/// <summary>A country's public holidays as data (holidays/*.json).</summary>
public sealed record HolidayFile(
    string Country, string TimeZone, string Source, bool Confirmed,
    IReadOnlyList<FixedHoliday> Fixed, IReadOnlyList<EasterHoliday> Easter, IReadOnlyList<RegionalHolidays> Regions);

/// <summary>Which days are no working days at one place (Regulation 1182/71 Art. 2: the calendar of the state where the act is due).</summary>
public sealed class HolidayCalendar(HolidayFile file, string? subdivision)
{
    private readonly RegionalHolidays? region = file.Regions.FirstOrDefault(r => subdivision is not null && r.Subdivisions.Contains(subdivision));

    /// <summary>The country, or the country with the region whose holidays were added.</summary>
    public string Name => region is null ? file.Country : $"{file.Country} ({region.Name})";

    public bool Confirmed => file.Confirmed;

    public bool IsWorkingDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && Holiday(day) is null;

    public Bilingual? Holiday(DateOnly day)
    {
        var easter = EasterSunday(day.Year);
        return Fixed.FirstOrDefault(h => h.Month == day.Month && h.Day == day.Day)?.Name
            ?? Movable.FirstOrDefault(h => easter.AddDays(h.Offset) == day)?.Name;
    }

    private IEnumerable<FixedHoliday> Fixed => region is null ? file.Fixed : file.Fixed.Concat(region.Fixed);

    private IEnumerable<EasterHoliday> Movable => region is null ? file.Easter : file.Easter.Concat(region.Easter);

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
