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

    /// <summary>The calendar is that of the state where the act is due: one month from receipt, elsewhere than in France.</summary>
    [Theory]
    [InlineData("NL", null, "2027-03-27", "2027-04-28")] // King's day
    [InlineData("NL", null, "2027-04-05", "2027-05-07")] // Liberation day on a Wednesday, Ascension on the Thursday
    [InlineData("DE", "DE-SN", "2026-10-18", "2026-11-19")] // Buß- und Bettag in Saxony
    [InlineData("DE", null, "2026-10-18", "2026-11-18")]
    [InlineData("ES", null, "2026-11-08", "2026-12-09")] // the 8th of December
    [InlineData("IT", null, "2027-09-04", "2027-10-05")] // Saint Francis, new in 2026
    [InlineData("LU", null, "2028-05-23", "2028-06-26")] // National day on a Friday, then a weekend
    [InlineData("IE", null, "2026-07-03", "2026-08-04")] // the first Monday of August
    [InlineData("BE", null, "2026-06-21", "2026-07-22")]
    [InlineData("PT", null, "2026-11-25", "2026-12-25")] // no file: weekends only
    public void Regulation_1182_71_3_4_rolls_over_the_holidays_of_the_place_where_it_is_due(string country, string? subdivision, string received, string due) =>
        Assert.Equal(Day(due), Deadline.Procedural(Day(received), Period.Parse("P1M")!, Law.Calendars.At(country, subdivision)).Due);

    /// <summary>Extended: three months from receipt, never from a date that was rolled.</summary>
    [Theory]
    [InlineData("2027-01-31", "2027-04-30", "2027-04-30")] // from the rolled 1 March it would be 3 May
    [InlineData("2026-11-25", "2027-02-25", "2027-02-25")]
    [InlineData("2026-11-30", "2027-02-28", "2027-03-01")]
    [InlineData("2027-11-29", "2028-02-29", "2028-02-29")]
    [InlineData("2027-10-01", "2028-01-01", "2028-01-03")]
    public void GDPR_12_3_an_extension_counts_three_months_from_receipt(string received, string unrolled, string due)
    {
        var deadline = Deadline.Procedural(Day(received), Period.Parse("P3M")!, Law.Calendars.At("FR"));
        Assert.Equal((Day(unrolled), Day(due)), (deadline.Unrolled, deadline.Due));
    }

    /// <summary>Days for which the clock stood are added before the roll, and never after it.</summary>
    [Theory]
    [InlineData("2026-11-25", 0, "2026-12-28")]
    [InlineData("2026-11-25", 1, "2026-12-28")] // the 26th is a Saturday
    [InlineData("2026-11-25", 3, "2026-12-28")]
    [InlineData("2026-11-25", 4, "2026-12-29")] // from the rolled date it would be 1 January
    [InlineData("2026-11-25", 7, "2027-01-04")]
    public void A_standstill_lengthens_the_unrolled_date(string received, int paused, string due) =>
        Assert.Equal(Day(due), Deadline.Of(Day(received), Period.Parse("P1M")!, paused, Roll.WorkingDay, Law.Calendars.At("FR")).Due);

    /// <summary>National periods in days, each with its own roll: the event's day is not counted (CPC 641; C.c. 2963).</summary>
    [Theory]
    [InlineData("IT", "P30D", Roll.NotSundayOrHoliday, "2026-11-26", "2026-12-28")] // the 26th is Saint Stephen's, the 27th a Sunday
    [InlineData("IT", "P30D", Roll.NotSundayOrHoliday, "2026-11-05", "2026-12-05")] // a Saturday is as good as any day
    [InlineData("IT", "P30D", Roll.WorkingDay, "2026-11-05", "2026-12-07")]
    [InlineData("FR", "P15D", Roll.WorkingDay, "2026-12-17", "2027-01-04")]
    [InlineData("FR", "P15D", Roll.None, "2026-12-17", "2027-01-01")]
    public void National_periods_in_days_roll_as_their_law_says(string country, string period, Roll roll, string received, string due) =>
        Assert.Equal(Day(due), Deadline.Of(Day(received), Period.Parse(period)!, 0, roll, Law.Calendars.At(country)).Due);

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
