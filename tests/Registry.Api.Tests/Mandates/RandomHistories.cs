using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Mandates;

/// <summary>Random acts of three people and two unions over HTTP, held against what must always be true.</summary>
public sealed class RandomHistories : RegistryApp
{
    private static readonly string[] Categories = ["reg:observed", "reg:observed.trips", "reg:reputation"];

    private static int Acts => Environment.GetEnvironmentVariable("REGISTRY_PROVE") is null ? 120 : 2_000;

    [Fact, Trait("Proof", "mandate-histories")]
    public async Task At_most_one_exclusive_mandate_acts_in_a_matter_withdrawn_scopes_stay_so_and_uses_add_up()
    {
        var sector = await Sector.Found(this);
        var random = new Random(6);
        var people = Enumerable.Range(0, 3).Select(n => Member($"p{n}")).ToList();
        var unions = new[] { sector.Unions['A'], sector.Unions['B'] };
        var mandates = new List<(string At, Client Person, Organisation Union)>();
        var (uses, withdrawn, states) = (new Dictionary<string, int>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var day = Instance.Clock.Today("FR");
        void Used(string at, Answer answer) => uses[at] = uses[at] + (answer.Status == 200 ? 1 : 0);
        for (var n = 0; n < Acts; n++)
        {
            var one = mandates.Count == 0 ? default : mandates[random.Next(mandates.Count)];
            switch (mandates.Count < 2 ? 0 : random.Next(11))
            {
                case 0 or 1:
                    var (person, union) = (people[random.Next(3)], unions[random.Next(2)]);
                    var from = day.AddDays(random.Next(3) == 0 ? 20 : 0);
                    var asked = sector.Mandate(union, from.Day(), from.AddDays(random.Next(10, 300)).Day(), Categories[random.Next(3)]);
                    if (random.Next(4) == 0) asked["exclusive"] = false;
                    var made = $"/v1/mandates/{(await person.Post("/v1/mandates", asked).Expect(201))["id"]}";
                    mandates.Add((made, person, union));
                    uses[made] = 0;
                    break;
                case 2 or 3 or 4: Used(one.At, await one.Union.Http.Post(one.At + "/acceptance", null)); break;
                case 5: await one.Person.Post(one.At + "/pause", null); break;
                case 6: await one.Person.Post(one.At + "/resumption", null); break;
                case 7:
                    var scopes = (await one.Person.Get(one.At).Expect(200))["scopes"]!.AsArray();
                    await one.Person.Post(one.At + "/withdrawal", new JsonObject { ["scope"] = scopes[0]!["id"]!.DeepClone() }).Expect(200);
                    if ((await one.Person.Get(one.At).Expect(200))["state"].Text() == "withdrawn") withdrawn.Add(one.At);
                    break;
                case 8: await one.Person.Post(one.At + "/renewal", null); break;
                case 9: Used(one.At, await one.Union.Http.Post(one.At + "/renunciation", null)); break;
                default: Used(one.At, await one.Union.Http.Get(one.At)); break;
            }
            if (n % 15 == 14) await MoveTo((day = day.AddDays(7)).Day());
            if (n % 10 != 9) continue;
            foreach (var somebody in people)
            {
                var mine = (await somebody.Get("/v1/mandates?limit=200").Expect(200))["items"]!.AsArray();
                states.UnionWith(mine.Select(m => m!["state"].Text()));
                Assert.All(mine.Where(m => withdrawn.Contains($"/v1/mandates/{m!["id"]}")), m => Assert.Equal("withdrawn", m!["state"].Text()));
                var acting = mine.Where(m => m!["state"].Text() == "active" && m["exclusive"]!.GetValue<bool>() && string.CompareOrdinal(m["validity"]!["from"].Text(), day.Day()) <= 0)
                    .SelectMany(m => m!["scopes"]!.AsArray().Where(s => s!["state"].Text() == "live").SelectMany(s => s!["categories"]!.AsArray().SelectMany(c => Instance.Law.Codes.DataCategories.Codes.Where(code => Instance.Law.Codes.DataCategories.Covers(c.Text(), code))))
                        .Distinct().Select(category => (category, Mandate: m["id"].Text())));
                Assert.DoesNotContain(acting.GroupBy(a => a.category), matter => matter.Count() > 1);
            }
        }
        foreach (var (at, person, _) in mandates) Assert.Equal(uses[at], (await person.Get(at + "/uses?limit=200").Expect(200))["items"]!.AsArray().Count);
        Assert.Superset(new HashSet<string> { "offered", "active", "paused", "withdrawn", "superseded", "renounced" }, states);
    }
}
