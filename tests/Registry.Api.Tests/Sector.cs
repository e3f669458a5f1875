using System.Text.Json.Nodes;

namespace Registry.Api.Tests;

/// <summary>A sector with its organisations: A 42, B 30, C 16, D 12 percent, one platform organisation and its member platform.</summary>
internal sealed class Sector
{
    public required RegistryApp App { get; init; }

    public string Territory { get; init; } = "FR";

    public required Organisation Authority { get; init; }

    public required IReadOnlyDictionary<char, Organisation> Unions { get; init; }

    public required Organisation Platforms { get; init; }

    public required Organisation Platform { get; init; }

    public static async Task<Sector> Found(RegistryApp app, string ruleSet = "FR-PLATFORM", string cycle = "1", string country = "FR")
    {
        var unions = new Dictionary<char, Organisation>();
        foreach (var letter in "ABCD") unions[letter] = await app.Register("union", $"Union {letter}");
        var platforms = await app.Register("employersAssociation", "Platforms");
        var sector = new Sector
        {
            App = app, Territory = country, Authority = await app.Register("authority", "Authority", new JsonObject { ["country"] = country }), Unions = unions, Platforms = platforms,
            Platform = await app.Register("platform", "Platform", new JsonObject { ["memberOf"] = new JsonArray(platforms.Id) }),
        };
        await sector.Measure(ruleSet, cycle).Expect(200);
        return sector;
    }

    public Task<Answer> Measure(string ruleSet, string cycle) => Authority.Http.Put($"/v1/representativeness/fr-platform:vtc/{Territory}/{cycle}", new JsonObject
    {
        ["side"] = "workers", ["ruleSet"] = ruleSet, ["measuredOn"] = "2026-01-01",
        ["weights"] = new JsonArray([.. Unions.Zip(new[] { 42m, 30m, 16m, 12m }).Select(u => (JsonNode)new JsonObject { ["organisation"] = u.First.Value.Id, ["percent"] = u.Second, ["representative"] = true })]),
    });

    public JsonObject Opening(string ruleSet = "FR-PLATFORM") => new()
    {
        ["title"] = "Data in ride-hailing", ["ruleSet"] = ruleSet, ["level"] = "sector",
        ["scope"] = new JsonObject { ["sectors"] = new JsonArray("fr-platform:vtc"), ["territories"] = new JsonArray(Territory), ["statuses"] = new JsonArray("selfEmployed") },
        ["parties"] = new JsonArray([.. Unions.Values.Select(u => (JsonNode)new JsonObject { ["organisation"] = u.Id, ["side"] = "workers" }), new JsonObject { ["organisation"] = Platforms.Id, ["side"] = "platforms" }]),
    };

    public static JsonObject Term(string clause, string category, string purpose, string decision = "allowed", JsonObject? more = null)
    {
        var term = new JsonObject { ["clause"] = clause, ["category"] = category, ["purpose"] = purpose, ["decision"] = decision };
        if (decision == "allowed") (term["legalBasis"], term["maxRetention"], term["recipients"]) = (new JsonArray("gdpr:A6-1-b"), "P90D", new JsonArray("platform", "insurer"));
        foreach (var (key, value) in more ?? []) term[key] = value?.DeepClone();
        return term;
    }

    public static JsonObject Text(params JsonObject[] terms) => new() { ["terms"] = new JsonArray([.. terms.Select(t => t.DeepClone())]) };

    /// <summary>Opened, tabled by A, accepted by the platforms; gives its address and the text's version and hash.</summary>
    public async Task<(string At, JsonObject Named)> Agree(string ruleSet, params JsonObject[] terms)
    {
        var opened = await Unions['A'].Http.Post("/v1/agreements", Opening(ruleSet)).Expect(201);
        var at = $"/v1/agreements/{opened["id"]}";
        var tabled = await Unions['A'].Http.Change(at, "proposals", Text(terms)).Expect(200);
        var named = new JsonObject { ["version"] = tabled["tabled"]!["version"]!.DeepClone(), ["termsHash"] = tabled["tabled"]!["termsHash"]!.DeepClone() };
        await Platforms.Http.Change(at, "acceptances", named).Expect(200);
        return (at, named);
    }

    /// <summary>Tabled as an amendment by B, accepted, signed, notified and deposited as the law allows; in force the day after.</summary>
    public async Task Amend(string at, JsonObject amendment)
    {
        var tabled = (await Unions['B'].Http.Change(at, "amendments", amendment).Expect(200))["tabled"]!;
        var named = new JsonObject { ["version"] = tabled["version"]!.DeepClone(), ["termsHash"] = tabled["termsHash"]!.DeepClone() };
        await Platforms.Http.Change(at, "acceptances", named).Expect(200);
        foreach (var signer in new[] { Unions['B'], Unions['C'], Platforms }) await signer.Http.Change(at, "signatures", named).Expect(200);
        await Notify(at, named);
    }

    private async Task Notify(string at, JsonObject named, JsonObject? deposit = null)
    {
        var version = new JsonObject { ["version"] = named["version"]!.DeepClone() };
        var notified = await Unions['B'].Http.Change(at, "notifications", version).Expect(200);
        var opposition = notified["amendments"]!.AsArray().SingleOrDefault(a => a!["version"]!.GetValue<int>() == named["version"]!.GetValue<int>())?["opposition"] ?? notified["opposition"];
        await App.MoveTo(DateOnly.Parse(opposition!["until"].Text(), System.Globalization.CultureInfo.InvariantCulture).AddDays(1).Day());
        foreach (var (key, value) in deposit ?? []) version[key] = value?.DeepClone();
        await Platforms.Http.Change(at, "deposits", version).Expect(200);
    }

    /// <summary>Concluded from the first text to the deposit, and whatever else the opening and the text say.</summary>
    public async Task<string> Deposited(JsonObject? opening = null, JsonObject? text = null, JsonObject? deposit = null, params JsonObject[] terms)
    {
        var body = Opening();
        foreach (var (key, value) in opening ?? []) body[key] = value?.DeepClone();
        var at = $"/v1/agreements/{(await Unions['A'].Http.Post("/v1/agreements", body).Expect(201))["id"]}";
        var proposal = Text(terms.Length == 0 ? [Term("1", "reg:observed.trips", "dpv:ServiceProvision")] : terms);
        foreach (var (key, value) in text ?? []) proposal[key] = value?.DeepClone();
        var tabled = (await Unions['A'].Http.Change(at, "proposals", proposal).Expect(200))["tabled"]!;
        var named = new JsonObject { ["version"] = tabled["version"]!.DeepClone(), ["termsHash"] = tabled["termsHash"]!.DeepClone() };
        await Platforms.Http.Change(at, "acceptances", named).Expect(200);
        foreach (var signer in new[] { Unions['B'], Unions['C'], Platforms }) await signer.Http.Change(at, "signatures", named).Expect(200);
        await Notify(at, named, deposit);
        return at;
    }

    /// <summary>The question of a driver's platform, in this sector and place, about the trips.</summary>
    public static JsonObject Question(Guid platform, string on, string category = "reg:observed.trips", string purpose = "dpv:ServiceProvision") => new()
    {
        ["platform"] = platform, ["sector"] = "fr-platform:vtc", ["territory"] = "FR", ["status"] = "selfEmployed", ["category"] = category, ["purpose"] = purpose, ["on"] = on,
    };

    /// <summary>Agreed, signed by B, C and the platforms, notified and deposited as the law allows, and in force.</summary>
    public async Task<string> InForce(params JsonObject[] terms)
    {
        var (at, named) = await Agree("FR-PLATFORM", terms);
        foreach (var signer in new[] { Unions['B'], Unions['C'], Platforms }) await signer.Http.Change(at, "signatures", named).Expect(200);
        var notified = await Unions['B'].Http.Change(at, "notifications", new JsonObject()).Expect(200);
        var until = DateOnly.Parse(notified["opposition"]!["until"].Text(), System.Globalization.CultureInfo.InvariantCulture);
        await App.MoveTo(until.AddDays(1).Day());
        await Platforms.Http.Change(at, "deposits", new JsonObject()).Expect(200);
        await App.MoveTo(until.AddDays(2).Day());
        return at;
    }

    public JsonObject Mandate(Organisation union, string from, string to, params string[] categories) => new()
    {
        ["representative"] = union.Id,
        ["scopes"] = new JsonArray(new JsonObject
        {
            ["rights"] = new JsonArray("portability"), ["categories"] = new JsonArray([.. categories.DefaultIfEmpty("reg:observed").Select(c => (JsonNode)c)]),
            ["purposes"] = new JsonArray("dpv:RightsFulfillment"), ["controllers"] = new JsonArray(Platform.Id),
        }),
        ["validity"] = new JsonObject { ["from"] = from, ["to"] = to },
    };

    public JsonObject PaperMandate(Organisation union, string reference, string from, string to, string? account = null, params string[] categories)
    {
        var mandate = Mandate(union, from, to, categories);
        mandate["memberReference"] = reference;
        var today = App.Instance.Clock.Today("FR").Day();
        mandate["evidence"] = new JsonObject { ["method"] = "paper", ["capturedOn"] = string.CompareOrdinal(from, today) < 0 ? from : today, ["documentHash"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{reference} {from} {to}"))) };
        if (account is not null) mandate["accounts"] = new JsonArray(new JsonObject { ["platform"] = Platform.Id, ["accountId"] = account });
        return mandate;
    }

    public JsonObject Request(JsonObject? more = null)
    {
        var request = new JsonObject
        {
            ["platform"] = Platform.Id, ["hooks"] = new JsonArray("gdpr:A20", "ct:L7342-7"), ["categories"] = new JsonArray("reg:observed.trips"), ["purpose"] = "dpv:RightsFulfillment",
            ["stewardship"] = new JsonObject { ["access"] = new JsonArray("two stewards"), ["retention"] = "P12M", ["security"] = "encrypted" },
            ["cohort"] = new JsonObject { ["all"] = true }, ["format"] = "json",
        };
        foreach (var (key, value) in more ?? []) request[key] = value?.DeepClone();
        return request;
    }

    /// <summary>Records paper mandates one by one and gives their ids.</summary>
    public async Task<List<Guid>> Record(Organisation union, int members, string from = "2026-11-25", string to = "2027-11-25")
    {
        var ids = new List<Guid>();
        for (var i = 0; i < members; i++) ids.Add((await union.Http.Post("/v1/mandates", PaperMandate(union, $"M-{i}", from, to, $"account-{i}")).Expect(201))["id"]!.GetValue<Guid>());
        return ids;
    }

    public async Task<string> Filed(Organisation union, JsonObject? more = null)
    {
        var drafted = await union.Http.Post("/v1/portability-requests", Request(more)).Expect(201);
        var at = $"/v1/portability-requests/{drafted["id"]}";
        await union.Http.Change(at, "filing").Expect(200);
        return at;
    }
}
