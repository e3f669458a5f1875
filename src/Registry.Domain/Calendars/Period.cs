namespace Registry.Domain.Calendars;

/// <summary>An ISO 8601 duration in whole years, months, weeks and days; answered as it was written.</summary>
public sealed record Period(string Text, int Months, int Days)
{
    /// <summary>Beyond this no term of the law nor of an agreement goes, and no arithmetic overflows.</summary>
    private const int LongestDays = 200 * 366;

    private const string Units = "YMWD";

    /// <summary>The greatest number of digits that stands before each unit.</summary>
    private static ReadOnlySpan<byte> Digits => [3, 4, 4, 5];

    /// <summary>Null for anything but <c>P</c> and numbers with their units in this order: years, months, weeks, days.</summary>
    public static Period? Parse(string text)
    {
        if (text.Length < 3 || text[0] != 'P') return null;
        var (months, days, next) = (0, 0, 0);
        for (var at = 1; at < text.Length; at++)
        {
            var (number, digits) = (0, 0);
            for (; at < text.Length && char.IsAsciiDigit(text[at]) && digits < 6; at++, digits++) number = number * 10 + (text[at] - '0');
            var unit = at < text.Length ? Units.IndexOf(text[at], next) : -1;
            if (unit < 0 || digits == 0 || digits > Digits[unit]) return null;
            _ = unit switch { 0 => months += number * 12, 1 => months += number, 2 => days += number * 7, _ => days += number };
            next = unit + 1;
        }
        return months * 31 + days is > 0 and <= LongestDays ? new Period(text, months, days) : null;
    }

    /// <summary>Same date number, or the last day of a shorter month (Regulation 1182/71 Art. 3(2)(c)); then the days.</summary>
    public DateOnly After(DateOnly day) => day.AddMonths(Months).AddDays(Days);

    public override string ToString() => Text;
}
