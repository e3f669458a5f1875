using System.Globalization;
using System.Text;
using Registry.Domain.Calendars;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.PortabilityRequests;

/// <summary>The walk to a deadline in words that a union organiser reads: event, period, days of standstill, days moved over, extension.</summary>
internal static class DeadlineWords
{
    private static readonly string[] English = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    private static readonly string[] French = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"];

    public static Bilingual Of(RequestClock clock, Hook hook, LineClock line, DateOnly asOf)
    {
        if (clock.First(hook, line, asOf) is not { } first) return new Bilingual($"{hook.Article} sets no time.", $"{hook.Article} ne fixe aucun délai.");
        var (en, fr) = (new StringBuilder(), new StringBuilder());
        en.Append(CultureInfo.InvariantCulture, $"Received on {Day(clock.ReceivedOn)}, a day that is not counted. {Length(first.Period, false)} from then ends on {Day(first.Unrolled.AddDays(-first.Paused))}.");
        fr.Append(CultureInfo.InvariantCulture, $"Reçue le {Day(clock.ReceivedOn)}, jour qui ne compte pas. Le délai de {Length(first.Period, true)} expire le {Day(first.Unrolled.AddDays(-first.Paused))}.");
        if (first.Paused > 0 || line.AskedOn is not null) Standstill(en, fr, first, clock.Stands(hook, line), line.AskedOn!.Value, asOf);
        Moved(en, fr, first);
        en.Append(CultureInfo.InvariantCulture, $" Last day: {Weekday(English, first.Due)} {Day(first.Due)}.");
        fr.Append(CultureInfo.InvariantCulture, $" Dernier jour : {Weekday(French, first.Due)} {Day(first.Due)}.");
        if (line.ExtendedOn is { } noticed) Extended(en, fr, hook, clock.Extended(hook, line, asOf), noticed);
        return new Bilingual(en.ToString(), fr.ToString());
    }

    private static void Standstill(StringBuilder en, StringBuilder fr, Deadline first, bool stands, DateOnly asked, DateOnly asOf)
    {
        if (!stands && first.Paused == 0)
        {
            en.Append(CultureInfo.InvariantCulture, $" The doubt of {Day(asked)} added no day.");
            fr.Append(CultureInfo.InvariantCulture, $" Le doute du {Day(asked)} n'ajoute aucun jour.");
            return;
        }
        en.Append(CultureInfo.InvariantCulture, $" Since the doubt of {Day(asked)} the clock stood for {Days(first.Paused, false)}{(stands ? $" by {Day(asOf)} and stands still" : "")}; added: {Day(first.Unrolled)}.");
        fr.Append(CultureInfo.InvariantCulture, $" Depuis le doute du {Day(asked)}, le délai a été suspendu {Days(first.Paused, true)}{(stands ? $" au {Day(asOf)} et l'est encore" : "")} ; ajoutés : {Day(first.Unrolled)}.");
    }

    private static void Moved(StringBuilder en, StringBuilder fr, Deadline deadline)
    {
        foreach (var (day, holiday) in deadline.Skipped)
        {
            en.Append(CultureInfo.InvariantCulture, $" {Day(day)} is {holiday?.En ?? "a " + Weekday(English, day)}: moved on.");
            fr.Append(CultureInfo.InvariantCulture, $" Le {Day(day)} est {(holiday is null ? "un " + Weekday(French, day) : $"férié ({holiday.Fr})")} : report.");
        }
    }

    private static void Extended(StringBuilder en, StringBuilder fr, Hook hook, Deadline? extended, DateOnly noticed)
    {
        if (hook.Longest is null)
        {
            en.Append(CultureInfo.InvariantCulture, $" {hook.Article} knows no extension.");
            fr.Append(CultureInfo.InvariantCulture, $" {hook.Article} ne connaît pas de prolongation.");
            return;
        }
        if (extended is null)
        {
            en.Append(CultureInfo.InvariantCulture, $" The notice of {Day(noticed)} came after that day: it extends nothing.");
            fr.Append(CultureInfo.InvariantCulture, $" L'avis du {Day(noticed)} est postérieur : il ne prolonge rien.");
            return;
        }
        en.Append(CultureInfo.InvariantCulture, $" Extended by notice of {Day(noticed)}: {Length(extended.Period, false)} from receipt, {Day(extended.Unrolled)}.");
        fr.Append(CultureInfo.InvariantCulture, $" Prolongé par avis du {Day(noticed)} : {Length(extended.Period, true)} à compter de la réception, soit le {Day(extended.Unrolled)}.");
        Moved(en, fr, extended);
        en.Append(CultureInfo.InvariantCulture, $" Last day: {Weekday(English, extended.Due)} {Day(extended.Due)}.");
        fr.Append(CultureInfo.InvariantCulture, $" Dernier jour : {Weekday(French, extended.Due)} {Day(extended.Due)}.");
    }

    private static string Length(Period period, bool french) =>
        period.Months > 0 ? $"{period.Months} {(french ? "mois" : period.Months == 1 ? "month" : "months")}" : Days(period.Days, french);

    private static string Days(int days, bool french) => $"{days} {(french ? days < 2 ? "jour" : "jours" : days == 1 ? "day" : "days")}";

    private static string Day(DateOnly day) => LegalDates.Text(day);

    private static string Weekday(string[] words, DateOnly day) => words[(int)day.DayOfWeek];
}
