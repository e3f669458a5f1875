using System.Globalization;
using System.Text.RegularExpressions;

namespace Registry.Domain.Calendars;

/// <summary>An ISO 8601 duration in whole years, months, weeks and days; answered as it was written.</summary>
public sealed partial record Period(string Text, int Months, int Days)
{
    /// <summary>Beyond this no term of the law nor of an agreement goes, and no arithmetic overflows.</summary>
    private const int LongestDays = 200 * 366;

    public static Period? Parse(string text)
    {
        var match = Iso().Match(text);
        if (!match.Success) return null;
        int Part(string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        var period = new Period(text, Part("y") * 12 + Part("m"), Part("w") * 7 + Part("d"));
        return period.Months * 31 + period.Days is > 0 and <= LongestDays ? period : null;
    }

    /// <summary>Same date number, or the last day of a shorter month (Regulation 1182/71 Art. 3(2)(c)); then the days.</summary>
    public DateOnly After(DateOnly day) => day.AddMonths(Months).AddDays(Days);

    public override string ToString() => Text;

    [GeneratedRegex(@"^P(?=\d)(?:(?<y>\d{1,3})Y)?(?:(?<m>\d{1,4})M)?(?:(?<w>\d{1,4})W)?(?:(?<d>\d{1,5})D)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Iso();
}
