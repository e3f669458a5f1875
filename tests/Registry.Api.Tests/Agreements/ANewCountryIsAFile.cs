using System.Text.Json.Nodes;
using Registry.Application.Instance;
using Registry.Domain.RuleSets;

namespace Registry.Api.Tests.Agreements;

/// <summary>A country is added by adding a file; nothing of it stands in code.</summary>
public sealed class ANewCountryIsAFile : RegistryApp
{
    private const string Portugal = """
        {
          "id": "PT", "country": "PT", "title": {"en": "A country of the test", "fr": "Un pays du test"},
          "parameters": [
            {"name": "signature", "from": null, "to": null, "source": "test", "confirmed": true, "value": {"base": "votesForRepresentativeOrganisations", "workers": {"percent": "72", "comparison": "atLeast"}, "platforms": null, "platformOrganisations": 1}},
            {"name": "opposition", "from": null, "to": null, "source": "test", "confirmed": true, "value": {"percent": "16", "comparison": "atLeast", "window": "P10D", "rolls": false}},
            {"name": "deposit", "from": null, "to": null, "source": "test", "confirmed": true, "value": {"after": "opposition"}},
            {"name": "entryIntoForce", "from": null, "to": null, "source": "test", "confirmed": true, "value": {"daysAfterDeposit": 5}},
            {"name": "silentDuration", "from": null, "to": "2026-12-07", "source": "test, until its reform", "confirmed": true, "value": {"period": "P2Y", "renews": null}},
            {"name": "silentDuration", "from": "2026-12-07", "to": null, "source": "test, as reformed", "confirmed": true, "value": {"period": null, "renews": null}},
            {"name": "revision", "from": null, "to": null, "source": "test", "confirmed": true, "value": {"by": "representatives"}},
            {"name": "denunciation", "from": null, "to": null, "source": "test", "confirmed": true, "value": {"notice": "P40D"}},
            {"name": "survival", "from": null, "to": null, "source": "test", "confirmed": true, "value": {"period": "P2M", "clause": "lengthens"}},
            {"name": "extension", "from": null, "to": null, "source": "test", "confirmed": true, "value": null},
            {"name": "conflict", "from": null, "to": null, "source": "test", "confirmed": true, "value": {"rule": "mostProtective"}}
          ]
        }
        """;

    private readonly string folder = Copied(Portugal);

    protected override string LawFolder => folder;

    [Fact]
    public async Task Its_numbers_are_those_of_the_file()
    {
        var sector = await Sector.Found(this, "PT", country: "PT");
        var abroad = sector.Opening("PT");
        abroad["scope"]!["territories"] = new JsonArray("PT", "FR");
        await sector.Unions['A'].Http.Post("/v1/agreements", abroad).ExpectProblem(422, "outside-rule-set", "/scope/territories/1");
        var (at, named) = await sector.Agree("PT", Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision"));
        await sector.Platforms.Http.Change(at, "signatures", named).Expect(200);
        Assert.Equal("consensus", (await sector.Unions['A'].Http.Change(at, "signatures", named).Expect(200))["state"].Text());
        Assert.Equal("signed", (await sector.Unions['B'].Http.Change(at, "signatures", named).Expect(200))["state"].Text()); // 72 is at least 72
        var notified = await sector.Unions['B'].Http.Change(at, "notifications", new JsonObject()).Expect(200);
        Assert.Equal("2026-12-05", notified["opposition"]!["until"].Text()); // a Saturday: this one does not roll
        Assert.Equal("notified", (await sector.Unions['D'].Http.Change(at, "oppositions", new JsonObject { ["reason"] = "no" }).Expect(200))["state"].Text()); // 12 of 16
        await MoveTo("2026-12-06");
        var deposited = await sector.Unions['B'].Http.Change(at, "deposits", new JsonObject()).Expect(200);
        Assert.Equal(("2026-12-11", null), (deposited["validity"]!["from"].Text(), deposited["validity"]!["to"]?.Text())); // as reformed, by then
        await MoveTo("2027-01-10");
        foreach (var author in new[] { 'A', 'B' }) await sector.Unions[author].Http.Change(at, "denunciations", new JsonObject()).Expect(200);
        var ending = await Nobody.Get(at).Expect(200);
        Assert.Equal(("2027-02-19", "2027-04-19"), (ending["noticeEnds"].Text(), ending["survivesUntil"].Text()));
        await sector.Authority.Http.Change(at, "extensions", new JsonObject()).ExpectProblem(409, "no-extension");
    }

    [Theory]
    [InlineData("\"after\": \"opposition\"", "\"after\": \"lunch\"")]
    [InlineData("\"window\": \"P10D\"", "\"window\": \"ten days\"")]
    [InlineData("\"percent\": \"72\"", "\"percent\": \"most\"")]
    [InlineData("\"name\": \"survival\"", "\"name\": \"afterlife\"")]
    [InlineData("\"base\": \"votesForRepresentativeOrganisations\"", "\"base\": \"votesCast\"")]
    [InlineData("\"to\": \"2026-12-07\"", "\"to\": \"2026-12-01\"")] // a week without a rule
    [InlineData("\"rule\": \"mostProtective\"", "\"rule\": \"strongestWins\"")]
    public void A_file_that_does_not_hold_together_is_refused_at_start_by_name(string right, string wrong)
    {
        var broken = Copied(Portugal.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Contains("PT", Assert.Throws<RuleSetException>(() => LawFiles.Read(broken)).Message, StringComparison.Ordinal);
        Directory.Delete(broken, recursive: true);
    }

    private static string Copied(string ruleSet)
    {
        var folder = LawFolders.Copy();
        File.WriteAllText(Path.Combine(folder, "rulesets", "pt.json"), ruleSet);
        return folder;
    }
}
