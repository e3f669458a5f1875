using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Registry.Api.Http;
using Registry.Application;
using Registry.Application.Agreements;
using Registry.Application.Mandates;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Api.Mandates;

/// <summary>
/// Rows of a table as unions have it: UTF-8 with or without a mark, `;` or `,` or a tab between the fields (RFC 4180 quotes), a header in English or French,
/// dates as 2026-11-25 or 25/11/2026. One row is one mandate with one object. What a row cannot say is a problem of that row.
/// </summary>
internal sealed class CsvRows
{
    private const int LongestLine = 256 << 10, LongestField = 10_000, LongestHeader = 10_000;

    /// <summary>Columns by the names under which they are known.</summary>
    private static readonly Dictionary<string, string> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["memberReference"] = "memberReference", ["reference"] = "memberReference", ["numero"] = "memberReference", ["numero adherent"] = "memberReference", ["numero d adherent"] = "memberReference", ["n adherent"] = "memberReference", ["matricule"] = "memberReference",
        ["name"] = "name", ["nom"] = "name", ["nom et prenom"] = "name", ["firstName"] = "firstName", ["prenom"] = "firstName", ["contact"] = "contact", ["e mail"] = "contact", ["email"] = "contact", ["courriel"] = "contact", ["telephone"] = "contact",
        ["rights"] = "rights", ["droits"] = "rights", ["categories"] = "categories", ["donnees"] = "categories", ["purposes"] = "purposes", ["finalites"] = "purposes",
        ["controllers"] = "controllers", ["plateformes"] = "controllers", ["validFrom"] = "validFrom", ["debut"] = "validFrom", ["date de debut"] = "validFrom", ["validTo"] = "validTo", ["lastDay"] = "lastDay", ["fin"] = "lastDay", ["date de fin"] = "lastDay", ["dernier jour"] = "lastDay",
        ["mayReceiveResponse"] = "mayReceiveResponse", ["reponse au representant"] = "mayReceiveResponse", ["exclusive"] = "exclusive", ["exclusif"] = "exclusive",
        ["language"] = "language", ["langue"] = "language", ["textVersion"] = "textVersion", ["texte"] = "textVersion", ["born"] = "born", ["naissance"] = "born", ["date de naissance"] = "born",
        ["method"] = "method", ["preuve"] = "method", ["capturedOn"] = "capturedOn", ["signature"] = "capturedOn", ["date de signature"] = "capturedOn", ["documentHash"] = "documentHash", ["empreinte"] = "documentHash",
        ["guardianSignedOn"] = "guardianSignedOn", ["guardianDocumentHash"] = "guardianDocumentHash",
    };

    private static readonly string[] Delimiters = [";", ",", "\t"];

    private static readonly string[] Needed = ["memberReference", "rights", "categories", "purposes", "controllers", "validFrom", "method", "capturedOn", "documentHash"];

    private readonly TextReader text;
    private readonly string delimiter;
    private readonly string[] columns;
    private readonly int headerLines;

    private readonly bool french;

    private CsvRows(TextReader text, string delimiter, string[] columns, int headerLines, bool french) => (this.text, this.delimiter, this.columns, this.headerLines, this.french) = (text, delimiter, columns, headerLines, french);

    /// <summary>Reads the header; a table whose header is not understood is refused as a whole.</summary>
    public static async Task<(CsvRows? Rows, Refusal? Refused)> Open(Stream body, string? charset, CancellationToken ct)
    {
        try
        {
            return await Read(body, charset, ct);
        }
        catch (BoundedLines.TooLongException)
        {
            return (null, new Refusal("row-too-long", RefusalKind.Invalid, ""));
        }
    }

    private static async Task<(CsvRows? Rows, Refusal? Refused)> Read(Stream body, string? charset, CancellationToken ct)
    {
        var text = new StreamReader(new BoundedLines(body, LongestLine), Encoded(charset), detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16, leaveOpen: true);
        var (header, lines) = ("", 0);
        while (header.Trim().Length == 0)
        {
            if (await text.ReadLineAsync(ct) is not { } line) return (null, new Refusal("empty-body", RefusalKind.Invalid, ""));
            if (line.Length > LongestHeader) return (null, new Refusal("row-too-long", RefusalKind.Invalid, ""));
            if (line.Contains('\uFFFD', StringComparison.Ordinal)) return (null, new Refusal("csv-not-utf-8", RefusalKind.Invalid, ""));
            (header, lines) = (line.TrimStart('\uFEFF'), lines + 1);
        }
        var delimiter = Delimiters.MaxBy(d => header.Split(d).Length)!;
        using var parser = new CsvParser(new StringReader(header), Configuration(delimiter, []));
        await parser.ReadAsync();
        var columns = new List<string>();
        var french = false;
        foreach (var name in parser.Record!)
        {
            if (name.Length == 0)
            {
                columns.Add(""); // a column that was formatted and never filled
                continue;
            }
            french |= SearchWords.In(name).Any(word => word is "droits" or "donnees" or "finalites" or "empreinte");
            if (Known(name) is not { } known) return (null, new Refusal("unknown-column", RefusalKind.Invalid, "", name));
            if (columns.Contains(known)) return (null, new Refusal("duplicate-column", RefusalKind.Invalid, "", name));
            columns.Add(known);
        }
        if (Needed.FirstOrDefault(needed => !columns.Contains(needed)) is { } missing) return (null, new Refusal("missing-column", RefusalKind.Invalid, "", missing));
        if (columns.Contains("validTo") && columns.Contains("lastDay")) return (null, new Refusal("both-ends", RefusalKind.Invalid, ""));
        if (!columns.Contains("validTo") && !columns.Contains("lastDay")) return (null, new Refusal("missing-column", RefusalKind.Invalid, "", "validTo"));
        return (new CsvRows(text, delimiter, [.. columns], lines, french), null);
    }

    public async IAsyncEnumerable<ImportRow> Read([EnumeratorCancellation] CancellationToken ct)
    {
        var bad = new HashSet<int>();
        using var parser = new CsvParser(text, Configuration(delimiter, bad));
        for (var line = headerLines + 1; ; line = headerLines + parser.RawRow + 1)
        {
            ct.ThrowIfCancellationRequested();
            var refused = (Refusal?)null;
            try
            {
                if (!await parser.ReadAsync()) yield break;
            }
            catch (Exception error) when (error is CsvHelperException or BoundedLines.TooLongException)
            {
                refused = new Refusal("malformed-row", RefusalKind.Invalid, "");
            }
            if (refused is null && parser.Record!.All(string.IsNullOrWhiteSpace)) continue;
            yield return refused is null && bad.Remove(parser.RawRow) ? new ImportRow(line, null, new Refusal("malformed-row", RefusalKind.Invalid, "")) : refused is null ? Row(line, parser.Record!) : new ImportRow(line, null, refused);
            if (refused is not null) yield break; // what follows a field without end cannot be told apart
        }
    }

    /// <summary>As the sender names it; UTF-8 where it names none.</summary>
    private static Encoding Encoded(string? charset) => charset?.ToLowerInvariant() switch
    {
        "windows-1252" or "cp1252" or "iso-8859-1" or "latin1" => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
        _ => new UTF8Encoding(false, throwOnInvalidBytes: false),
    };

    private static CsvConfiguration Configuration(string delimiter, HashSet<int> bad) => new(CultureInfo.InvariantCulture)
    {
        Delimiter = delimiter, HasHeaderRecord = false, Mode = CsvMode.RFC4180, TrimOptions = TrimOptions.Trim, IgnoreBlankLines = false, MaxFieldSize = LongestField,
        BadDataFound = found => bad.Add(found.Context.Parser!.RawRow),
    };

    /// <summary>`Numéro adhérent` is `numero adherent`; an account is a column of its platform, `account:ID`.</summary>
    private static string? Known(string name)
    {
        if (Columns.TryGetValue(string.Join(' ', SearchWords.In(name)), out var known)) return known;
        var plain = name.Trim();
        var account = plain.StartsWith("account:", StringComparison.OrdinalIgnoreCase) ? plain["account:".Length..] : plain.StartsWith("compte:", StringComparison.OrdinalIgnoreCase) ? plain["compte:".Length..] : null;
        return Guid.TryParse(account, out var platform) ? $"account:{platform}" : null;
    }

    private ImportRow Row(int line, string[] fields)
    {
        if (fields.Any(f => f.Contains('\uFFFD', StringComparison.Ordinal) || f.Contains('\0', StringComparison.Ordinal))) return Bad(line, "invalid-text", "");
        if (fields.Length > columns.Length || fields.Length * 2 < columns.Length) return Bad(line, "wrong-number-of-fields", ""); // a table that leaves out empty cells at the end is understood
        if (columns.Zip(fields).Any(c => c.First.Length == 0 && c.Second.Length > 0)) return Bad(line, "wrong-number-of-fields", "");
        var cells = columns.Zip(fields).Where(c => c.First.Length > 0 && c.Second.Length > 0).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);
        var reading = new Reading(cells, french);
        var mandate = reading.Mandate();
        return reading.Refused is { } refused ? new ImportRow(line, null, refused) : new ImportRow(line, mandate, null);
    }

    private static ImportRow Bad(int line, string code, string pointer) => new(line, null, new Refusal(code, RefusalKind.Invalid, pointer));

    /// <summary>One row's cells; the first that is not understood is told, with its column.</summary>
    private sealed class Reading(Dictionary<string, string> cells, bool french)
    {
        public Refusal? Refused { get; private set; }

        public MandateAsked? Mandate()
        {
            var from = Day("validFrom");
            var to = Day("validTo") ?? Day("lastDay")?.AddDays(1);
            var scope = new ScopeAsked(Rights(), Words("categories"), Words("purposes"), Ids("controllers"));
            var (method, capturedOn) = (Word<EvidenceMethod>("method", French), Day("capturedOn"));
            var guardian = Day("guardianSignedOn") is { } signed ? new GuardianConsent(signed, Text("guardianDocumentHash") ?? Missing("guardianDocumentHash")) : null;
            var accounts = cells.Where(c => c.Key.StartsWith("account:", StringComparison.Ordinal)).Select(c => new AccountAsked(Guid.Parse(c.Key["account:".Length..]), c.Value)).ToList();
            var hash = (Text("documentHash") ?? Missing("documentHash")).ToLowerInvariant();
            foreach (var number in cells.Where(c => (c.Key == "memberReference" || c.Key.StartsWith("account:", StringComparison.Ordinal)) && IsRounded(c.Value))) Refuse("number-as-text", number.Key);
            foreach (var needed in Needed.Where(needed => !cells.ContainsKey(needed))) Missing(needed);
            return Refused is not null ? null : new MandateAsked(
                [scope], new Validity(from!.Value, to), null, Flag("mayReceiveResponse"), Flag("exclusive"), null, Text("language") ?? (french ? "fr" : null), Text("textVersion"), Day("born"), guardian,
                new MandateEvidence(method!.Value, capturedOn!.Value, hash), Text("memberReference"), Text("firstName") is { } first ? $"{first} {Text("name")}".Trim() : Text("name"), Text("contact"), accounts.Count == 0 ? null : accounts);
        }

        private static readonly Dictionary<string, EvidenceMethod> French = new(StringComparer.OrdinalIgnoreCase)
        {
            ["papier"] = EvidenceMethod.Paper, ["guichet"] = EvidenceMethod.Desk, ["en ligne"] = EvidenceMethod.Online,
        };

        private static readonly Dictionary<string, MandateRight> FrenchRights = new(StringComparer.OrdinalIgnoreCase)
        {
            ["acces"] = MandateRight.Access, ["accès"] = MandateRight.Access, ["portabilite"] = MandateRight.Portability, ["portabilité"] = MandateRight.Portability,
            ["reclamation"] = MandateRight.Complain, ["réclamation"] = MandateRight.Complain, ["reparation"] = MandateRight.ClaimDamages, ["réparation"] = MandateRight.ClaimDamages,
        };

        /// <summary>A spreadsheet's <c>1,23E+11</c>: the number that was meant is lost.</summary>
        private static bool IsRounded(string text) => text.IndexOf("E+", StringComparison.OrdinalIgnoreCase) is > 0 and var at && text[..at].All(c => char.IsAsciiDigit(c) || c is ',' or '.') && text[(at + 2)..].All(char.IsAsciiDigit);

        private List<MandateRight> Rights() => [.. Words("rights").Select(word => FrenchRights.TryGetValue(word, out var known) ? known : Enumeration<MandateRight>(word, "rights")).OfType<MandateRight>()];

        private string? Text(string column) => cells.GetValueOrDefault(column);

        private DateOnly? Day(string column)
        {
            if (Text(column) is not { } text) return null;
            if (LegalDates.Parse(text) is { } iso) return iso;
            if (DateOnly.TryParseExact(text, ["d/M/yyyy", "dd/MM/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && LegalDates.Holds(day)) return day;
            Refuse("invalid-date", column);
            return null;
        }

        private bool? Flag(string column) => Text(column)?.ToLowerInvariant() switch
        {
            null => null,
            "true" or "yes" or "oui" or "1" => true,
            "false" or "no" or "non" or "0" => false,
            _ => Refuse<bool>("invalid-value", column),
        };

        private string[] Words(string column) => Text(column)?.Split(['|', ' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

        private TWord? Word<TWord>(string column, Dictionary<string, TWord> also) where TWord : struct, Enum =>
            Text(column) is not { } text ? null : also.TryGetValue(text, out var known) ? known : Enumeration<TWord>(text, column);

        private TWord? Enumeration<TWord>(string word, string column) where TWord : struct, Enum
        {
            foreach (var value in Enum.GetValues<TWord>())
            {
                if (RegistryJson.Word(value).Equals(word, StringComparison.OrdinalIgnoreCase)) return value;
            }
            return Refuse<TWord>("invalid-value", column);
        }

        private List<Guid> Ids(string column) => [.. Words(column).Select(word => Guid.TryParse(word, out var id) ? id : Refuse<Guid>("invalid-value", column)).OfType<Guid>()];

        private string Missing(string column)
        {
            Refuse("missing-field", column);
            return "";
        }

        private T? Refuse<T>(string code, string column) where T : struct
        {
            Refuse(code, column);
            return null;
        }

        private void Refuse(string code, string column) => Refused ??= new Refusal(code, RefusalKind.Invalid, "/" + column);
    }
}
