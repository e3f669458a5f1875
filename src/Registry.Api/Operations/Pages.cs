using System.Text.Encodings.Web;
using Registry.Api.Http;

namespace Registry.Api.Operations;

/// <summary>Health for machines, and a page for every problem's code.</summary>
internal static class Pages
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/", () => Results.Redirect("/docs")).ExcludeFromDescription();
        app.MapGet("/health/live", () => Results.Json(new { status = "live" })).ExcludeFromDescription();
        app.MapGet("/health/ready", async (Readiness readiness, CancellationToken ct) =>
            await readiness.WhyNot(ct) is { } why
                ? Results.Json(new { status = "notReady", why, engine = Readiness.Engine }, statusCode: 503)
                : Results.Json(new { status = "ready", engine = Readiness.Engine })).ExcludeFromDescription();
        app.MapGet("/problems/{code}", (string code, HttpRequest request) => Problems.Catalogue.TryGetValue(code, out var entry)
            ? Results.Content(Page(code, entry, Languages.French(request)), "text/html; charset=utf-8")
            : Results.NotFound()).ExcludeFromDescription();
    }

    private static string Page(string code, ProblemEntry entry, bool french)
    {
        static string Safe(string text) => HtmlEncoder.Default.Encode(text);
        var (title, text) = (french ? entry.Title.Fr : entry.Title.En, Problems.Sentence(entry, french));
        return $$"""
            <!doctype html><html lang="{{(french ? "fr" : "en")}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>{{Safe(title)}}</title>
            <style>body{font:17px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a}code{background:#f2f2f2;padding:.1em .3em}</style>
            <h1>{{Safe(title)}}</h1><p>{{Safe(text)}}</p><p><code>{{Safe(code)}}</code> · HTTP {{entry.Status}}</p></html>
            """;
    }
}
