using System.Globalization;

namespace Registry.Application;

/// <summary>Dates and instants as they come in: <c>YYYY-MM-DD</c> from 1900 to 2200, so that no period counted from one overflows.</summary>
public static class LegalDates
{
    private static readonly DateOnly First = new(1900, 1, 1);
    private static readonly DateOnly Last = new(2200, 12, 31);

    public static bool Holds(DateOnly day) => day >= First && day <= Last;

    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateOnly? Parse(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && Holds(day) ? day : null;

    /// <summary>An instant as RFC 3339 writes it in UTC, with <c>Z</c>.</summary>
    public static DateTimeOffset? ParseInstant(string? text) =>
        text?.EndsWith('Z') == true && text.Contains('T', StringComparison.Ordinal)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && Holds(DateOnly.FromDateTime(at.UtcDateTime)) ? at : null;
}
