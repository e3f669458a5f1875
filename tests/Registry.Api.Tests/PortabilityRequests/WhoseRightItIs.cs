using System.Text.Json.Nodes;

namespace Registry.Api.Tests.PortabilityRequests;

/// <summary>Each hook: whom it belongs to, whom it binds, where it is law and what it reaches.</summary>
public sealed class WhoseRightItIs : RegistryApp
{
    private readonly string law = LawFolders.Copy();

    /// <summary>As if the Netherlands had transposed the Platform Work Directive; the registry's own file says nowhere.</summary>
    protected override string LawFolder
    {
        get
        {
            var hooks = Path.Combine(law, "rulesets", "hooks.json");
            var read = JsonNode.Parse(File.ReadAllText(hooks))!.AsArray();
            var pwd = read.Single(h => h!["code"].Text() == "pwd:A9-6")!;
            (pwd["from"], pwd["country"]) = ("2026-11-25", "NL");
            File.WriteAllText(hooks, read.ToJsonString());
            return law;
        }
    }

    private static JsonObject Request(Organisation platform, string hook, string category, JsonObject? more = null)
    {
        var request = new JsonObject { ["platform"] = platform.Id, ["hooks"] = new JsonArray(hook), ["categories"] = new JsonArray(category), ["purpose"] = "dpv:RightsFulfillment", ["format"] = "json" };
        foreach (var (key, value) in more ?? []) request[key] = value?.DeepClone();
        return request;
    }

    /// <summary>DOMAIN scenario 5, first half: a works council asks for the parameters of an algorithm, for itself.</summary>
    [Fact]
    public async Task ET_64_4_d_a_works_council_asks_in_its_own_right_without_lines_and_without_a_deadline_of_the_GDPR()
    {
        var (council, platform) = (await Register("worksCouncil", "Comité", new JsonObject { ["country"] = "ES" }), await Register("platform", "Reparto", new JsonObject { ["country"] = "ES" }));
        var drafted = await council.Http.Post("/v1/portability-requests", Request(platform, "et:A64-4-d", "reg:algorithmicManagement.logic")).Expect(201);
        var at = $"/v1/portability-requests/{drafted["id"]}";
        var filed = await council.Http.Change(at, "filing").Expect(200); // no stewardship, no minimum: nobody's data are asked
        Assert.Equal(("filed", 0), (filed["state"].Text(), filed["cohort"]!["count"]!.GetValue<int>()));
        Assert.Null(filed["cohort"]!["merkleRoot"]);
        Assert.Equal(0, filed["lines"]!["pending"]!.GetValue<int>());
        var received = await platform.Http.Change(at, "receipt", new JsonObject()).Expect(200);
        Assert.Null(received["deadlines"]!["next"]);
        var deadline = (await council.Http.Get(at + "/deadlines").Expect(200))["items"]!.AsArray().Single()!;
        Assert.True(deadline["due"] is null && !deadline["overdue"]!.GetValue<bool>());
        Assert.Equal("ET 64.4(d) sets no time.", deadline["explanation"]!["en"].Text());
        Assert.Empty((await platform.Http.Get(at + "/lines").Expect(200))["items"]!.AsArray());
        await MoveTo("2028-11-25");
        Assert.Equal("received", (await council.Http.Get(at).Expect(200))["state"].Text()); // never overdue
        await platform.Http.Change(at, "deliveries", new JsonObject { ["category"] = "reg:algorithmicManagement.logic", ["format"] = "json", ["schema"] = "s", ["lines"] = "cohort", ["sha256"] = new string('a', 64), ["bytes"] = 5, ["rows"] = 1 }).Expect(200);
        var complete = await council.Http.Get(at + "/completeness").Expect(200);
        Assert.Equal((1, 1), (complete["asked"]!.GetValue<int>(), complete["delivered"]!.GetValue<int>()));
        Assert.Equal("fulfilled", (await council.Http.Get(at).Expect(200))["state"].Text());
        Assert.Equal("closed", (await council.Http.Change(at, "closure").Expect(200))["state"].Text());
    }

    [Fact]
    public async Task What_a_body_withdrew_is_not_answered_after_all()
    {
        var (council, platform) = (await Register("worksCouncil", "Comité", new JsonObject { ["country"] = "ES" }), await Register("platform", "Reparto", new JsonObject { ["country"] = "ES" }));
        var at = $"/v1/portability-requests/{(await council.Http.Post("/v1/portability-requests", Request(platform, "et:A64-4-d", "reg:algorithmicManagement.logic")).Expect(201))["id"]}";
        await council.Http.Change(at, "filing").Expect(200);
        await platform.Http.Change(at, "receipt", new JsonObject()).Expect(200);
        await council.Http.Change(at, "withdrawal").Expect(200);
        var late = await platform.Http.Change(at, "deliveries", new JsonObject { ["category"] = "reg:algorithmicManagement.logic", ["format"] = "json", ["schema"] = "s", ["lines"] = "cohort", ["sha256"] = new string('a', 64), ["bytes"] = 5, ["rows"] = 1 }).Expect(200);
        Assert.Equal(("withdrawn", "cancelled"), (late["state"].Text(), late["own"]![0]!["state"].Text()));
    }

    /// <summary>Scenario 5, second half.</summary>
    [Fact]
    public async Task ET_64_4_d_a_union_with_fifty_mandates_is_the_wrong_claimant()
    {
        var (union, platform) = (await Register("union", "Sindicato", new JsonObject { ["country"] = "ES" }), await Register("platform", "Reparto", new JsonObject { ["country"] = "ES" }));
        await union.Http.Post("/v1/portability-requests", Request(platform, "et:A64-4-d", "reg:algorithmicManagement.logic", new JsonObject { ["cohort"] = new JsonObject { ["all"] = true } }))
            .ExpectProblem(422, "wrong-claimant", "/hooks/0");
        var council = await Register("worksCouncil", "Comité", new JsonObject { ["country"] = "ES" });
        await council.Http.Post("/v1/portability-requests", Request(platform, "et:A64-4-d", "reg:algorithmicManagement.logic", new JsonObject { ["cohort"] = new JsonObject { ["mandates"] = new JsonArray(Guid.NewGuid()) } }))
            .ExpectProblem(422, "no-member-lines", "/cohort");
        var mixed = Request(platform, "et:A64-4-d", "reg:algorithmicManagement.logic", new JsonObject { ["cohort"] = new JsonObject { ["all"] = true } });
        mixed["hooks"]!.AsArray().Add("gdpr:A15");
        await council.Http.Post("/v1/portability-requests", mixed).ExpectProblem(422, "hooks-do-not-mix", "/hooks");
        var (french, comité) = (await Register("platform", "Livraison"), await Register("worksCouncil", "CSE"));
        await comité.Http.Post("/v1/portability-requests", Request(french, "et:A64-4-d", "reg:algorithmicManagement.logic")).ExpectProblem(422, "hook-not-in-force", "/hooks/0");
    }

    [Fact]
    public async Task PWD_9_6_binds_where_a_national_act_was_read_and_the_DMA_whom_it_designates()
    {
        var (union, dutch, french) = (await Register("union", "Union"), await Register("platform", "Ritten", new JsonObject { ["country"] = "NL" }), await Register("platform", "Courses"));
        var all = new JsonObject { ["cohort"] = new JsonObject { ["all"] = true } };
        await union.Http.Post("/v1/portability-requests", Request(dutch, "pwd:A9-6", "reg:reputation.ratings", all)).Expect(201);
        await union.Http.Post("/v1/portability-requests", Request(french, "pwd:A9-6", "reg:reputation.ratings", all)).ExpectProblem(422, "hook-not-in-force", "/hooks/0");
        await union.Http.Post("/v1/portability-requests", Request(dutch, "ct:L7342-7", "reg:reputation.ratings", all)).Expect(201); // who works in France has the right wherever the platform is established
        var belgian = await Register("union", "Syndicat", new JsonObject { ["country"] = "BE" });
        await belgian.Http.Post("/v1/portability-requests", Request(dutch, "ct:L7342-7", "reg:reputation.ratings", all)).ExpectProblem(422, "hook-not-in-force", "/hooks/0");
        await union.Http.Post("/v1/portability-requests", Request(dutch, "dma:A6-9", "reg:observed.trips", all)).ExpectProblem(422, "hook-does-not-bind", "/hooks/0");
        var gatekeeper = await Register("platform", "Gate", new JsonObject { ["identifiers"] = new JsonArray(new JsonObject { ["scheme"] = "dma-gatekeeper", ["value"] = "1" }) });
        await union.Http.Post("/v1/portability-requests", Request(gatekeeper, "dma:A6-9", "reg:observed.trips", all)).Expect(201);
        await union.Http.Post("/v1/portability-requests", Request(dutch, "gdpr:A15", "reg:inferred.scores", new JsonObject())).ExpectProblem(422, "cohort-needed", "/cohort");
    }

    /// <summary>EDPB 01/2022: need is never a condition of Art. 15 or 20; it makes a request collective, and is then said for each category.</summary>
    [Fact]
    public async Task A_request_is_collective_where_the_need_is_said_for_each_category()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        await sector.Record(union, 1);
        JsonObject Need(params string[] categories) => new()
        {
            ["necessity"] = new JsonObject
            {
                ["charterRight"] = "Art. 28", ["facts"] = "pay fell", ["lessIntrusiveRejected"] = "asked before",
                ["perCategoryNeed"] = new JsonObject(categories.Select(c => KeyValuePair.Create(c, (JsonNode?)"to compare"))),
            },
        };
        Assert.False((await union.Http.Post("/v1/portability-requests", sector.Request()).Expect(201))["collective"]!.GetValue<bool>());
        Assert.True((await union.Http.Post("/v1/portability-requests", sector.Request(Need("reg:observed.trips"))).Expect(201))["collective"]!.GetValue<bool>());
        await union.Http.Post("/v1/portability-requests", sector.Request(Need())).ExpectProblem(422, "necessity-incomplete", "/necessity/perCategoryNeed");
        await union.Http.Post("/v1/portability-requests", sector.Request(Need("reg:observed.trips", "reg:provided"))).ExpectProblem(422, "necessity-incomplete", "/necessity/perCategoryNeed");
        var kept = sector.Request();
        kept["stewardship"]!["retention"] = "P13M";
        await union.Http.Post("/v1/portability-requests", kept).ExpectProblem(422, "retention-too-long", "/stewardship/retention");
        var sent = sector.Request(new JsonObject { ["deliverTo"] = new JsonObject { ["endpoint"] = "https://union.example/in", ["key"] = "no such key" } });
        await union.Http.Post("/v1/portability-requests", sent).ExpectProblem(422, "unknown-key", "/deliverTo/key");
    }

    /// <summary>Trips by Article 20, ratings by CT D7342-6, scores by Article 15: each with its own deadline. A correction is asked for by itself, for a copy of what is wrong answers no request to put it right.</summary>
    [Fact]
    public async Task Each_category_hangs_on_the_rights_that_reach_it()
    {
        var asked = await Asked.Received(this, 2, new JsonObject
        {
            ["hooks"] = new JsonArray("gdpr:A20", "ct:L7342-7", "gdpr:A15"), ["categories"] = new JsonArray("reg:observed.trips", "reg:reputation.ratings", "reg:inferred.scores"),
        }, categories: ["reg:observed", "reg:reputation", "reg:inferred"]);
        var items = (await asked.Union.Http.Get(asked.At + "/deadlines").Expect(200))["items"]!.AsArray().Select(i => $"{i!["category"]} {i["hook"]} {i["lines"]}").Order(StringComparer.Ordinal);
        Assert.Equal(
            ["reg:inferred.scores gdpr:A15 2", "reg:observed.trips ct:L7342-7 2", "reg:observed.trips gdpr:A15 2", "reg:observed.trips gdpr:A20 2", "reg:reputation.ratings ct:L7342-7 2", "reg:reputation.ratings gdpr:A15 2"], items);
        var correction = asked.Sector.Request(new JsonObject { ["hooks"] = new JsonArray("gdpr:A15", "gdpr:A16"), ["categories"] = new JsonArray("reg:inferred.scores") });
        await asked.Union.Http.Post("/v1/portability-requests", correction).ExpectProblem(422, "hooks-do-not-mix", "/hooks");
        correction["hooks"] = new JsonArray("gdpr:A16");
        await asked.Union.Http.Post("/v1/portability-requests", correction).Expect(201);
    }

    /// <summary>The calendar is the controller's, the last hour is its local one.</summary>
    [Theory]
    [InlineData("FR", null, "2026-11-25T11:00:00Z", "2026-12-28", "2026-12-28T22:59:59Z", "2026-12-28T23:00:00Z")]
    [InlineData("NL", null, "2027-03-27T11:00:00Z", "2027-04-28", "2027-04-28T21:59:59Z", "2027-04-28T22:00:00Z")] // King's day; summer time by then
    [InlineData("IE", null, "2027-02-27T12:00:00Z", "2027-03-30", "2027-03-30T22:59:59Z", "2027-03-30T23:00:00Z")] // Easter Monday; an hour behind Paris
    [InlineData("DE", "DE-BY", "2026-12-06T11:00:00Z", "2027-01-07", "2027-01-07T22:59:59Z", "2027-01-07T23:00:00Z")] // Epiphany in Bavaria
    [InlineData("DE", null, "2026-12-06T11:00:00Z", "2027-01-06", "2027-01-06T22:59:59Z", "2027-01-06T23:00:00Z")]
    [InlineData("FR", null, "2028-01-31T23:30:00Z", "2028-03-01", "2028-03-01T22:59:59Z", "2028-03-01T23:00:00Z")] // in Paris it is the first of February already
    [InlineData("FR", null, "2028-01-31T22:30:00Z", "2028-02-29", "2028-02-29T22:59:59Z", "2028-02-29T23:00:00Z")]
    [InlineData("FR", null, "2027-09-30T22:30:00Z", "2027-11-02", "2027-11-02T22:59:59Z", "2027-11-02T23:00:00Z")] // 1 October in Paris, All Saints', winter time
    public async Task Regulation_1182_71_3_a_deadline_ends_at_the_last_hour_where_it_is_due(string country, string? subdivision, string received, string due, string still, string over)
    {
        Task Set(string instant) => Operator.Put("/dev/clock", new JsonObject { ["now"] = instant }).Expect(200);
        await Set(received);
        var place = new JsonObject { ["country"] = country };
        if (subdivision is not null) place["subdivision"] = subdivision;
        var until = DateOnly.Parse(received[..10], System.Globalization.CultureInfo.InvariantCulture).AddMonths(11).Day();
        var asked = await Asked.Received(this, 2, new JsonObject { ["hooks"] = new JsonArray("gdpr:A20") }, place, until);
        Assert.Equal(due, (await asked.Union.Http.Get(asked.At).Expect(200))["deadlines"]!["next"].Text());
        await Set(still);
        Assert.Equal("received", (await asked.Union.Http.Get(asked.At).Expect(200))["state"].Text());
        await Set(over);
        Assert.Equal("overdue", (await asked.Union.Http.Get(asked.At).Expect(200))["state"].Text());
    }
}
