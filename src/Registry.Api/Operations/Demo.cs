using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Registry.Api.Security;
using Registry.Application.Instance;

namespace Registry.Api.Operations;

/// <summary>Plays samples/vtc against the running service over HTTP, as the organisations and members would.</summary>
internal sealed partial class Demo(Stage stage)
{
    private readonly Dictionary<string, Guid> organisations = new(StringComparer.Ordinal);
    private readonly JsonNode cast = Sample("organisations.json");
    private readonly JsonNode text = Sample("agreement.json");
    private readonly JsonNode ask = Sample("request.json");

    public static async Task<int> Run(string urls, DataFolder data, TimeProvider machine)
    {
        var issuer = new EmbeddedIssuer(data, machine);
        using var stage = new Stage(urls.Split(';')[0], issuer, machine);
        try
        {
            await new Demo(stage).Play();
            Console.WriteLine($"Done: {stage.Acts} acts, each answered as expected, in {stage.Elapsed.TotalSeconds:0.0} s.");
            return 0;
        }
        catch (Exception error) when (error is UnexpectedAnswerException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"The story broke: {error.Message}");
            return 1;
        }
    }

    private async Task Play()
    {
        stage.Scene("The sector: organisations and what they weigh");
        await Register();
        stage.Scene("The bargain: from the first text to force");
        var agreement = await Bargain();
        stage.Scene("The mandates: ten thousand members");
        var withdrawing = await Mandates();
        stage.Scene("The terms: may this be done?");
        await Terms(agreement);
        stage.Scene("The request: one filing, many people");
        await Request(withdrawing);
    }

    private async Task Register()
    {
        var known = await stage.Act("anybody", "reads the directory", HttpMethod.Get, "/v1/organisations?limit=200", null, null, 200, a => $"{a["items"]!.AsArray().Count} organisations");
        foreach (var member in cast["organisations"]!.AsArray().Select(o => o!))
        {
            var (key, body) = (member["key"]!.GetValue<string>(), member["body"]!.DeepClone().AsObject());
            var mark = new JsonObject { ["scheme"] = "sample", ["value"] = $"vtc/{key}" };
            if (known["items"]!.AsArray().FirstOrDefault(o => o!["identifiers"]!.AsArray().Any(i => JsonNode.DeepEquals(i, mark))) is { } there)
            {
                organisations[key] = there["id"]!.GetValue<Guid>();
                continue;
            }
            body["identifiers"] = new JsonArray(mark);
            if (member["memberOf"] is { } above) body["memberOf"] = new JsonArray(organisations[above.GetValue<string>()]);
            var made = await stage.Act("operator", $"registers {body["name"]}", HttpMethod.Post, "/v1/organisations", body, stage.Operator, 201, a => $"{a["kind"]}");
            organisations[key] = made["id"]!.GetValue<Guid>();
        }
        var measured = cast["representativeness"]!;
        var weights = new JsonArray([.. cast["organisations"]!.AsArray().Where(o => o!["percent"] is not null).Select(o => (JsonNode)new JsonObject
        {
            ["organisation"] = organisations[o!["key"]!.GetValue<string>()], ["percent"] = decimal.Parse(o["percent"]!.GetValue<string>(), CultureInfo.InvariantCulture), ["representative"] = true,
        })]);
        await stage.Act("Autorité", "publishes the shares of the 2022 vote", HttpMethod.Put, $"/v1/representativeness/{measured["sector"]}/{measured["territory"]}/{measured["cycle"]}", new JsonObject
        {
            ["side"] = "workers", ["ruleSet"] = measured["ruleSet"]!.DeepClone(), ["measuredOn"] = measured["measuredOn"]!.DeepClone(), ["weights"] = weights,
        }, Token("authority", Roles.Authority), 200, a => string.Join(" ", a["weights"]!.AsArray().Select(w => w!["percent"])));
        await stage.Act("Autorité", "records the agreement of 19 September 2023", HttpMethod.Post, "/v1/agreements/records", Sample("record-2023-09-19.json"), Token("authority", Roles.Authority), 201, a => $"concluded {a["elsewhere"]!["concludedOn"]}, {a["elsewhere"]!["legalBasis"]}");
    }

    private async Task<JsonNode> Bargain()
    {
        var opening = text["opening"]!.DeepClone().AsObject();
        opening["parties"] = new JsonArray([.. organisations.Where(o => o.Key.StartsWith("chauffeurs", StringComparison.Ordinal) || o.Key is "plateformes-1" or "plateformes-2")
            .Select(o => (JsonNode)new JsonObject { ["organisation"] = o.Value, ["side"] = o.Key.StartsWith("chauffeurs", StringComparison.Ordinal) ? "workers" : "platforms" })]);
        var agreement = await stage.Act("Chauffeurs A", "opens the negotiation", HttpMethod.Post, "/v1/agreements", opening, Token("chauffeurs-a", Roles.Union), 201, State);
        var at = $"/v1/agreements/{agreement["id"]}";
        await stage.Change("Chauffeurs A", "tables a first text", at, "proposals", text["firstText"]!.DeepClone(), Token("chauffeurs-a", Roles.Union), 200, a => $"{State(a)}, text {a["tabled"]!["version"]}, {a["tabled"]!["terms"]!.AsArray().Count} clauses");
        await stage.Change("Chauffeurs B", "tables again for the same side", at, "proposals", text["firstText"]!.DeepClone(), Token("chauffeurs-b", Roles.Union), 409, Problem);
        var second = await stage.Change("Plateformes 1", "answers with a second text", at, "proposals", text["secondText"]!.DeepClone(), Token("plateformes-1", Roles.Platform), 200, a => $"{State(a)}, text {a["tabled"]!["version"]}, {a["tabled"]!["terms"]!.AsArray().Count} clauses");
        var named = new JsonObject { ["version"] = second["tabled"]!["version"]!.DeepClone(), ["termsHash"] = second["tabled"]!["termsHash"]!.DeepClone() };
        await stage.Change("Chauffeurs A", "accepts it by its hash", at, "acceptances", named, Token("chauffeurs-a", Roles.Union), 200, a => $"{State(a)}, {a["termsHash"]!.GetValue<string>()[..12]}…");
        foreach (var (who, role) in new[] { ("chauffeurs-b", Roles.Union), ("chauffeurs-c", Roles.Union), ("plateformes-1", Roles.Platform), ("chauffeurs-d", Roles.Union) })
        {
            await stage.Change(Name(who), "signs", at, "signatures", named, Token(who, role), 200, a => $"{State(a)}, workers' side {Number(a["share"]!["workers"])} %", who == "chauffeurs-d"
                ? a => State(a) == "signed" && Number(a["share"]!["workers"]) == "32.14" : a => State(a) == "consensus");
        }
        var notified = await stage.Change("Chauffeurs D", "notifies all representative organisations", at, "notifications", new JsonObject(), Token("chauffeurs-d", Roles.Union), 200, a => $"{State(a)}, opposition until {a["opposition"]!["until"]}");
        await stage.Change("Plateformes 1", "deposits too early", at, "deposits", new JsonObject(), Token("plateformes-1", Roles.Platform), 409, Problem);
        await Until(DateOnly.Parse(notified["opposition"]!["until"]!.GetValue<string>(), CultureInfo.InvariantCulture).AddDays(1));
        var deposited = await stage.Change("Plateformes 1", "deposits the text", at, "deposits", new JsonObject(), Token("plateformes-1", Roles.Platform), 200, a => $"{State(a)}, in force from {a["validity"]!["from"]} to {a["validity"]!["to"]}");
        await Until(DateOnly.Parse(deposited["validity"]!["from"]!.GetValue<string>(), CultureInfo.InvariantCulture));
        return await stage.Act("anybody", "reads the agreement", HttpMethod.Get, at, null, null, 200, State, a => State(a) == "inForce");
    }

    private async Task<(string Mandate, string Token)> Mandates()
    {
        var (union, today) = (Token("chauffeurs-a", Roles.Union), await Today());
        var drivers = new List<(string Mandate, string Token)>();
        for (var i = 1; i <= 3; i++)
        {
            var token = stage.Member($"driver-{i}");
            await stage.Act($"driver {i}", "says under which account the platform knows them", HttpMethod.Put, $"/v1/me/accounts/{organisations["plateforme-une"]}", new JsonObject { ["accountId"] = $"ACC-{i:00000}" }, token, 200, _ => "kept encrypted");
            var granted = await stage.Act($"driver {i}", "grants a mandate from a phone", HttpMethod.Post, "/v1/mandates", Mandate(today, "chauffeurs-a"), token, 201, State);
            await stage.Act("Chauffeurs A", "accepts it", HttpMethod.Post, $"/v1/mandates/{granted["id"]}/acceptance", null, union, 200, State);
            drivers.Add((granted["id"]!.GetValue<string>(), token));
        }
        var rows = new StringBuilder();
        for (var i = 4; i <= ask["members"]!.GetValue<int>(); i++) rows.Append(Row(today, i).ToJsonString()).Append('\n');
        rows.Append("{\"memberReference\": \"A-BROKEN\"}\n");
        var import = await stage.Act("Chauffeurs A", "imports its paper mandates", HttpMethod.Post, "/v1/mandates/imports", rows.ToString(), union, 202, a => $"{a["state"]}, {a["total"]} rows");
        await stage.Follow(import, union, a => a["result"]!.ToJsonString().Replace("\"", "", StringComparison.Ordinal));
        await stage.Act("driver of Chauffeurs G", "grants a mandate to a small union", HttpMethod.Post, "/v1/mandates", Mandate(today, "chauffeurs-g"), stage.Member("driver-g"), 201, State);
        await stage.Act("a stranger", "asks for a driver's mandate", HttpMethod.Get, $"/v1/mandates/{drivers[0].Mandate}", null, stage.Member("stranger"), 404, Problem);
        return drivers[1];
    }

    private async Task Terms(JsonNode agreement)
    {
        var platform = Token("plateforme-une", Roles.Platform);
        var where = $"sector=fr-platform:vtc&territory=FR-69M&status=selfEmployed&platform={organisations["plateforme-une"]}";
        await stage.Act("Plateforme Une", "reads the terms for Lyon", HttpMethod.Get, $"/v1/terms?{where}", null, platform, 200, a => $"{a["items"]!.AsArray().Count} effective terms under {agreement["termsHash"]!.GetValue<string>()[..12]}…");
        foreach (var (category, purpose, recipient, verdict) in new[]
        {
            ("reg:observed.location", "dpv:RequestedServiceProvision", "insurer", "allowed"), ("reg:observed.location", "dpv:Advertising", "advertiser", "forbidden"), ("reg:observed.messages", "dpv:ServiceProvision", "platform", "notAgreed"),
        })
        {
            await stage.Act("Plateforme Une", $"may {category} serve {purpose} for {recipient}?", HttpMethod.Post, "/v1/decisions", new JsonObject
            {
                ["platform"] = organisations["plateforme-une"], ["sector"] = "fr-platform:vtc", ["territory"] = "FR-69M", ["status"] = "selfEmployed",
                ["category"] = category, ["purpose"] = purpose, ["recipient"] = recipient,
            }, platform, 200, a => $"{a["decision"]}: {a["explanation"]!["en"]}", a => a["decision"]!.GetValue<string>() == verdict);
        }
    }

    private async Task Request((string Mandate, string Token) withdrawing)
    {
        var (union, platform) = (Token("chauffeurs-a", Roles.Union), Token("plateforme-une", Roles.Platform));
        var small = await stage.Act("Chauffeurs G", "drafts a request for its one member", HttpMethod.Post, "/v1/portability-requests", Asked("chauffeurs-g"), Token("chauffeurs-g", Roles.Union), 201, Preview);
        await stage.Change("Chauffeurs G", "files it", $"/v1/portability-requests/{small["id"]}", "filing", null, Token("chauffeurs-g", Roles.Union), 422, Problem);
        var draft = await stage.Act("Chauffeurs A", "drafts a request", HttpMethod.Post, "/v1/portability-requests", Asked("chauffeurs-a"), union, 201, Preview, a => a["cohort"]!["count"]!.GetValue<int>() == ask["members"]!.GetValue<int>());
        var at = $"/v1/portability-requests/{draft["id"]}";
        await stage.Follow(await stage.Change("Chauffeurs A", "files it", at, "filing", null, union, 202, a => $"{a["state"]}"), union, a => $"{a["done"]} lines sealed");
        await stage.Act("Plateforme Une", "reads its inbox", HttpMethod.Get, $"{at}", null, platform, 200, a => $"{State(a)}, {a["cohort"]!["count"]} members, root {a["cohort"]!["merkleRoot"]!.GetValue<string>()[..12]}…");
        await stage.Change("Plateforme Une", "says that it received it", at, "receipt", new JsonObject(), platform, 200, a => $"{State(a)}, due {a["deadlines"]!["next"]}");
        await stage.Change("Plateforme Une", "acknowledges it", at, "acknowledgement", null, platform, 200, State);
        var lines = await stage.Lines("Plateforme Une", "reads the lines", $"{at}/lines", platform);
        await stage.Act("driver 2", "withdraws, without a reason", HttpMethod.Post, $"/v1/mandates/{withdrawing.Mandate}/withdrawal", null, withdrawing.Token, 200, State, a => State(a) == "withdrawn");
        foreach (var category in ask["request"]!["categories"]!.AsArray().Select(c => c!.GetValue<string>()))
        {
            await stage.Change("Plateforme Une", $"delivers {category}", at, "deliveries", Delivery(category, lines), platform, 200, a =>
                $"{State(a)}, {a["result"]!["accepted"]} lines, {a["result"]!["rejected"]!.AsArray().Count} refused ({a["result"]!["rejected"]![0]!["reason"]})");
        }
        await stage.Act("Chauffeurs A", "asks for the deadlines", HttpMethod.Get, $"{at}/deadlines", null, union, 200, a => string.Join("; ", a["items"]!.AsArray().Select(d => $"{d!["hook"]} {d["category"]} due {d["due"]}, {d["lines"]} open")));
        await stage.Act("Chauffeurs A", "asks for completeness", HttpMethod.Get, $"{at}/completeness", null, union, 200, a => $"{a["delivered"]} of {a["asked"]} delivered", a => a["asked"]!.GetValue<int>() - a["delivered"]!.GetValue<int>() == Columns);
        await stage.Act("Chauffeurs A", "reads the request", HttpMethod.Get, at, null, union, 200, a => $"{State(a)}, {a["lines"]!.ToJsonString().Replace("\"", "", StringComparison.Ordinal)}", a => State(a) == "fulfilled");
    }
}
