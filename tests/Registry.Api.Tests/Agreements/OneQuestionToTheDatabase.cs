using System.Text.Json;
using System.Text.Json.Nodes;
using Registry.Application;
using Registry.Application.Agreements;
using Registry.Domain.Agreements;

namespace Registry.Api.Tests.Agreements;

/// <summary>A large agreement opens in one request that asks the database as often as a small one; its stored view is the fold of its events.</summary>
public sealed class OneQuestionToTheDatabase : RegistryApp
{
    [Fact]
    public async Task Amendments_cost_no_query_each_and_the_stored_view_is_the_fold()
    {
        var sector = await Sector.Found(this);
        var small = await sector.Deposited();
        var terms = Enumerable.Range(1, 200).Select(n => Sector.Term($"{n}", "reg:observed.trips", "dpv:ServiceProvision")).ToArray();
        var large = await sector.Deposited(text: new JsonObject { ["duration"] = "indefinite" }, terms: terms);
        for (var n = 1; n <= 4; n++)
        {
            var clause = Sector.Term($"{n}", "reg:observed.location", "dpv:ServiceProvision");
            await sector.Amend(large, new JsonObject { ["clauses"] = new JsonArray(clause), ["removed"] = new JsonArray($"{n + 100}") });
        }
        await MoveTo("2027-06-01");
        foreach (var query in new[] { "", "/history", "/versions", "?on=2026-12-20", "?knownAt=2027-01-01T00:00:00Z" })
        {
            Assert.Equal(await Asked(small + query), await Asked(large + query));
        }
        var read = await Nobody.Get(large).Expect(200);
        Assert.Equal((196, 4, 5), (read["terms"]!.AsArray().Count, read["amendments"]!.AsArray().Count, read["version"]!.GetValue<int>()));

        var id = large.Split('/')[^1];
        var stored = await Scalar<string>($"SELECT data::text FROM agreements WHERE id = '{id}'");
        var (catalogue, log) = ((EventCatalogue)Services.GetService(typeof(EventCatalogue))!, (EventStore.Streams.EventLog)Services.GetService(typeof(EventStore.Streams.EventLog))!);
        var fold = catalogue.Read<AgreementEvent>((await log.FetchStream(Guid.Parse(id), default)).Events).Aggregate((AgreementRow?)null, AgreementRow.Evolve);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(stored), JsonSerializer.SerializeToNode(fold, RegistryJson.Stored)));
    }

    private async Task<int> Asked(string path)
    {
        using var commands = new CountedCommands();
        await Nobody.Get(path, commands.Header).Expect(200);
        Assert.NotEqual(0, commands.Count);
        return commands.Count;
    }
}
