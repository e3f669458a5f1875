using System.Text.Json.Nodes;
using Registry.Api.Security;

namespace Registry.Api.Tests.PortabilityRequests;

/// <summary>A request that was filed, and received on the day it is.</summary>
internal sealed record Asked(Sector Sector, Organisation Union, Organisation Platform, string At, IReadOnlyList<Guid> Mandates)
{
    /// <summary>The first members' answers go to the union, the last one's to the member.</summary>
    public static async Task<Asked> Received(RegistryApp app, int members = 4, JsonObject? request = null, JsonObject? platform = null, string to = "2027-11-25", string[]? categories = null)
    {
        var filed = await Filed(app, members, request, platform, to, categories);
        await filed.Platform.Http.Change(filed.At, "receipt", new JsonObject()).Expect(200);
        return filed;
    }

    public static async Task<Asked> Filed(RegistryApp app, int members = 4, JsonObject? request = null, JsonObject? platform = null, string to = "2027-11-25", string[]? categories = null)
    {
        var sector = await Sector.Found(app);
        if (platform is not null)
        {
            var other = await app.Register("platform", "Elsewhere", platform);
            sector = new Sector { App = app, Authority = sector.Authority, Unions = sector.Unions, Platforms = sector.Platforms, Platform = other };
        }
        var (union, mandates) = (sector.Unions['A'], new List<Guid>());
        for (var i = 0; i < members; i++) mandates.Add(await Recorded(sector, union, $"M-{i}", to, i < members - 1, categories));
        var more = new JsonObject { ["minMembers"] = 1 };
        foreach (var (key, value) in request ?? []) more[key] = value?.DeepClone();
        return new Asked(sector, union, sector.Platform, await sector.Filed(union, more), mandates);
    }

    public static async Task<Guid> Recorded(Sector sector, Organisation union, string reference, string to, bool toUnion, string[]? categories = null, string? from = null)
    {
        var mandate = sector.PaperMandate(union, reference, from ?? sector.App.Instance.Clock.Today("FR").Day(), to, $"account-{reference}", categories ?? ["reg:observed", "reg:reputation"]);
        mandate["mayReceiveResponse"] = toUnion;
        mandate["scopes"]![0]!["rights"] = new JsonArray("portability", "access");
        return (await union.Http.Post("/v1/mandates", mandate).Expect(201))["id"]!.GetValue<Guid>();
    }

    /// <summary>Every (line, category, hook) as one reads it.</summary>
    public async Task<List<JsonNode>> Lines(Organisation who)
    {
        var answer = await who.Http.Get(At + "/lines", ("Accept", "application/x-ndjson"));
        Assert.Equal(200, answer.Status);
        return [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    /// <summary>The lines' ids in the order of their members' accounts, as the platform knows them.</summary>
    public async Task<List<string>> Ids() =>
        [.. (await Lines(Platform)).Select(l => (Account: l["accountId"].Text(), Line: l["line"].Text())).Distinct().OrderBy(l => l.Account, StringComparer.Ordinal).Select(l => l.Line)];

    public async Task<List<string>> States(Organisation who, string line) => [.. (await Lines(who)).Where(l => l["line"].Text() == line).Select(l => l["state"].Text())];

    public Task<JsonNode> Do(Organisation who, string act, JsonObject? body = null) => who.Http.Change(At, act, body ?? []).Expect(200);

    public Task<JsonNode> Deliver(params string[] lines) => Deliver("reg:observed.trips", 'a', lines);

    public Task<JsonNode> Deliver(string category, char digest, params string[] lines) => Do(Platform, "deliveries", new JsonObject
    {
        ["category"] = category, ["format"] = "json", ["schema"] = "https://schema.example/v1",
        ["items"] = new JsonArray([.. lines.Select(line => (JsonNode)new JsonObject { ["line"] = line, ["sha256"] = new string(digest, 64), ["bytes"] = 100, ["rows"] = 7, ["quarantine"] = 2 })]),
    });

    public async Task<JsonNode> Deadline(string? asOf = null, string hook = "gdpr:A20", Func<JsonNode, bool>? which = null)
    {
        var items = (await Union.Http.Get(At + "/deadlines" + (asOf is null ? "" : "?asOf=" + asOf)).Expect(200))["items"]!.AsArray();
        return items.Single(i => i!["hook"].Text() == hook && (which is null || which(i)))!;
    }

    public static JsonObject Named(params string[] lines) => new() { ["lines"] = Array(lines) };

    public static JsonArray Array(params string[] texts) => new([.. texts.Select(t => (JsonNode)t)]);

    public static JsonObject Check(JsonNode delivered, string line, string result, string? digest = null)
    {
        var item = new JsonObject { ["line"] = line, ["result"] = result };
        if (digest is not null) item["sha256"] = digest;
        return new JsonObject { ["delivery"] = delivered["deliveries"]!.AsArray()[^1]!["id"].Text(), ["items"] = new JsonArray(item) };
    }
}
