using System.Text.Json.Nodes;
using Registry.Application.Agreements;
using Registry.Application.Terms;

namespace Registry.Api.Tests.Agreements;

/// <summary>The public record: a state on any day, as known at any instant; history, versions, search and export.</summary>
public sealed class AsItWasAndAsItWasKnown : RegistryApp
{
    private static readonly JsonObject Trips = Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision");

    protected override DateTimeOffset Start => new(2026, 10, 1, 10, 0, 0, TimeSpan.Zero);

    private async Task<string> State(string at, string on, string? knownAt = null) =>
        (await Nobody.Get($"{at}?on={on}{(knownAt is null ? "" : "&knownAt=" + knownAt)}").Expect(200))["state"].Text();

    [Fact]
    public async Task A_late_deposit_answers_differently_for_what_was_known()
    {
        var sector = await Sector.Found(this);
        var (at, named) = await sector.Agree("FR-PLATFORM", Trips);
        foreach (var signer in new[] { sector.Unions['B'], sector.Unions['C'], sector.Platforms }) await signer.Http.Change(at, "signatures", named).Expect(200);
        await sector.Unions['B'].Http.Change(at, "notifications", new JsonObject()).Expect(200);
        await MoveTo("2026-12-01");
        await sector.Platforms.Http.Change(at, "deposits", new JsonObject { ["depositedOn"] = "2026-10-20" }).Expect(200);
        await MoveTo("2026-12-02");
        Assert.Equal("inForce", await State(at, "2026-11-01"));
        Assert.Equal("valid", await State(at, "2026-11-01", "2026-11-15T00:00:00Z"));
        Assert.Equal("inForce", await State(at, "2026-11-01", "2026-12-01T23:00:00Z"));
        // Each act shows on its own day, and never before it.
        Assert.Equal(["notified", "notified", "valid", "deposited", "inForce"], [await State(at, "2026-10-01"), await State(at, "2026-10-16"), await State(at, "2026-10-17"), await State(at, "2026-10-20"), await State(at, "2026-10-21")]);
        await Nobody.Get($"{at}?on=2026-09-30").ExpectProblem(404, "unknown-agreement");
        await Nobody.Get($"{at}?on=2026-11-01&knownAt=2026-09-30T00:00:00Z").ExpectProblem(404, "unknown-agreement");
        await Nobody.Get($"{at}?knownAt=2027-01-01T00:00:00Z").ExpectProblem(422, "known-at-not-settled", "?knownAt");
        await Nobody.Get($"{at}?knownAt=2026-11-01").ExpectProblem(400, "invalid-parameter");
    }

    [Fact]
    public async Task What_was_known_of_a_back_dated_effect_and_of_a_rectification_stays_what_it_was()
    {
        var sector = await Sector.Found(this);
        var at = await sector.Deposited(terms: [Trips]);
        await MoveTo("2026-11-10");
        var mended = new JsonObject { ["version"] = 1, ["clauses"] = new JsonArray(Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision", more: new JsonObject { ["maxRetention"] = "P9D" })), ["reason"] = "a zero too many" };
        var asked = await sector.Unions['B'].Http.Change(at, "rectifications", mended).Expect(200);
        Assert.Equal(("P90D", sector.Unions['B'].Id), (asked["terms"]![0]!["maxRetention"].Text(), asked["corrections"]![0]!["by"]!.GetValue<Guid>()));
        Assert.DoesNotContain("a zero too many", (await Nobody.Get(at)).Text, StringComparison.Ordinal); // reasons are kept and not published
        Assert.Equal("P90D", (await sector.Unions['C'].Http.Change(at, "rectifications", mended).Expect(200))["terms"]![0]!["maxRetention"].Text());
        await MoveTo("2026-11-20");
        var both = await sector.Platforms.Http.Change(at, "rectifications", mended).Expect(200);
        Assert.Equal(("P9D", 1), (both["terms"]![0]!["maxRetention"].Text(), both["version"]!.GetValue<int>()));
        await MoveTo("2026-12-20");
        async Task<(string, string)> Read(string on, string knownAt)
        {
            var read = await Nobody.Get($"{at}?on={on}&knownAt={knownAt}").Expect(200);
            return (read["terms"]![0]!["maxRetention"].Text(), read["termsHash"].Text());
        }
        var signed = asked["termsHash"].Text();
        Assert.Equal(("P90D", signed), await Read("2026-11-01", "2026-11-19T00:00:00Z"));
        Assert.Equal("P9D", (await Read("2026-11-01", "2026-11-21T00:00:00Z")).Item1); // it was always meant so
        Assert.NotEqual(signed, (await Read("2026-11-01", "2026-11-21T00:00:00Z")).Item2);

        // An extension decided on 20 December with effect from 1 December.
        await sector.Authority.Http.Change(at, "extensions", new JsonObject { ["noticeOn"] = "2026-10-20" }).Expect(200);
        await sector.Authority.Http.Change(at, "extensions/1/decision", new JsonObject { ["granted"] = true, ["effectiveFrom"] = "2026-12-01" }).Expect(200);
        await MoveTo("2026-12-21");
        async Task<string?> Extended(string knownAt) => (await Nobody.Get($"{at}?on=2026-12-05&knownAt={knownAt}").Expect(200))["binding"]!["extendedFrom"]?.GetValue<string>();
        Assert.Equal((null, "2026-12-01"), (await Extended("2026-12-19T00:00:00Z"), await Extended("2026-12-21T00:00:00Z")));

        var before = (await Nobody.Get($"{at}?on=2026-11-01&knownAt=2026-11-19T00:00:00Z")).Text;
        await sector.Amend(at, new JsonObject { ["clauses"] = new JsonArray(Sector.Term("2", "reg:observed.location", "dpv:ServiceProvision")) });
        Assert.Equal(before, (await Nobody.Get($"{at}?on=2026-11-01&knownAt=2026-11-19T00:00:00Z")).Text); // reproducible for ever
    }

    [Fact]
    public async Task The_history_is_told_in_plain_words_and_names_no_negotiator()
    {
        var sector = await Sector.Found(this);
        var proposal = Sector.Text(Trips);
        (proposal["note"], proposal["duration"]) = ("negotiated by Camille Martin", "indefinite");
        var opened = $"/v1/agreements/{(await sector.Unions['A'].Http.Post("/v1/agreements", sector.Opening()).Expect(201))["id"]}";
        await sector.Unions['A'].Http.Change(opened, "proposals", proposal).Expect(200);
        var at = await sector.Deposited(text: new JsonObject { ["duration"] = "indefinite" });
        await MoveTo("2026-11-30");
        foreach (var author in new[] { 'B', 'C' }) await sector.Unions[author].Http.Change(at, "denunciations", new JsonObject()).Expect(200);
        var items = (await Nobody.Get(at + "/history").Expect(200))["items"]!.AsArray();
        Assert.Equal(10, items.Count);
        Assert.Equal("Union A opened the negotiation.", items[0]!["text"]!["en"].Text());
        Assert.Equal("Union C a signé le texte 1. Les signatures pèsent 46,00 % du côté des travailleurs : ce n'est pas encore assez.", items[4]!["text"]!["fr"].Text());
        Assert.Equal("Union B notified the signed text on 1 October 2026; it can be opposed until 16 October 2026.", items[6]!["text"]!["en"].Text());
        Assert.Equal("Platforms a déposé le texte le 17 octobre 2026 : en vigueur à compter du 18 octobre 2026, sans terme.", items[7]!["text"]!["fr"].Text());
        Assert.Contains("survives until 28 February 2028 at the latest", items[9]!["text"]!["en"].Text(), StringComparison.Ordinal);
        Assert.True(items.Select(i => i!["position"]!.GetValue<long>()).SequenceEqual(items.Select(i => i!["position"]!.GetValue<long>()).Order()));
        foreach (var public_ in new[] { opened, opened + "/history", opened + "/versions", opened + "/versions/1" }) Assert.DoesNotContain("Camille", (await Nobody.Get(public_)).Text, StringComparison.Ordinal);
        await Nobody.Get($"/v1/agreements/{Guid.NewGuid()}/history").ExpectProblem(404, "unknown-agreement");
    }

    [Fact]
    public async Task Every_text_that_was_on_the_table_is_kept()
    {
        var sector = await Sector.Found(this);
        var at = $"/v1/agreements/{(await sector.Unions['A'].Http.Post("/v1/agreements", sector.Opening()).Expect(201))["id"]}";
        Assert.Empty((await Nobody.Get(at + "/versions").Expect(200))["items"]!.AsArray());
        await sector.Unions['A'].Http.Change(at, "proposals", Sector.Text(Trips)).Expect(200);
        var counter = await sector.Platforms.Http.Change(at, "proposals", Sector.Text(Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision", more: new JsonObject { ["maxRetention"] = "P1Y" }))).Expect(200);
        Assert.Equal("counterProposed", counter["state"].Text());
        var items = (await Nobody.Get(at + "/versions").Expect(200))["items"]!.AsArray();
        Assert.Equal([true, false], items.Select(v => v!["answered"]!.GetValue<bool>()));
        Assert.Equal("P90D", (await Nobody.Get(at + "/versions/1").Expect(200))["terms"]![0]!["maxRetention"].Text());
        await Nobody.Get(at + "/versions/3").ExpectProblem(404, "unknown-version");
        await Nobody.Get($"/v1/agreements/{Guid.NewGuid()}/versions").ExpectProblem(404, "unknown-agreement");
    }

    [Fact]
    public async Task Agreements_are_found_by_place_sector_party_state_day_and_words_in_both_languages()
    {
        var sector = await Sector.Found(this);
        var paris = new JsonObject
        {
            ["title"] = "Accord régional sur la géolocalisation des chauffeurs", ["level"] = "local",
            ["scope"] = new JsonObject { ["sectors"] = new JsonArray("fr-platform:vtc"), ["territories"] = new JsonArray("FR-75C"), ["statuses"] = new JsonArray("selfEmployed") },
        };
        var local = await sector.Deposited(paris, terms: [Sector.Term("1", "reg:observed.location", "dpv:ServiceProvision")]);
        var national = $"/v1/agreements/{(await sector.Unions['A'].Http.Post("/v1/agreements", sector.Opening()).Expect(201))["id"]}";
        async Task<IEnumerable<string>> Found(string query) => (await Nobody.Get("/v1/agreements?" + query).Expect(200))["items"]!.AsArray().Select(a => $"/v1/agreements/{a!["id"]}").Order();
        string[] both = [.. new[] { local, national }.Order()];
        Assert.Equal(both, await Found(""));
        Assert.Equal([local], await Found("territory=FR-75"));
        Assert.Equal(both, await Found("territory=FR"));
        Assert.Equal(both, await Found("sector=fr-platform:vtc"));
        Assert.Empty(await Found("sector=idcc:2216"));
        Assert.Equal(both, await Found($"organisation={sector.Unions['D'].Id}"));
        Assert.Empty(await Found($"organisation={sector.Authority.Id}"));
        Assert.Equal([local], await Found("q=GEOLOCALISATION chauffeur"));
        Assert.Equal([local], await Found("q=localisation")); // the category's French name
        Assert.Equal([local], await Found("q=location")); // and its English one
        Assert.Equal([national], await Found("q=ride-hailing"));
        Assert.Empty(await Found("q=chauffeur nothing"));
        Assert.Equal(both, await Found("q=' | %26 ! ( : * \\")); // no word, no operator
        Assert.Equal([national], await Found("state=draft"));
        Assert.Equal([local], await Found("state=deposited"));
        Assert.Equal([local], await Found("state=inForce&on=2026-10-18"));
        Assert.Empty(await Found("state=inForce&on=2026-10-17"));
        Assert.Equal([local], await Found("state=expired&on=2035-01-01"));
        await MoveTo("2026-11-01");
        Assert.Equal([local], await Found("state=notified&on=2026-10-10"));
        Assert.Empty(await Found("on=2026-09-30"));
        await Nobody.Get("/v1/agreements?state=nonsense").ExpectProblem(400, "invalid-parameter");
        await Nobody.Get("/v1/agreements?sector=nace2:nothing").ExpectProblem(422, "unknown-code", "?sector");
    }

    [Fact]
    public async Task The_export_is_ODRL_and_reads_back_to_the_same_terms_hash()
    {
        var sector = await Sector.Found(this);
        var rich = Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision", more: new JsonObject
        {
            ["minRetention"] = "P30D", ["retentionFrom"] = "contractEnd", ["safeguards"] = new JsonArray("aggregate at source"), ["minGroup"] = 11, ["generalisation"] = "district",
            ["subPurposes"] = new JsonArray("dpv:ServiceOptimisation"), ["consideration"] = "benefit", ["recipients"] = new JsonArray(),
            ["entitlements"] = new JsonObject { ["portability"] = new JsonObject { ["formats"] = new JsonArray("json"), ["within"] = "P7D", ["channel"] = "api" }, ["information"] = true, ["humanReview"] = false },
        });
        var at = await sector.Deposited(terms: [rich, Sector.Term("2 §b", "reg:inferred", "dpv:Marketing", "forbidden"), Sector.Term("3", "reg:observed.trips", "dpv:ServiceOptimisation")]);
        var answer = await Nobody.Get(at, ("Accept", "application/ld+json"));
        Assert.Equal("application/ld+json", answer.Content.ContentType!.MediaType);
        var policy = JsonNode.Parse(answer.Text)!.AsObject();
        var hash = (await Nobody.Get(at).Expect(200))["termsHash"].Text();
        Assert.Equal(hash, TermReading.Hash(OdrlAgreement.Terms(policy)));
        Assert.Equal(hash, policy["reg:termsHash"].Text());
        Assert.Equal("urn:registry:", policy["@context"]![1]!["reg"].Text()); // nearest terms of DPV-PD are not equal ones: our codes are not its IRIs
        Assert.Equal(("Agreement", 2, 1), (policy["@type"].Text(), policy["permission"]!.AsArray().Count, policy["prohibition"]!.AsArray().Count));
        policy["permission"]![0]!["constraint"]!.AsArray().RemoveAt(0);
        policy["permission"]![0]!["constraint"]!.AsArray().Add(new JsonObject { ["leftOperand"] = "purpose", ["operator"] = "eq", ["rightOperand"] = "dpv:Marketing" });
        Assert.NotEqual(hash, TermReading.Hash(OdrlAgreement.Terms(policy))); // a changed export is another text
    }

    [Fact]
    public async Task An_agreement_concluded_elsewhere_is_recorded_as_it_was_and_not_as_it_will_be()
    {
        var sector = await Sector.Found(this);
        JsonObject Record(string concludedOn, string from, string to) => new()
        {
            ["title"] = "Accord d'ailleurs", ["ruleSet"] = "FR-PLATFORM", ["level"] = "sector", ["concludedOn"] = concludedOn, ["legalBasis"] = "CT L7343-28",
            ["scope"] = new JsonObject { ["sectors"] = new JsonArray("fr-platform:vtc"), ["territories"] = new JsonArray("FR"), ["statuses"] = new JsonArray("selfEmployed") },
            ["validity"] = new JsonObject { ["from"] = from, ["to"] = to },
        };
        await sector.Authority.Http.Post("/v1/agreements/records", Record("2026-10-02", "2026-01-01", "2027-01-01")).ExpectProblem(422, "in-the-future", "/concludedOn");
        await sector.Authority.Http.Post("/v1/agreements/records", Record("2026-01-01", "2027-01-01", "2027-01-01")).ExpectProblem(400, "invalid-validity");
        var at = $"/v1/agreements/{(await sector.Authority.Http.Post("/v1/agreements/records", Record("2026-01-01", "2026-02-01", "2027-01-01")).Expect(201))["id"]}";
        Assert.Equal(["deposited", "inForce", "expired"], [await State(at, "2026-01-15"), await State(at, "2026-02-01"), await State(at, "2027-01-01")]);
    }

    /// <summary>What matches no row is not looked for in one request without end: a page may be short and go on.</summary>
    [Fact]
    public async Task A_page_examines_two_thousand_agreements_at_most_and_goes_on_behind_its_link()
    {
        var sector = await Sector.Found(this);
        var (at, named) = await sector.Agree("FR-PLATFORM", Trips);
        foreach (var signer in new[] { sector.Unions['B'], sector.Unions['C'], sector.Platforms }) await signer.Http.Change(at, "signatures", named).Expect(200);
        await sector.Unions['B'].Http.Change(at, "notifications", new JsonObject()).Expect(200);
        await Scalar<long>("WITH more AS (INSERT INTO agreements (id, version, data) SELECT id, version, jsonb_set(data, '{facts,id}', to_jsonb(id)) FROM (SELECT gen_random_uuid() AS id, version, data FROM agreements, generate_series(1, 2500)) AS rows RETURNING 1) SELECT count(*) FROM more");
        var first = await Nobody.Get("/v1/agreements?state=valid"); // all 2,501 are notified
        Assert.Empty(first.Body!["items"]!.AsArray());
        var second = await Nobody.Get(first.Header("Link")!.Split('<', '>')[1]);
        Assert.Empty(second.Body!["items"]!.AsArray());
        Assert.Null(second.Header("Link"));
    }
}
