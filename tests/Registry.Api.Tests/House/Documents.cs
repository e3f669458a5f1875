using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Registry.Api.Http;
using Registry.Application;

namespace Registry.Api.Tests.House;

/// <summary>What is written about the service agrees with the service.</summary>
public sealed partial class Documents : RegistryApp
{
    [Fact]
    public async Task The_OpenAPI_document_and_the_routes_agree()
    {
        var answer = await Nobody.Get("/openapi/v1.json");
        var document = JsonNode.Parse(answer.Text)!;
        Assert.StartsWith("3.1", document["openapi"].Text(), StringComparison.Ordinal);
        var described = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(m => $"{m.Key.ToUpperInvariant()} {p.Key}")).Order(StringComparer.Ordinal).ToList();
        var routes = Routes().Order(StringComparer.Ordinal).ToList();
        Assert.Equal(routes, described);
        Assert.All(document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()), o => Assert.NotEmpty(o.Value!["summary"].Text()));
    }

    /// <summary>The contract's operations that are built so far; what is not listed here is not served.</summary>
    [Fact]
    public void The_contract_and_the_routes_agree()
    {
        var contract = File.ReadLines(Path.Combine(Architecture.Root, "docs", "operations.md")).Select(l => Row().Match(l)).Where(m => m.Success).Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}");
        Assert.Equal(Routes().Order(StringComparer.Ordinal), contract.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_docs_page_opens()
    {
        var page = await Nobody.Get("/docs/index.html");
        Assert.Equal(200, page.Status);
        Assert.Contains("swagger-ui", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_problem_has_a_page_in_both_languages()
    {
        foreach (var (code, entry) in Problems.Catalogue)
        {
            var page = (await Nobody.Get($"/problems/{code}")).Text;
            Assert.Contains(System.Text.Encodings.Web.HtmlEncoder.Default.Encode(entry.Title.En), page, StringComparison.Ordinal);
            Assert.DoesNotContain("{0}", page, StringComparison.Ordinal);
        }
        Assert.Contains("lang=\"fr\"", (await Nobody.Get("/problems/unknown-mandate", ("Accept-Language", "fr"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void docs_problems_is_the_catalogue() => Same("problems.md", "# Problems\n\nEvery refusal has a code, a status and a text in English and French; `/problems/{code}` shows the same page. Generated from `src/Registry.Api/Http/problems.json`.\n\n| Code | Status | English | Français |\n|---|---|---|---|\n"
        + string.Concat(Problems.Catalogue.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"| `{p.Key}` | {p.Value.Status} | {p.Value.Title.En}: {Problems.Sentence(p.Value, french: false)} | {p.Value.Title.Fr} : {Problems.Sentence(p.Value, french: true)} |\n")));

    [Fact]
    public void docs_events_is_the_event_catalogue() => Same("events.md", "# Events\n\nEvery stored event: its name in `mt_events.type`, its version, and the fields of its JSON. A stored event is never edited; a new shape is a new version with an upcaster. Generated from `EventCatalogue`.\n\n| Name | Version | Fields |\n|---|---|---|\n"
        + string.Concat(EventCatalogue.Events.OrderBy(e => e.StoredName, StringComparer.Ordinal).Select(e => $"| `{e.StoredName}` | {e.Version} | {string.Join(", ", Fields(e.Type))} |\n")));

    private static IEnumerable<string> Fields(Type type) => RegistryJson.Stored.GetTypeInfo(type).Properties.Select(p => $"`{p.Name}`").Order(StringComparer.Ordinal);

    /// <summary>With REGISTRY_WRITE_DOCS=1 the pages are written anew; without, they are compared.</summary>
    private static void Same(string page, string text)
    {
        var file = Path.Combine(Architecture.Root, "docs", page);
        if (Environment.GetEnvironmentVariable("REGISTRY_WRITE_DOCS") == "1") File.WriteAllText(file, text);
        Assert.Equal(text, File.ReadAllText(file));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Every_http_file_can_be_sent(string file)
    {
        var sector = await Sector.Found(this);
        await sector.Record(sector.Unions['A'], 12);
        var values = new Dictionary<string, string>
        {
            ["operator"] = Issuer.Token("operator", null, null), ["union"] = Issuer.Token("union", sector.Unions['A'].Id.ToString(), null), ["platform"] = Issuer.Token("platform", sector.Platforms.Id.ToString(), null),
            ["controller"] = Issuer.Token("platform", sector.Platform.Id.ToString(), null), ["authority"] = Issuer.Token("authority", sector.Authority.Id.ToString(), null), ["member"] = Issuer.Token("member", null, "driver"),
            ["unionId"] = sector.Unions['A'].Id.ToString(), ["platformId"] = sector.Platforms.Id.ToString(), ["controllerId"] = sector.Platform.Id.ToString(),
        };
        foreach (var part in File.ReadAllText(file).Split("\n### ", StringSplitOptions.RemoveEmptyEntries).Skip(1)) await Send(part, values);
    }

    public static TheoryData<string> Requests() => [.. Directory.EnumerateFiles(Path.Combine(Architecture.Root, "requests"), "*.http").Order(StringComparer.Ordinal)];

    private async Task Send(string part, Dictionary<string, string> values)
    {
        var text = Placeholder().Replace(part, m => values[m.Groups[1].Value]);
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var start = Array.FindIndex(lines, l => l.StartsWith("# expect ", StringComparison.Ordinal));
        var words = lines[start]["# expect ".Length..].Split(' ');
        var (method, path) = lines[start + 1].Split(' ') is [var m, var p, ..] ? (m, p) : throw new FormatException(part);
        var blank = Array.IndexOf(lines, "", start + 1);
        var headers = lines[(start + 2)..(blank < 0 ? lines.Length : blank)].Where(l => l.Contains(": ", StringComparison.Ordinal)).Select(l => (l[..l.IndexOf(": ", StringComparison.Ordinal)], l[(l.IndexOf(": ", StringComparison.Ordinal) + 2)..])).ToList();
        var body = blank < 0 ? "" : string.Join('\n', lines[blank..]).Trim();
        var type = headers.FirstOrDefault(h => h.Item1 == "Content-Type").Item2 ?? "application/json";
        var answer = await new Client(Url, null).Send(new HttpMethod(method), path, body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, type), [.. headers.Where(h => h.Item1 != "Content-Type")]);
        Assert.True(answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) == words[0], $"{lines[0]}: {answer.Status} instead of {words[0]}: {answer.Text}");
        if (words.Length > 2) (values[words[2]], values[words[2] + "Etag"]) = (answer.Body!["id"].Text(), answer.ETag ?? "");
        if (answer.Body?["tabled"]?["termsHash"] is { } hash) values["termsHash"] = hash.Text();
        if (answer.ETag is { } etag) values["etag"] = etag;
        foreach (var (item, index) in (answer.Body?["items"] as JsonArray ?? []).Select((item, index) => (item, index)))
        {
            if (item?["line"] is { } line) values[$"line{index}"] = line.Text();
        }
        if (answer.Body?["deliveries"] is JsonArray { Count: > 0 } deliveries) values["delivery"] = deliveries[^1]!["id"].Text();
    }

    private static IEnumerable<string> Routes() =>
        from type in typeof(RegistryController).Assembly.GetTypes().Where(t => typeof(Microsoft.AspNetCore.Mvc.ControllerBase).IsAssignableFrom(t) && !t.IsAbstract)
        from action in type.GetMethods().Where(m => m.DeclaringType == type)
        from route in action.GetCustomAttributes(true).OfType<Microsoft.AspNetCore.Mvc.Routing.HttpMethodAttribute>()
        let template = route.Template!.StartsWith('/') ? route.Template[1..] : (typeof(RegistryController).IsAssignableFrom(type) ? "v1/" : "") + route.Template
        select $"{route.HttpMethods.Single()} /{Constraint().Replace(template, "}")}";

    [GeneratedRegex(":[a-z]+}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"^\| `([A-Z]+) (/[^`]*)` \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();
}
