using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Agreements;

/// <summary>DOMAIN scenario 1, over HTTP, to the day and the hundredth of a percent.</summary>
public sealed class ConcludingAnAgreement : RegistryApp
{
    private static readonly JsonObject Trips = Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision");

    [Fact]
    public async Task CT_L7343_29_thirty_is_not_more_than_thirty_and_forty_six_is()
    {
        var sector = await Sector.Found(this);
        await MoveTo("2026-12-10");
        var (at, named) = await sector.Agree("FR-PLATFORM", Trips);
        await sector.Platforms.Http.Change(at, "signatures", named).Expect(200);
        var alone = await sector.Unions['B'].Http.Change(at, "signatures", named).Expect(200);
        Assert.Equal(("consensus", "30.00"), (alone["state"].Text(), alone["share"]!["workers"]!.ToJsonString())); // two decimals, always
        await sector.Unions['B'].Http.Change(at, "notifications", new JsonObject()).ExpectProblem(409, "not-signed");
        var both = await sector.Unions['C'].Http.Change(at, "signatures", named).Expect(200);
        Assert.Equal(("signed", 46.00m), (both["state"].Text(), both["share"]!["workers"]!.GetValue<decimal>()));
        Assert.Equal(3, both["signatures"]!.AsArray().Count);

        await MoveTo("2026-12-17");
        var notified = await sector.Unions['B'].Http.Change(at, "notifications", new JsonObject()).Expect(200);
        Assert.Equal("2027-01-04", notified["opposition"]!["until"].Text());
        await MoveTo("2027-01-04");
        await sector.Platforms.Http.Change(at, "deposits", new JsonObject()).ExpectProblem(409, "opposition-window-open", "/depositedOn");
        await MoveTo("2027-01-05");
        Assert.Equal("valid", (await Nobody.Get(at).Expect(200))["state"].Text());
        await sector.Unions['A'].Http.Change(at, "oppositions", new JsonObject { ["reason"] = "too late" }).ExpectProblem(422, "opposition-late", "/receivedOn");
        var deposited = await sector.Platforms.Http.Change(at, "deposits", new JsonObject()).Expect(200);
        Assert.Equal(("deposited", "2027-01-06", "2032-01-06"), (deposited["state"].Text(), deposited["validity"]!["from"].Text(), deposited["validity"]!["to"].Text()));
        await MoveTo("2027-01-06");
        Assert.Equal("inForce", (await Nobody.Get(at).Expect(200))["state"].Text());
        Assert.Equal("inForce", (await Nobody.Get(at + "?on=2032-01-05").Expect(200))["state"].Text());
        Assert.Equal("expired", (await Nobody.Get(at + "?on=2032-01-06").Expect(200))["state"].Text());
    }

    [Fact]
    public async Task CT_L2232_6_thirty_is_at_least_thirty()
    {
        var sector = await Sector.Found(this, "FR-BRANCH");
        var (at, named) = await sector.Agree("FR-BRANCH", Trips);
        await sector.Unions['B'].Http.Change(at, "signatures", named).Expect(200);
        Assert.Equal("signed", (await sector.Platforms.Http.Change(at, "signatures", named).Expect(200))["state"].Text());
    }

    [Fact]
    public async Task CT_L2231_8_opposition_of_more_than_half_kills_the_agreement()
    {
        var sector = await Sector.Found(this);
        var (at, named) = await sector.Agree("FR-PLATFORM", Trips);
        foreach (var signer in new[] { sector.Unions['B'], sector.Unions['C'], sector.Platforms }) await signer.Http.Change(at, "signatures", named).Expect(200);
        await sector.Unions['B'].Http.Change(at, "notifications", new JsonObject()).Expect(200);
        var alone = await sector.Unions['A'].Http.Change(at, "oppositions", new JsonObject { ["reason"] = "retention" }).Expect(200);
        Assert.Equal(("notified", 42.00m), (alone["state"].Text(), alone["opposition"]!["share"]!.GetValue<decimal>()));
        var both = await sector.Unions['D'].Http.Change(at, "oppositions", new JsonObject { ["reason"] = "retention" }).Expect(200);
        Assert.Equal(("opposed", 54.00m), (both["state"].Text(), both["opposition"]!["share"]!.GetValue<decimal>()));
        await MoveTo("2027-01-20");
        await sector.Platforms.Http.Change(at, "deposits", new JsonObject()).ExpectProblem(409, "agreement-opposed");
    }

    [Fact]
    public async Task After_the_notification_a_signature_adds_a_name_and_the_window_closes_for_good()
    {
        var sector = await Sector.Found(this);
        var (at, named) = await sector.Agree("FR-PLATFORM", Trips);
        foreach (var signer in new[] { sector.Unions['B'], sector.Unions['C'], sector.Platforms }) await signer.Http.Change(at, "signatures", named).Expect(200);
        await sector.Unions['B'].Http.Change(at, "notifications", new JsonObject()).Expect(200);
        var joined = await sector.Unions['D'].Http.Change(at, "signatures", named).Expect(200);
        Assert.Equal(("notified", 58.00m), (joined["state"].Text(), joined["share"]!["workers"]!.GetValue<decimal>()));
        await MoveTo("2026-12-20");
        await sector.Unions['B'].Http.Change(at, "notifications", new JsonObject()).ExpectProblem(409, "already-decided");
        await sector.Unions['A'].Http.Change(at, "oppositions", new JsonObject { ["reason"] = "antedated", ["receivedOn"] = "2026-12-01" }).ExpectProblem(422, "opposition-late");
        var deposited = await sector.Platforms.Http.Change(at, "deposits", new JsonObject { ["effectiveFrom"] = "2026-12-20" }).Expect(200);
        Assert.Equal("inForce", deposited["state"].Text()); // what an act answers is what a reading of the same day says
        Assert.Equal("inForce", (await Nobody.Get(at).Expect(200))["state"].Text());
    }

    /// <summary>The latest weights measured on or before the signature count, also for the opposition.</summary>
    [Fact]
    public async Task A_later_measure_does_not_change_what_an_opposition_weighs()
    {
        var sector = await Sector.Found(this);
        var (at, named) = await sector.Agree("FR-PLATFORM", Trips);
        foreach (var signer in new[] { sector.Unions['B'], sector.Unions['C'], sector.Platforms }) await signer.Http.Change(at, "signatures", named).Expect(200);
        await sector.Unions['B'].Http.Change(at, "notifications", new JsonObject()).Expect(200);
        await MoveTo("2026-11-27");
        await sector.Authority.Http.Put("/v1/representativeness/fr-platform:vtc/FR/2", new JsonObject
        {
            ["side"] = "workers", ["ruleSet"] = "FR-PLATFORM", ["measuredOn"] = "2026-11-27", ["weights"] = new JsonArray(new JsonObject { ["organisation"] = sector.Unions['A'].Id, ["percent"] = 100, ["representative"] = true }),
        }).Expect(200);
        var opposed = await sector.Unions['A'].Http.Change(at, "oppositions", new JsonObject { ["reason"] = "retention" }).Expect(200);
        Assert.Equal(("notified", 42.00m), (opposed["state"].Text(), opposed["opposition"]!["share"]!.GetValue<decimal>()));
    }

    [Fact]
    public async Task A_measure_names_each_organisation_once_of_its_side_and_not_in_the_future()
    {
        var sector = await Sector.Found(this);
        Task<Answer> Put(string measuredOn, params (Guid Organisation, int Percent)[] weights) => sector.Authority.Http.Put("/v1/representativeness/fr-platform:vtc/FR/3", new JsonObject
        {
            ["side"] = "workers", ["ruleSet"] = "FR-PLATFORM", ["measuredOn"] = measuredOn,
            ["weights"] = new JsonArray([.. weights.Select(w => (JsonNode)new JsonObject { ["organisation"] = w.Organisation, ["percent"] = w.Percent, ["representative"] = true })]),
        });
        await Put("2026-01-01", (sector.Unions['A'].Id, 50), (sector.Unions['A'].Id, 50)).ExpectProblem(422, "weighed-twice");
        await Put("2026-01-01", (sector.Platform.Id, 100)).ExpectProblem(422, "wrong-kind-of-organisation");
        await Put("2026-12-01", (sector.Unions['A'].Id, 100)).ExpectProblem(422, "in-the-future", "/measuredOn");
    }

    [Fact]
    public async Task Turns_hashes_and_parties_are_kept()
    {
        var sector = await Sector.Found(this);
        var opened = await sector.Unions['A'].Http.Post("/v1/agreements", sector.Opening()).Expect(201);
        var at = $"/v1/agreements/{opened["id"]}";
        await sector.Unions['A'].Http.Change(at, "proposals", Sector.Text(Trips)).Expect(200);
        await sector.Unions['B'].Http.Change(at, "proposals", Sector.Text(Trips)).ExpectProblem(409, "not-your-turn");
        await sector.Platform.Http.Change(at, "proposals", Sector.Text(Trips)).ExpectProblem(403, "not-a-party");
        var counter = await sector.Platforms.Http.Change(at, "proposals", Sector.Text(Trips, Sector.Term("2", "reg:reputation", "dpv:Marketing", "forbidden"))).Expect(200);
        Assert.Equal("counterProposed", counter["state"].Text());
        Assert.Null(counter["terms"]);
        var stale = new JsonObject { ["version"] = 1, ["termsHash"] = counter["tabled"]!["termsHash"]!.DeepClone() };
        await sector.Unions['A'].Http.Change(at, "acceptances", stale).ExpectProblem(409, "not-the-tabled-text");
        var named = new JsonObject { ["version"] = 2, ["termsHash"] = counter["tabled"]!["termsHash"]!.DeepClone() };
        var agreed = await sector.Unions['A'].Http.Change(at, "acceptances", named).Expect(200);
        Assert.Equal(("consensus", 2), (agreed["state"].Text(), agreed["version"]!.GetValue<int>()));
        Assert.Equal(agreed["tabled"]!["termsHash"].Text(), agreed["termsHash"].Text());
    }

    /// <summary>A party that recomputes the hash from what it reads finds the same.</summary>
    [Fact]
    public async Task The_hash_is_SHA_256_over_the_RFC_8785_form_of_the_terms_as_answered()
    {
        var sector = await Sector.Found(this);
        var (at, named) = await sector.Agree("FR-PLATFORM", Trips, Sector.Term("2", "reg:reputation", "dpv:Marketing", "forbidden"));
        var terms = (await Nobody.Get(at).Expect(200))["terms"]!;
        using var document = System.Text.Json.JsonDocument.Parse(terms.ToJsonString());
        var canonical = Registry.EventStore.Leaves.CanonicalJson.Of(document.RootElement);
        Assert.Equal(named["termsHash"].Text(), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(canonical)));
    }

    [Theory]
    [InlineData("legalBasis", "[]", "no-legal-basis", "/terms/0/legalBasis")]
    [InlineData("legalBasis", "[\"gdpr:A6-1-b\",\"reg:collectiveAgreement\"]", "agreement-is-no-legal-basis", "/terms/0/legalBasis/1")]
    [InlineData("maxRetention", "null", "open-ended-retention", "/terms/0/maxRetention")]
    [InlineData("minRetention", "\"P1Y\"", "minimum-above-maximum", "/terms/0/minRetention")]
    [InlineData("purpose", "\"dpv:SellDataToThirdParties\"", "sale-of-personal-data", "/terms/0/purpose")]
    [InlineData("consideration", "\"serviceAccess\"", "service-access-as-consideration", "/terms/0/consideration")]
    [InlineData("consideration", "\"price\"", "price-on-personal-data", "/terms/0/consideration")]
    [InlineData("category", "\"reg:special.health\"", "special-category-without-basis", "/terms/0/legalBasis")]
    [InlineData("category", "\"reg:nothing\"", "unknown-code", "/terms/0/category")]
    public async Task GDPR_88_a_term_against_the_law_is_refused_at_the_table(string field, string value, string code, string pointer)
    {
        var sector = await Sector.Found(this);
        var opened = await sector.Unions['A'].Http.Post("/v1/agreements", sector.Opening()).Expect(201);
        var at = $"/v1/agreements/{opened["id"]}";
        var refused = await sector.Unions['A'].Http.Change(at, "proposals", Sector.Text(Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision", "allowed", new JsonObject { [field] = JsonNode.Parse(value) }))).ExpectProblem(422, code, pointer);
        if (Registry.Api.Http.Problems.Catalogue[code].Source is { } source) Assert.Contains(source, refused["detail"].Text(), StringComparison.Ordinal);
        Assert.Equal("draft", (await Nobody.Get(at).Expect(200))["state"].Text());
    }

    [Fact]
    public async Task What_was_agreed_decides_and_silence_never_allows()
    {
        var sector = await Sector.Found(this);
        await sector.InForce(
            Sector.Term("2", "reg:observed.location", "dpv:RequestedServiceProvision"), Sector.Term("3", "reg:observed.location", "dpv:Marketing", "forbidden"));
        async Task<JsonNode> Ask(string category, string purpose, Guid platform, string? recipient = null) => await sector.Platform.Http.Post("/v1/decisions", new JsonObject
        {
            ["platform"] = platform, ["sector"] = "fr-platform:vtc", ["territory"] = "FR-69M", ["status"] = "selfEmployed", ["category"] = category, ["purpose"] = purpose, ["recipient"] = recipient,
        }).Expect(200);
        var allowed = await Ask("reg:observed.location", "dpv:RequestedServiceProvision", sector.Platform.Id);
        Assert.Equal(("allowed", "P90D"), (allowed["decision"].Text(), allowed["maxRetention"].Text()));
        Assert.Equal("2", allowed["because"]![0]!["clause"].Text());
        Assert.True(allowed["position"]!.GetValue<long>() > 0);
        Assert.Contains("90 jours au plus", allowed["explanation"]!["fr"].Text(), StringComparison.Ordinal);
        Assert.Equal("forbidden", (await Ask("reg:observed.location", "dpv:Advertising", sector.Platform.Id))["decision"].Text());
        Assert.Equal("notAgreed", (await Ask("reg:observed.location", "dpv:RequestedServiceProvision", sector.Platform.Id, "advertiser"))["decision"].Text());
        Assert.Equal("notAgreed", (await Ask("reg:observed.location.offDuty", "dpv:RequestedServiceProvision", sector.Platform.Id))["decision"].Text());
        Assert.Equal("notBound", (await Ask("reg:observed.location", "dpv:RequestedServiceProvision", (await Register("platform", "Stranger")).Id))["decision"].Text());

        var terms = await sector.Platform.Http.Get($"/v1/terms?sector=fr-platform:vtc&territory=FR&status=selfEmployed&platform={sector.Platform.Id}");
        Assert.Equal(2, terms.Body!["items"]!.AsArray().Count);
        Assert.Equal(304, (await sector.Platform.Http.Get($"/v1/terms?sector=fr-platform:vtc&territory=FR&status=selfEmployed&platform={sector.Platform.Id}", ("If-None-Match", terms.ETag!))).Status);
    }

    [Fact]
    public async Task Weights_are_measured_once_by_the_countrys_authority()
    {
        var sector = await Sector.Found(this);
        await sector.Measure("FR-PLATFORM", "1").Expect(200); // again is harmless
        var other = await Register("authority", "Dutch", new JsonObject { ["country"] = "NL" });
        await other.Http.Put("/v1/representativeness/fr-platform:vtc/FR/9", new JsonObject
        {
            ["side"] = "workers", ["ruleSet"] = "FR-PLATFORM", ["measuredOn"] = "2026-01-01", ["weights"] = new JsonArray(new JsonObject { ["organisation"] = sector.Unions['A'].Id, ["percent"] = 100, ["representative"] = true }),
        }).ExpectProblem(403, "outside-jurisdiction");
        await sector.Authority.Http.Put("/v1/representativeness/fr-platform:vtc/FR/1", new JsonObject
        {
            ["side"] = "workers", ["ruleSet"] = "FR-PLATFORM", ["measuredOn"] = "2026-01-01", ["weights"] = new JsonArray(new JsonObject { ["organisation"] = sector.Unions['A'].Id, ["percent"] = 100, ["representative"] = true }),
        }).ExpectProblem(409, "already-measured");
        var read = await Nobody.Get("/v1/representativeness?sector=fr-platform:vtc&territory=FR").Expect(200);
        Assert.Equal(42.00m, read["items"]![0]!["weights"]![0]!["percent"]!.GetValue<decimal>());
    }
}
