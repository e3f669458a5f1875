using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Registry.Api.Operations;

/// <summary>What the story's acts carry.</summary>
internal sealed partial class Demo
{
    /// <summary>Trips and earnings under both rights, ratings under one: so many statuses has each line.</summary>
    private const int Columns = 5;

    private string Token(string key, string role) => stage.Organisation(role, organisations[key]);

    private string Name(string key) => cast["organisations"]!.AsArray().Single(o => o!["key"]!.GetValue<string>() == key)!["body"]!["name"]!.GetValue<string>();

    private JsonObject Mandate(DateOnly today, string representative)
    {
        var scope = ask["mandate"]!.DeepClone().AsObject();
        scope["controllers"] = new JsonArray(organisations["plateforme-une"]);
        return new JsonObject
        {
            ["representative"] = organisations[representative], ["scopes"] = new JsonArray(scope), ["language"] = "fr",
            ["validity"] = new JsonObject { ["from"] = Text(today), ["to"] = Text(today.AddMonths(12)) },
        };
    }

    private JsonObject Row(DateOnly today, int number)
    {
        var row = Mandate(today, "chauffeurs-a");
        row["memberReference"] = string.Create(CultureInfo.InvariantCulture, $"A-{number:00000}");
        row["evidence"] = new JsonObject { ["method"] = "paper", ["capturedOn"] = Text(today), ["documentHash"] = Digest($"paper {number}") };
        row["accounts"] = new JsonArray(new JsonObject { ["platform"] = organisations["plateforme-une"], ["accountId"] = string.Create(CultureInfo.InvariantCulture, $"ACC-{number:00000}") });
        row["mayReceiveResponse"] = number % 2 == 0;
        return row;
    }

    private JsonObject Asked(string representative)
    {
        var asked = ask["request"]!.DeepClone().AsObject();
        asked["representative"] = organisations[representative];
        asked["platform"] = organisations["plateforme-une"];
        asked["cohort"] = new JsonObject { ["all"] = true };
        return asked;
    }

    private static JsonObject Delivery(string category, IReadOnlyList<JsonNode> lines) => new()
    {
        ["category"] = category, ["format"] = "json", ["schema"] = "https://schema.example/vtc/1",
        ["items"] = new JsonArray([.. lines.Where(l => l["category"]!.GetValue<string>() == category).Select(l => l["line"]!.GetValue<string>()).Distinct()
            .Select(line => (JsonNode)new JsonObject { ["line"] = line, ["sha256"] = Digest(line + category), ["bytes"] = 2_048, ["rows"] = 40 })]),
    };

    private async Task<DateOnly> Today() => DateOnly.FromDateTime((await Now()).AddHours(1).UtcDateTime);

    private async Task<DateTimeOffset> Now() =>
        DateTimeOffset.Parse((await stage.Quiet(HttpMethod.Get, "/dev/clock", null, null))["now"]!.GetValue<string>(), CultureInfo.InvariantCulture);

    /// <summary>Moves the evaluation instance's legal clock to noon of a day, if that day has not come.</summary>
    private async Task Until(DateOnly day)
    {
        var noon = new DateTimeOffset(day, new TimeOnly(11, 0), TimeSpan.Zero);
        if (await Now() >= noon) return;
        await stage.Act("operator", $"moves the legal clock to {Text(day)}", HttpMethod.Put, "/dev/clock", new JsonObject { ["now"] = noon.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) }, stage.Operator, 200, a => $"{a["now"]}");
    }

    private static JsonNode Sample(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", "vtc", file)))!;

    private static string State(JsonNode answer) => answer["state"]!.GetValue<string>();

    private static string Problem(JsonNode answer) => $"{answer["code"]}: {answer["detail"]}";

    private static string Preview(JsonNode answer) => $"{State(answer)}, {answer["cohort"]!["count"]} eligible, excluded {answer["excluded"]!.ToJsonString()}";

    private static string Number(JsonNode? number) => number?.ToJsonString() ?? "–";

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
