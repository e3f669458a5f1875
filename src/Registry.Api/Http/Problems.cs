using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Registry.Application;
using Registry.Domain.Kernel;
using Registry.Domain.Vocabularies;

namespace Registry.Api.Http;

/// <summary>A problem as the catalogue holds it: one entry per code.</summary>
public sealed record ProblemEntry(int Status, Bilingual Title, Bilingual Text, string? Source = null);

/// <summary>One thing that is wrong, and where.</summary>
public sealed record ProblemError(string? Pointer, string Code, string Message);

/// <summary>RFC 9457. <c>type</c> is a page that explains the code; <c>errors</c> holds everything that is wrong at once.</summary>
public sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, string Instance, string Code, string TraceId, IReadOnlyList<ProblemError> Errors);

/// <summary>Titles and texts by code, in English and French; the one mapping from a refusal to HTTP.</summary>
public static class Problems
{
    public const string MediaType = "application/problem+json";

    public static readonly IReadOnlyDictionary<string, ProblemEntry> Catalogue = Read();

    public static IActionResult Result(HttpContext http, Refusal refusal)
    {
        var body = Body(http, refusal);
        return new ContentResult { StatusCode = body.Status, ContentType = MediaType, Content = JsonSerializer.Serialize(body, RegistryJson.Answered) };
    }

    public static Task Write(HttpContext http, string code) => Write(http, new Refusal(code, RefusalKind.Invalid));

    public static async Task Write(HttpContext http, Refusal refusal)
    {
        var body = Body(http, refusal);
        http.Response.StatusCode = body.Status;
        http.Response.ContentType = MediaType;
        http.Response.Headers.CacheControl = "private, no-store";
        await http.Response.WriteAsync(JsonSerializer.Serialize(body, RegistryJson.Answered));
    }

    public static ProblemBody Body(HttpContext http, Refusal refusal)
    {
        var french = Languages.French(http.Request);
        var entry = Catalogue[refusal.Code];
        var errors = new[] { refusal }.Concat(refusal.Also).Select(r => new ProblemError(r.Pointer, r.Code, Sentence(Catalogue[r.Code], french, r.Facts)));
        if (entry.Status is 429 or 503) http.Response.Headers.RetryAfter = "1";
        return new ProblemBody(
            $"/problems/{refusal.Code}", french ? entry.Title.Fr : entry.Title.En, entry.Status, Sentence(entry, french, refusal.Facts), http.Request.Path,
            refusal.Code, Activity.Current?.TraceId.ToHexString() ?? new string('0', 32), [.. errors]);
    }

    /// <summary>The text with its facts and, where a rule of law stands behind it, the rule's source. Without facts the blanks stay open.</summary>
    public static string Sentence(ProblemEntry entry, bool french, params object[] facts)
    {
        var text = string.Format(CultureInfo.InvariantCulture, french ? entry.Text.Fr : entry.Text.En, [.. facts.Select(Fact), .. Enumerable.Repeat("…", 5)]);
        return entry.Source is { } source ? $"{text} ({source})" : text;
    }

    private static object Fact(object fact) => fact switch
    {
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        string text when text.Length > 100 => text[..100] + "…",
        _ => fact,
    };

    private static Dictionary<string, ProblemEntry> Read()
    {
        using var stream = typeof(Problems).Assembly.GetManifestResourceStream("problems.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, ProblemEntry>>(stream, RegistryJson.Answered)!;
    }
}

/// <summary>French where the caller prefers it, else English.</summary>
public static class Languages
{
    public static bool French(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.ToString().Split('-')[0].ToLowerInvariant()).FirstOrDefault(l => l is "fr" or "en") == "fr";
}
