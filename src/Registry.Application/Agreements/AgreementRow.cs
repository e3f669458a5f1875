using System.Text;
using System.Text.Json.Serialization;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;

namespace Registry.Application.Agreements;

/// <summary>
/// An agreement as it is kept for reading: its facts, and what a list is searched by, which is written with the row and never
/// read back. What depends on a date is computed when it is read.
/// </summary>
/// <param name="Facts">The fold of its events.</param>
public sealed record AgreementRow(Agreement Facts) : IEvolve<AgreementRow, AgreementEvent>, IIdentified
{
    [JsonIgnore]
    public Guid Id => Facts.Id.Value;

    /// <summary>The words and codes by which it is found.</summary>
    public string Words => SearchWords.Of(Facts);

    /// <summary>The first day on which it can have effect; null before its deposit.</summary>
    public DateOnly? EffectFrom => Facts.Own?.Deposit?.Validity.From ?? Facts.Elsewhere?.Validity?.From;

    /// <summary>The day from which nothing of it has effect; null where none is known.</summary>
    public DateOnly? EffectTo => Facts.OverFrom();

    public static AgreementRow? Evolve(AgreementRow? row, AgreementEvent happened) => new(Agreement.Evolve(row?.Facts, happened)!);
}

/// <summary>
/// Words and codes as one text that PostgreSQL's plain dictionary can index. Letters lose their accents; a code becomes one
/// word behind a letter that says what it is a code of.
/// </summary>
public static class SearchWords
{
    public const char Sector = 's', Territory = 't', Organisation = 'o', Term = 'd', Stage = 'z', Title = 'w';

    private const string Marked = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ";
    private const string Bare = "aaaaaaceeeeiiiinooooouuuuyy";

    public static string Of(Agreement agreement)
    {
        var terms = agreement.Latest ?? agreement.Agreed() ?? (agreement.Texts.Count > 0 ? agreement.Texts[^1] : null);
        var codes = agreement.Scope.Sectors.Select(s => Code(Sector, s))
            .Concat(agreement.Scope.Territories.Select(t => Code(Territory, t)))
            .Concat(agreement.Parties.Select(p => Code(Organisation, p.Organisation.ToString())))
            .Concat((terms is null ? [] : agreement.TermsOf(terms)).SelectMany(t => new[] { Code(Term, t.Category), Code(Term, t.Purpose) }))
            .Append(Code(Stage, Of(agreement, terms)));
        return string.Join(' ', In(agreement.Title).Select(word => Title + word).Concat(codes).Distinct());
    }

    /// <summary>The words of a text, small and without accents: an instance runs without a culture's tables, so that the letters stand here.</summary>
    public static IEnumerable<string> In(string text)
    {
        var word = new StringBuilder();
        foreach (var letter in text.ToLowerInvariant().Append(' '))
        {
            if (Marked.IndexOf(letter) is var at && at >= 0) word.Append(Bare[at]);
            else if (letter is 'œ' or 'æ') word.Append(letter == 'œ' ? "oe" : "ae");
            else if (char.IsLetterOrDigit(letter)) word.Append(letter);
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
    }

    /// <summary>One word for a code; other signs than letters and digits are spelled, so that two codes never become one.</summary>
    public static string Code(char of, string code) => of + string.Concat(code.Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c.ToString() : $"x{(int)c:x2}x"));

    /// <summary>What was done, whatever the day: which of the states can be reached from it is <see cref="StagesOf"/>.</summary>
    private static string Of(Agreement agreement, AgreementText? text) => agreement switch
    {
        { Elsewhere.Validity: null, Elsewhere: not null } => "signed",
        { Elsewhere: not null } or { Latest: not null } => agreement.Ending() is null ? "deposited" : "denounced",
        _ when agreement.Own is { } own => own switch { { IsOpposed: true } => "opposed", { Notified: not null } => "notified", { IsSigned: true } => "signed", { IsAgreed: true } => "consensus", _ => "proposed" },
        _ => text is null ? "draft" : "proposed",
    };

    /// <summary>What must have been done for a state to be read today or on a later day; empty where its dates tell.</summary>
    public static IReadOnlyList<string> StagesOf(AgreementState state) => state switch
    {
        AgreementState.Draft => ["draft"],
        AgreementState.Proposed or AgreementState.CounterProposed => ["proposed"],
        AgreementState.Consensus => ["consensus"],
        AgreementState.Signed => ["signed"],
        AgreementState.Notified or AgreementState.Valid => ["notified"],
        AgreementState.Opposed => ["opposed"],
        AgreementState.Denounced or AgreementState.Notice or AgreementState.Surviving => ["denounced"],
        _ => [],
    };

    /// <summary>Whether its effect must be to come, running or over for a state to be read.</summary>
    public static string EffectOf(AgreementState? state) => state switch
    {
        AgreementState.Deposited => "coming",
        AgreementState.InForce or AgreementState.Denounced or AgreementState.Notice or AgreementState.Surviving => "running",
        AgreementState.Expired or AgreementState.Ended => "over",
        _ => "any",
    };
}
