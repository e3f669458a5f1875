using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Terms;

/// <summary>What was agreed and what one person mandated: the answer is what both allow, and telling it is a disclosure.</summary>
public sealed class AskingWithAMandate : RegistryApp
{
    private const string Trips = "reg:observed.trips", Rights = "dpv:RightsFulfillment";

    private static JsonObject Ask(Sector sector, Guid mandate, string category = Trips, string purpose = Rights, JsonObject? more = null)
    {
        var question = Sector.Question(sector.Platform.Id, "", category, purpose);
        question.Remove("on");
        question["mandate"] = mandate;
        foreach (var (key, value) in more ?? []) question[key] = value?.DeepClone();
        return question;
    }

    private Task<long> Disclosures() => Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'disclosure_made'");

    [Fact]
    public async Task Both_must_allow_it_and_the_mandate_says_why_not()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        await sector.InForce(
            Sector.Term("1", "reg:observed", Rights), Sector.Term("2", Trips, "dpv:ServiceProvision"), Sector.Term("3", "reg:reputation", Rights), Sector.Term("4", "reg:inferred", Rights, "forbidden"));
        var (today, end) = (Instance.Clock.Today("FR"), Instance.Clock.Today("FR").AddMonths(6));
        var mandate = (await sector.Record(union, 1, today.Day(), end.Day()))[0]; // trips and all else observed, for exercising rights, at this platform
        async Task<(string, string)> Decided(JsonObject question)
        {
            var answer = await union.Http.Post("/v1/decisions", question).Expect(200);
            return (answer["decision"].Text(), answer["rule"].Text());
        }
        Assert.Equal(("allowed", "most-protective"), await Decided(Ask(sector, mandate)));
        Assert.Equal(("notAgreed", "mandate-other-purpose"), await Decided(Ask(sector, mandate, purpose: "dpv:ServiceProvision")));
        Assert.Equal(("notAgreed", "mandate-other-category"), await Decided(Ask(sector, mandate, "reg:reputation.ratings")));
        Assert.Equal(("forbidden", "prohibition"), await Decided(Ask(sector, mandate, "reg:inferred"))); // what is not allowed stays so
        Assert.Equal(("notAgreed", "mandate-expired"), await Decided(Ask(sector, mandate, more: new JsonObject { ["on"] = end.Day() })));
        Assert.Equal(("allowed", "most-protective"), await Decided(Ask(sector, mandate, more: new JsonObject { ["on"] = end.AddDays(-1).Day() })));
        var member = await sector.Platform.Http.Post("/v1/decisions", Ask(sector, mandate));
        Assert.Equal("unknown-mandate", member.Code);

        await union.Http.Post($"/v1/mandates/{mandate}/withdrawal", new JsonObject { ["receivedOn"] = today.Day() }).Expect(200);
        Assert.Equal(("notAgreed", "mandate-withdrawn"), await Decided(Ask(sector, mandate)));
        await MoveTo(today.AddDays(5).Day());
        var again = (await sector.Record(union, 1, today.AddDays(6).Day(), end.Day()))[0];
        Assert.Equal(("notAgreed", "mandate-not-yet-valid"), await Decided(Ask(sector, again)));
        var known = Ask(sector, mandate, more: new JsonObject { ["on"] = today.AddDays(-1).Day() }); // there was no such mandate on that day
        await union.Http.Post("/v1/decisions", known).ExpectProblem(404, "unknown-mandate");
    }

    [Fact]
    public async Task Only_those_who_may_know_of_a_mandate_are_answered_and_each_answer_is_recorded()
    {
        var sector = await Sector.Found(this);
        var (union, platform) = (sector.Unions['A'], sector.Platform);
        await sector.InForce(Sector.Term("1", "reg:observed", Rights));
        var (today, end) = (Instance.Clock.Today("FR"), Instance.Clock.Today("FR").AddMonths(6));
        var mandates = await sector.Record(union, 11, today.Day(), end.Day());
        var question = Ask(sector, mandates[3]);
        var nothing = Ask(sector, Guid.NewGuid());
        foreach (var stranger in new[] { platform.Http, sector.Unions['B'].Http, sector.Authority.Http, Member("somebody"), Operator })
        {
            var (there, absent) = (await stranger.Post("/v1/decisions", question), await stranger.Post("/v1/decisions", nothing));
            Assert.Equal((404, "unknown-mandate"), (there.Status, there.Code));
            Assert.Equal(Bare(absent), Bare(there)); // the same bytes but for the trace
        }
        Assert.Equal(0, await Disclosures());
        await union.Http.Post("/v1/decisions", question).Expect(200);
        Assert.Equal(1, await Disclosures());
        await union.Http.Post("/v1/decisions", Ask(sector, mandates[3]), ("Prefer", "return=minimal")).Expect(200);
        Assert.Equal(2, await Disclosures());
        var batch = new JsonObject { ["items"] = new JsonArray([.. mandates.Select(m => (JsonNode)Ask(sector, m))]) };
        Assert.Equal(11, (await union.Http.Post("/v1/decisions/batch", batch).Expect(200))["items"]!.AsArray().Count);
        Assert.Equal((3, 11), (await Disclosures(), await Scalar<int>("SELECT (data ->> 'count')::int FROM mt_events WHERE type = 'disclosure_made' ORDER BY seq_id DESC LIMIT 1")));
        await platform.Http.Post("/v1/decisions/batch", batch).ExpectProblem(404, "unknown-mandate");

        var drafted = await union.Http.Post("/v1/portability-requests", sector.Request()).Expect(201);
        var at = $"/v1/portability-requests/{drafted["id"]}";
        await platform.Http.Post("/v1/decisions", question).ExpectProblem(404, "unknown-mandate"); // a draft tells nobody
        await union.Http.Change(at, "filing").Expect(200);
        var before = await Disclosures();
        Assert.Equal("allowed", (await platform.Http.Post("/v1/decisions", question).Expect(200))["decision"].Text());
        Assert.Equal((before + 1, drafted["id"].Text()), (await Disclosures(), await Scalar<string>("SELECT data ->> 'request' FROM mt_events WHERE type = 'disclosure_made' ORDER BY seq_id DESC LIMIT 1")));
        await platform.Http.Post("/v1/decisions", nothing).ExpectProblem(404, "unknown-mandate");

        // Eleven mandates are read together: a batch asks the database as often as one question does.
        foreach (var caller in new[] { union.Http, platform.Http })
        {
            Assert.Equal(await Commands(caller, "/v1/decisions", question), await Commands(caller, "/v1/decisions/batch", batch));
        }
    }

    [Fact]
    public async Task A_member_asks_about_an_own_mandate_and_nobody_writes_that_down()
    {
        var sector = await Sector.Found(this);
        await sector.InForce(Sector.Term("1", "reg:observed", Rights));
        var (today, driver) = (Instance.Clock.Today("FR"), Member("driver"));
        var granted = await driver.Post("/v1/mandates", sector.Mandate(sector.Unions['A'], today.Day(), today.AddMonths(6).Day())).Expect(201);
        var offered = await driver.Post("/v1/decisions", Ask(sector, granted["id"]!.GetValue<Guid>())).Expect(200);
        Assert.Equal(("notAgreed", "mandate-not-accepted"), (offered["decision"].Text(), offered["rule"].Text()));
        await sector.Unions['A'].Http.Post($"/v1/mandates/{granted["id"]}/acceptance", null).Expect(200);
        var before = await Disclosures();
        Assert.Equal("allowed", (await driver.Post("/v1/decisions", Ask(sector, granted["id"]!.GetValue<Guid>())).Expect(200))["decision"].Text());
        Assert.Equal(before, await Disclosures());
        await Member("other").Post("/v1/decisions", Ask(sector, granted["id"]!.GetValue<Guid>())).ExpectProblem(404, "unknown-mandate");
    }

    private static async Task<int> Commands(Client by, string path, JsonObject body)
    {
        using var commands = new CountedCommands();
        await by.Post(path, body, commands.Header).Expect(200);
        Assert.NotEqual(0, commands.Count);
        return commands.Count;
    }

    private static string Bare(Answer answer)
    {
        var body = answer.Body!.DeepClone().AsObject();
        body.Remove("traceId");
        return body.ToJsonString();
    }
}
