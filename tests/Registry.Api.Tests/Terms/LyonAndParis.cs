using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Terms;

/// <summary>DOMAIN scenario 3 over HTTP, under a rule file in which France has put Article 7 of the directive into force.</summary>
public sealed class LyonAndParis : RegistryApp
{
    private readonly string folder = Transposed();

    protected override string LawFolder => folder;

    [Fact]
    public async Task A_sector_a_city_and_a_charter_resolve_together()
    {
        var sector = await Sector.Found(this);
        JsonObject Location(string clause, string retention, params string[] recipients) => Sector.Term(clause, "reg:observed.location", "dpv:RequestedServiceProvision", more: new JsonObject
        {
            ["maxRetention"] = retention, ["recipients"] = new JsonArray([.. recipients.Select(r => (JsonNode)r)]), ["subPurposes"] = new JsonArray("dpv:DeliveryOfGoods"),
        });
        JsonObject Ratings(string clause, string most, string? least = null) => Sector.Term(clause, "reg:reputation.ratings", "dpv:RequestedServiceProvision", more: new JsonObject
        {
            ["maxRetention"] = most, ["minRetention"] = least,
        });
        var national = await sector.Deposited(terms: [Location("17", "P90D", "platform", "insurer"), Ratings("18", "P24M", "P12M")]);
        var lyon = await sector.Deposited(
            new JsonObject { ["level"] = "local", ["scope"] = new JsonObject { ["sectors"] = new JsonArray("fr-platform:vtc"), ["territories"] = new JsonArray("FR-69M"), ["statuses"] = new JsonArray("selfEmployed") } },
            terms: [Location("3", "P30D", "platform"), Ratings("4", "P9M")]);
        var charter = await Charter(sector, Location("1", "P365D", "platform", "insurer", "advertiser"));
        await MoveTo("2027-03-01");

        async Task<JsonNode> Ask(string territory, string category = "reg:observed.location", string purpose = "dpv:RequestedServiceProvision")
        {
            var question = Sector.Question(sector.Platform.Id, "2027-03-01", category, purpose);
            question["territory"] = territory;
            return await sector.Platform.Http.Post("/v1/decisions", question).Expect(200);
        }
        static string Recipients(JsonNode answer) => string.Join(",", answer["recipients"]!.AsArray().Select(r => r.Text()));

        var inLyon = await Ask("FR-69M");
        Assert.Equal(("allowed", "P30D", "platform", "most-protective"), (inLyon["decision"].Text(), inLyon["maxRetention"].Text(), Recipients(inLyon), inLyon["rule"].Text()));
        Assert.Equal(
            new[] { (national, "17", "sector"), (lyon, "3", "local"), (charter, "1", "platform") }.Order(),
            inLyon["because"]!.AsArray().Select(b => ($"/v1/agreements/{b!["agreement"]}", b["clause"].Text(), b["level"].Text())).Order());
        Assert.Equal("The platform may use “Location” for “Service that was asked for”, keep it for at most 30 days, and pass it on to nobody.", inLyon["explanation"]!["en"].Text());
        Assert.Equal("La plateforme peut utiliser « Localisation » pour « Fourniture du service demandé », garder ces données 30 jours au plus, et ne les transmettre à personne.", inLyon["explanation"]!["fr"].Text());
        var inParis = await Ask("FR-75");
        Assert.Equal(("allowed", "P90D", "insurer,platform"), (inParis["decision"].Text(), inParis["maxRetention"].Text(), Recipients(inParis)));
        Assert.EndsWith("keep it for at most 90 days, and pass it on only to an insurer.", inParis["explanation"]!["en"].Text(), StringComparison.Ordinal);

        var offDuty = await Ask("FR-69M", "reg:observed.location.offDuty");
        Assert.Equal(("forbidden", "law-floor", "Directive (EU) 2024/2831 Art. 7(1)(c)"), (offDuty["decision"].Text(), offDuty["rule"].Text(), offDuty["because"]![0]!["rule"].Text()));
        Assert.Null(offDuty["because"]![0]!["agreement"]);
        Assert.Equal("notAgreed", (await Ask("FR-69M", purpose: "dpv:Advertising"))["decision"].Text());
        var ratings = await Ask("FR-69M", "reg:reputation.ratings");
        Assert.Equal(("conflict", "minimum-above-maximum"), (ratings["decision"].Text(), ratings["rule"].Text()));
        Assert.Equal(
            "Les accords sur « Notes » pour « Fourniture du service demandé » se contredisent : garder au moins 12 mois, au plus 9 mois. Aux parties de trancher.", ratings["explanation"]!["fr"].Text());
        Assert.Equal("allowed", (await Ask("FR-75C", "reg:reputation.ratings"))["decision"].Text());

        var terms = await sector.Platform.Http.Get($"/v1/terms?sector=fr-platform:vtc&territory=FR-69M&status=selfEmployed&platform={sector.Platform.Id}&on=2027-03-01");
        Assert.Equal(
            ["allowed P30D 3", "allowed P30D 3", "conflict P9M 2"],
            terms.Body!["items"]!.AsArray().Select(t => $"{t!["decision"]} {t["maxRetention"]} {t["sources"]!.AsArray().Count}"));
    }

    /// <summary>A charter has one side: the platform signs it alone.</summary>
    private static async Task<string> Charter(Sector sector, JsonObject term)
    {
        var opening = sector.Opening();
        (opening["nature"], opening["level"]) = ("charter", "platform");
        opening["parties"] = new JsonArray(new JsonObject { ["organisation"] = sector.Platform.Id, ["side"] = "platforms" });
        var at = $"/v1/agreements/{(await sector.Platform.Http.Post("/v1/agreements", opening).Expect(201))["id"]}";
        var tabled = await sector.Platform.Http.Change(at, "proposals", Sector.Text(term)).Expect(200);
        var text = tabled["tabled"] is { } still ? still : tabled;
        await sector.Platform.Http.Change(at, "signatures", new JsonObject { ["version"] = text["version"]!.DeepClone(), ["termsHash"] = text["termsHash"]!.DeepClone() }).Expect(200);
        await sector.Platform.Http.Change(at, "deposits", new JsonObject()).Expect(200);
        return at;
    }

    private static string Transposed()
    {
        var copy = LawFolders.Copy();
        var floors = Path.Combine(copy, "rulesets", "floors.json");
        File.WriteAllText(floors, File.ReadAllText(floors).Replace("\"from\": null", "\"from\": \"2026-12-02\"", StringComparison.Ordinal));
        return copy;
    }
}
