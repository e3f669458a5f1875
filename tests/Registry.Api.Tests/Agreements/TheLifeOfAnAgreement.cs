using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Agreements;

/// <summary>DOMAIN scenarios 2 and 4 over HTTP, to the day: extension, denunciation, survival, substitute, revision.</summary>
public sealed class TheLifeOfAnAgreement : RegistryApp
{
    private static readonly JsonObject Indefinite = new() { ["duration"] = "indefinite" };

    protected override DateTimeOffset Start => new(2026, 10, 1, 10, 0, 0, TimeSpan.Zero);

    private static async Task<string> State(Client client, string at, string on) => (await client.Get($"{at}?on={on}").Expect(200))["state"].Text();

    private static async Task<string> Decision(Sector sector, Guid platform, string on, string category = "reg:observed.trips") =>
        (await sector.Platform.Http.Post("/v1/decisions", Sector.Question(platform, on, category)).Expect(200))["decision"].Text();

    /// <summary>Scenario 2: half is not more than half; bound from the day that the decision names, without what it leaves out.</summary>
    [Fact]
    public async Task CT_L7343_49_an_extension_binds_who_signed_nothing()
    {
        var sector = await Sector.Found(this);
        var (others, stranger) = (await Register("employersAssociation", "Others"), await Register("platform", "Z"));
        await sector.Authority.Http.Put("/v1/representativeness/fr-platform:vtc/FR/1", new JsonObject
        {
            ["side"] = "platforms", ["ruleSet"] = "FR-PLATFORM", ["measuredOn"] = "2026-01-01",
            ["weights"] = new JsonArray([.. new[] { sector.Platforms, others }.Select(o => (JsonNode)new JsonObject { ["organisation"] = o.Id, ["percent"] = 50, ["representative"] = true })]),
        }).Expect(200);
        var at = await sector.Deposited(terms: [Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision"), Sector.Term("17§2", "reg:observed.location", "dpv:ServiceProvision")]);
        await MoveTo("2027-02-08");
        await sector.Unions['A'].Http.Change(at, "extensions", new JsonObject()).ExpectProblem(403, "wrong-role");
        var noticed = await sector.Authority.Http.Change(at, "extensions", new JsonObject()).Expect(200);
        Assert.Equal("2027-03-08", noticed["extensions"]![0]!["opposition"]!["until"].Text());
        var half = await sector.Platforms.Http.Change(at, "extensions/1/oppositions", new JsonObject { ["reason"] = "cost" }).Expect(200);
        Assert.Equal(50.00m, half["extensions"]![0]!["opposition"]!["share"]!.GetValue<decimal>());
        var decision = new JsonObject { ["granted"] = true, ["effectiveFrom"] = "2027-04-01", ["excludedClauses"] = new JsonArray("17§2"), ["reference"] = "décision du 20 mars 2027" };
        await MoveTo("2027-03-08");
        await sector.Authority.Http.Change(at, "extensions/1/decision", decision).ExpectProblem(409, "opposition-window-open");
        await MoveTo("2027-03-20");
        await others.Http.Change(at, "extensions/1/oppositions", new JsonObject { ["reason"] = "late" }).ExpectProblem(422, "opposition-late");
        await sector.Authority.Http.Change(at, "extensions/2/decision", decision).ExpectProblem(404, "unknown-extension");
        var granted = await sector.Authority.Http.Change(at, "extensions/1/decision", decision).Expect(200);
        Assert.True(granted["extensions"]![0]!["granted"]!.GetValue<bool>());
        var binding = (await Nobody.Get(at + "?on=2027-04-01").Expect(200))["binding"]!;
        Assert.Equal(("2027-04-01", "17§2"), (binding["extendedFrom"].Text(), binding["excludedClauses"]![0].Text()));
        Assert.Null((await Nobody.Get(at + "?on=2027-03-31").Expect(200))["binding"]!["extendedFrom"]);

        Assert.Equal(["notBound", "allowed"], [await Decision(sector, stranger.Id, "2027-03-31"), await Decision(sector, stranger.Id, "2027-04-01")]);
        Assert.Equal("notAgreed", await Decision(sector, stranger.Id, "2027-04-01", "reg:observed.location"));
        Assert.Equal("allowed", await Decision(sector, sector.Platform.Id, "2027-04-01", "reg:observed.location")); // a signatory's member is bound by all of it
    }

    /// <summary>Scenario 4: three months, then twelve; never fifteen.</summary>
    [Fact]
    public async Task CT_L7343_41_and_L2261_10_denounced_in_notice_surviving_and_ended()
    {
        var sector = await Sector.Found(this);
        var at = await sector.Deposited(text: Indefinite);
        await MoveTo("2026-11-30");
        var part = await sector.Unions['B'].Http.Change(at, "denunciations", new JsonObject()).Expect(200);
        Assert.Equal("inForce", part["state"].Text()); // one of two signatories of its side
        Assert.Equal(("2027-02-28", "2028-02-28"), (part["denunciations"]![0]!["noticeEnds"].Text(), part["denunciations"]![0]!["survivesUntil"].Text()));
        var whole = await sector.Unions['C'].Http.Change(at, "denunciations", new JsonObject { ["depositedOn"] = "2026-11-30" }).Expect(200);
        Assert.Equal(("denounced", "2027-02-28", "2028-02-28"), (whole["state"].Text(), whole["noticeEnds"].Text(), whole["survivesUntil"].Text()));
        foreach (var (day, state, decision) in new[]
        {
            ("2026-11-29", "inForce", "allowed"), ("2026-12-01", "notice", "allowed"), ("2027-02-28", "notice", "allowed"), ("2027-03-01", "surviving", "allowed"),
            ("2028-02-28", "surviving", "allowed"), ("2028-02-29", "ended", "notAgreed"),
        })
        {
            Assert.Equal(state, await State(Nobody, at, day));
            Assert.Equal(decision, await Decision(sector, sector.Platform.Id, day));
        }
        await sector.Unions['A'].Http.Change(at, "denunciations", new JsonObject()).ExpectProblem(403, "not-a-signatory");
        await sector.Platforms.Http.Change(at, "denunciations", new JsonObject()).ExpectProblem(409, "already-denounced");
    }

    [Fact]
    public async Task CT_L2261_10_a_substitute_in_force_ends_the_survival()
    {
        var sector = await Sector.Found(this);
        var old = await sector.Deposited(text: Indefinite);
        await MoveTo("2026-11-30");
        foreach (var author in new[] { 'B', 'C' }) await sector.Unions[author].Http.Change(old, "denunciations", new JsonObject()).Expect(200);
        await MoveTo("2027-09-20");
        var substitutes = new JsonObject { ["substitutes"] = old.Split('/')[^1] };
        var other = sector.Opening();
        (other["substitutes"], other["ruleSet"]) = (old.Split('/')[^1], "FR-BRANCH");
        await sector.Unions['A'].Http.Post("/v1/agreements", other).ExpectProblem(422, "not-a-substitute", "/substitutes");
        var at = await sector.Deposited(substitutes, deposit: new JsonObject { ["effectiveFrom"] = "2027-10-15" });
        Assert.Equal("2027-10-14", (await Nobody.Get(old).Expect(200))["survivesUntil"].Text());
        Assert.Equal(["surviving", "ended", "inForce"], [await State(Nobody, old, "2027-10-14"), await State(Nobody, old, "2027-10-15"), await State(Nobody, at, "2027-10-15")]);
        Assert.Equal(at.Split('/')[^1], (await Nobody.Get(old).Expect(200))["substitutedBy"].Text());
    }

    [Fact]
    public async Task CT_L2261_9_a_fixed_term_is_not_denounced()
    {
        var sector = await Sector.Found(this);
        var at = await sector.Deposited();
        await MoveTo("2026-11-01");
        var problem = await sector.Unions['B'].Http.Change(at, "denunciations", new JsonObject()).ExpectProblem(409, "fixed-term");
        Assert.Contains("L7343-41", problem["detail"].Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CT_L7343_40_an_amendment_replaces_clause_by_clause_from_its_own_day()
    {
        var sector = await Sector.Found(this);
        await sector.Unions['A'].Http.Change(await Opened(sector), "amendments", new JsonObject { ["clauses"] = new JsonArray() }).ExpectProblem(409, "nothing-to-amend");
        var at = await sector.Deposited(terms: [Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision"), Sector.Term("2", "reg:observed.location", "dpv:ServiceProvision")]);
        await MoveTo("2026-12-01");
        var clause = Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision", more: new JsonObject { ["maxRetention"] = "P30D" });
        await sector.Unions['B'].Http.Change(at, "amendments", new JsonObject()).ExpectProblem(400, "terms-or-clauses");
        await sector.Unions['D'].Http.Change(at, "amendments", new JsonObject { ["clauses"] = new JsonArray(clause.DeepClone()) }).ExpectProblem(403, "only-signatories-revise");
        await sector.Unions['B'].Http.Change(at, "amendments", new JsonObject { ["clauses"] = new JsonArray(), ["removed"] = new JsonArray("9") }).ExpectProblem(422, "no-such-clause", "/removed");
        await sector.Unions['B'].Http.Change(at, "amendments", new JsonObject { ["clauses"] = new JsonArray(Sector.Term("3", "reg:nothing", "dpv:ServiceProvision")) }).ExpectProblem(422, "unknown-code", "/clauses/0/category");
        await sector.Amend(at, new JsonObject { ["clauses"] = new JsonArray(clause.DeepClone()), ["removed"] = new JsonArray("2") });
        var (before, after) = (await Nobody.Get(at + "?on=2026-12-17").Expect(200), await Nobody.Get(at + "?on=2026-12-18").Expect(200));
        Assert.Equal((1, 2, "P90D"), (before["version"]!.GetValue<int>(), before["terms"]!.AsArray().Count, before["terms"]![0]!["maxRetention"].Text()));
        Assert.Equal((2, 1, "P30D"), (after["version"]!.GetValue<int>(), after["terms"]!.AsArray().Count, after["terms"]![0]!["maxRetention"].Text()));
        Assert.Equal("inForce", after["amendments"]![0]!["state"].Text());
        Assert.Equal("P30D", (await sector.Platform.Http.Post("/v1/decisions", Sector.Question(sector.Platform.Id, "2026-12-18")).Expect(200))["maxRetention"].Text());
    }

    [Fact]
    public async Task CT_L7343_42_leaving_the_organisation_after_the_signature_frees_nobody()
    {
        var sector = await Sector.Found(this);
        await sector.Deposited();
        await MoveTo("2026-11-01");
        string Of(Organisation organisation, string what) => $"/v1/organisations/{organisation.Id}/{what}";
        JsonObject With(Organisation other, string? name = null, string? day = null) => name is null ? new() { ["organisation"] = other.Id } : new() { ["organisation"] = other.Id, [name] = day };
        await sector.Platforms.Http.Post(Of(sector.Platform, "departures"), With(sector.Platforms, "on", "2026-09-30")).ExpectProblem(422, "back-dated", "/on"); // before it signed: that would free it
        await sector.Unions['B'].Http.Post(Of(sector.Platform, "departures"), With(sector.Platforms)).ExpectProblem(403, "not-your-member");
        var left = await sector.Platform.Http.Post(Of(sector.Platform, "departures"), With(sector.Platforms)).Expect(200);
        Assert.Equal("2026-11-01", left["memberOf"]![0]!["to"].Text());
        Assert.Equal("allowed", await Decision(sector, sector.Platform.Id, "2026-12-01"));

        var late = await Register("platform", "Late");
        Assert.Equal("notBound", await Decision(sector, late.Id, "2026-12-01"));
        await sector.Platforms.Http.Post(Of(late, "memberships"), With(sector.Platforms)).ExpectProblem(403, "not-your-member"); // nobody conscripts a rival
        await late.Http.Post(Of(late, "memberships"), With(sector.Unions['B'])).ExpectProblem(422, "wrong-kind-of-organisation", "/organisation");
        await late.Http.Post(Of(late, "memberships"), With(sector.Platforms, "from", "2026-10-01")).ExpectProblem(422, "back-dated", "/from");
        await late.Http.Post(Of(late, "memberships"), With(sector.Platforms)).Expect(200);
        Assert.Equal(["notBound", "allowed"], [await Decision(sector, late.Id, "2026-10-31"), await Decision(sector, late.Id, "2026-11-01")]);
        await Operator.Post(Of(late, "departures"), With(sector.Platforms, "on", "2026-11-01")).ExpectProblem(422, "left-before-it-joined", "/on");
        await Operator.Post(Of(late, "memberships"), With(late)).ExpectProblem(422, "member-of-itself");
        await Operator.Post(Of(late, "memberships"), new JsonObject { ["organisation"] = Guid.NewGuid() }).ExpectProblem(422, "unknown-organisation-named");
        await Operator.Post(Of(sector.Authority, "departures"), With(late)).ExpectProblem(409, "no-member");
    }

    [Fact]
    public async Task Of_concurrent_proposals_one_is_tabled_and_the_others_are_stale()
    {
        var sector = await Sector.Found(this);
        var at = await Opened(sector);
        var etag = (await Nobody.Get(at)).ETag!;
        var text = Sector.Text(Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => sector.Unions["ABCD"[i % 4]].Http.Post($"{at}/proposals", text, ("If-Match", etag))));
        Assert.Equal(1, answers.Count(a => a.Status == 200));
        Assert.Equal(11, answers.Count(a => a is { Status: 412, Code: "stale-revision" }));
    }

    private static async Task<string> Opened(Sector sector) => $"/v1/agreements/{(await sector.Unions['A'].Http.Post("/v1/agreements", sector.Opening()).Expect(201))["id"]}";
}
