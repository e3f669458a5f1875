using FsCheck;
using FsCheck.Fluent;
using Registry.Domain.Calendars;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Calendars;

public sealed class Deadlines
{
    /// <summary>GDPR Art. 12(3) with Regulation 1182/71 Art. 3; the dates were checked by hand and in another program.</summary>
    [Theory]
    [InlineData("2026-11-25", null, "2026-12-25", "2026-12-28")] // Christmas, then a weekend
    [InlineData("2027-01-31", null, "2027-02-28", "2027-03-01")] // no 31 February; the 28th is a Sunday
    [InlineData("2027-02-26", null, "2027-03-26", "2027-03-26")]
    [InlineData("2027-02-26", "FR-67", "2027-03-26", "2027-03-30")] // Good Friday in Alsace-Moselle, weekend, Easter Monday
    [InlineData("2026-12-09", null, "2027-01-09", "2027-01-11")]
    [InlineData("2027-04-14", null, "2027-05-14", "2027-05-14")]
    [InlineData("2027-04-01", null, "2027-05-01", "2027-05-03")] // Labour Day on a Saturday
    [InlineData("2028-01-29", null, "2028-02-29", "2028-02-29")] // a leap year has the day
    public void GDPR_12_3_a_month_ends_on_the_same_date_number_and_rolls(string received, string? subdivision, string unrolled, string due)
    {
        var deadline = Deadline.Procedural(Day(received), Period.Parse("P1M")!, Law.Calendars.At("FR", subdivision));
        Assert.Equal(Day(unrolled), deadline.Unrolled);
        Assert.Equal(Day(due), deadline.Due);
        Assert.Equal(deadline.Due.DayNumber - deadline.Unrolled.DayNumber, deadline.Skipped.Count);
        Assert.False(deadline.IsOverdue(deadline.Due));
        Assert.True(deadline.IsOverdue(deadline.Due.AddDays(1)));
    }

    [Fact]
    public void C_171_03_Toeters_a_week_from_Monday_ends_on_Monday() =>
        Assert.Equal(Day("2026-11-30"), Deadline.Procedural(Day("2026-11-23"), Period.Parse("P1W")!, Law.Calendars.At("FR")).Due);

    [Fact]
    public void CT_L2231_8_fifteen_days_from_a_notification_roll_over_New_Year() =>
        Assert.Equal(Day("2027-01-04"), Deadline.Procedural(Day("2026-12-17"), Period.Parse("P15D")!, Law.Calendars.At("FR")).Due);

    [Fact]
    public void The_walk_is_told_holiday_by_holiday()
    {
        var skipped = Deadline.Procedural(Day("2026-11-25"), Period.Parse("P1M")!, Law.Calendars.At("FR")).Skipped;
        Assert.Equal(["Noël", null, null], skipped.Select(s => s.Holiday?.Fr));
    }

    [Theory]
    [InlineData(2024, "2024-03-31")]
    [InlineData(2026, "2026-04-05")]
    [InlineData(2027, "2027-03-28")]
    [InlineData(2030, "2030-04-21")]
    [InlineData(2038, "2038-04-25")]
    public void Easter_is_where_the_tables_say(int year, string day) => Assert.Equal(Day(day), HolidayCalendar.EasterSunday(year));

    /// <summary>CT L3133-1: the eleven public holidays of 2027, as published.</summary>
    [Fact]
    public void CT_L3133_1_France_keeps_eleven_holidays()
    {
        var calendar = Law.Calendars.At("FR");
        var kept = Enumerable.Range(0, 365).Select(Day("2027-01-01").AddDays).Where(d => calendar.Holiday(d) is not null);
        Assert.Equal(
            ["2027-01-01", "2027-03-29", "2027-05-01", "2027-05-06", "2027-05-08", "2027-05-17", "2027-07-14", "2027-08-15", "2027-11-01", "2027-11-11", "2027-12-25"],
            kept.Select(d => d.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_deadline_is_a_working_day_and_never_before_its_period() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>().Generator.Select(n => Day("2000-01-01").AddDays(Math.Abs(n % 36_500))).ToArbitrary(),
        received =>
        {
            var calendar = Law.Calendars.At("FR", "FR-67");
            var deadline = Deadline.Procedural(received, Period.Parse("P1M")!, calendar);
            return calendar.IsWorkingDay(deadline.Due) && deadline.Due >= deadline.Unrolled && deadline.Due.DayNumber - deadline.Unrolled.DayNumber <= 5;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("P90D", 0, 90)]
    [InlineData("P1Y2M3W4D", 14, 25)]
    [InlineData("P12M", 12, 0)]
    public void A_period_is_read_as_ISO_8601(string text, int months, int days) => Assert.Equal((months, days), (Period.Parse(text)!.Months, Period.Parse(text)!.Days));

    [Theory]
    [InlineData("P")]
    [InlineData("P0D")]
    [InlineData("1M")]
    [InlineData("P1.5M")]
    [InlineData("PT1H")]
    [InlineData("-P1M")]
    [InlineData("P99999M")]
    [InlineData("P999Y")]
    [InlineData("as long as necessary")]
    public void What_is_no_whole_period_is_refused(string text) => Assert.Null(Period.Parse(text));
}
