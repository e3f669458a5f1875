using System.Globalization;
using System.Text.Json;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Calendars;

/// <summary>Regulation 1182/71 Art. 2(1): the holidays of each state, held against lists that others publish for 2026 to 2030.</summary>
public sealed class PublishedHolidays
{
    private sealed record Published(string Country, string? Subdivision, int Year, string Source, IReadOnlyList<DateOnly> Days);

    private static readonly Published[] Lists = JsonSerializer.Deserialize<Published[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Calendars", "published-holidays.json")), JsonSerializerOptions.Web)!;

    public static IEnumerable<object?[]> Every => Lists.Select(l => new object?[] { l.Country, l.Subdivision, l.Year });

    [Theory, MemberData(nameof(Every))]
    public void Regulation_1182_71_2_1_a_year_has_the_days_that_were_published(string country, string? subdivision, int year)
    {
        var published = Lists.Single(l => (l.Country, l.Subdivision, l.Year) == (country, subdivision, year)).Days.Order().Distinct();
        var calendar = Law.Calendars.At(country, subdivision);
        var first = new DateOnly(year, 1, 1);
        var kept = Enumerable.Range(0, new DateOnly(year, 12, 31).DayOfYear).Select(first.AddDays).Where(day => calendar.Holiday(day) is not null);
        Assert.Equal(string.Join(' ', published.Select(Text)), string.Join(' ', kept.Select(Text)));
    }

    [Fact]
    public void Eight_states_are_listed_for_five_years() =>
        Assert.Equal(["BE", "DE", "ES", "FR", "IE", "IT", "LU", "NL"], Lists.Where(l => l.Subdivision is null && l.Year is >= 2026 and <= 2030).GroupBy(l => l.Country).Where(g => g.Count() == 5).Select(g => g.Key).Order());

    [Theory]
    [InlineData("IE", "2030-02-01")] // Saint Brigid on a Friday stays where it is
    [InlineData("IE", "2027-02-01")] // a Monday
    [InlineData("IE", "2026-02-02")] // the first Monday
    [InlineData("NL", "2031-04-26")] // the King's day is never kept on a Sunday
    [InlineData("IT", "2026-10-04")] // Legge 151/2025: from 2026 on
    [InlineData("EU", "2026-12-28")]
    [InlineData("EU", "2028-05-09")] // Schuman's declaration
    [InlineData("EU", "2027-03-25")] // Maundy Thursday
    [InlineData("EU", "2027-11-02")]
    public void A_movable_or_new_holiday_is_where_the_law_puts_it(string country, string day) => Assert.NotNull(Law.Calendars.At(country).Holiday(Day(day)));

    [Theory]
    [InlineData("IT", "2025-10-04")]
    [InlineData("NL", "2031-04-27")]
    [InlineData("IE", "2030-02-04")]
    [InlineData("IE", "2022-02-07")]
    [InlineData("FR", "2026-12-26")]
    [InlineData("DE", "2026-06-04")] // Corpus Christi is for some Länder
    public void And_nowhere_else(string country, string day) => Assert.Null(Law.Calendars.At(country).Holiday(Day(day)));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
