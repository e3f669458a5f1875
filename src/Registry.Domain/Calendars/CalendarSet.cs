namespace Registry.Domain.Calendars;

/// <summary>Every country whose holidays are known. A country without a file has weekends only, and says so.</summary>
public sealed class CalendarSet(IReadOnlyList<HolidayFile> files)
{
    private readonly Dictionary<string, HolidayFile> byCountry = files.ToDictionary(file => file.Country, StringComparer.Ordinal);

    public HolidayCalendar At(string country, string? subdivision = null) =>
        new(byCountry.GetValueOrDefault(country) ?? Unknown(country), subdivision);

    /// <summary>The IANA zone in which a country's days begin and end; Brussels' for a country without a file.</summary>
    public string TimeZone(string country) => byCountry.GetValueOrDefault(country)?.TimeZone ?? "Europe/Brussels";

    private static HolidayFile Unknown(string country) => new(country, "Europe/Brussels", "none", false, [], [], [], []);
}
