using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Mandates;

/// <summary>What nobody tells might still be counted, timed or compared: none of it gives a member away.</summary>
public sealed class WhatOthersMightGuess : RegistryApp
{
    private const string Today = "2026-11-25", Year = "2027-11-25";

    private static async Task<string> Active(Client member, Organisation union, JsonObject mandate)
    {
        var at = $"/v1/mandates/{(await member.Post("/v1/mandates", mandate).Expect(201))["id"]}";
        await union.Http.Post(at + "/acceptance", null).Expect(200);
        return at;
    }

    /// <summary>How far a node has read is told in agreements only: by the log's length a union would see that its new member has left another.</summary>
    [Fact]
    public async Task No_position_moves_with_what_happens_to_members()
    {
        var sector = await Sector.Found(this);
        await sector.InForce(Sector.Term("1", "reg:observed", "dpv:RightsFulfillment"));
        var (a, b, driver, today) = (sector.Unions['A'], sector.Unions['B'], Member("driver"), Instance.Clock.Today("FR"));
        async Task<string?> Position()
        {
            await Instance.Terms.ReadOn(default);
            return (await b.Http.Get("/v1/terms?sector=fr-platform:vtc&territory=FR&status=selfEmployed")).Header("Registry-Position");
        }
        await Active(driver, a, sector.Mandate(a, today.Day(), today.AddMonths(3).Day()));
        var before = await Position();
        var second = await Active(driver, b, sector.Mandate(b, today.Day(), today.AddMonths(3).Day()));
        Assert.Equal(before, await Position());
        Assert.NotNull(before);
        Assert.NotNull(second);
    }

    /// <summary>The day on which somebody else was chosen, and no hour of it, however the question is halved.</summary>
    [Fact]
    public async Task A_supersession_is_dated_to_the_day_also_by_what_was_known_when()
    {
        var sector = await Sector.Found(this);
        await sector.InForce(Sector.Term("1", "reg:observed", "dpv:RightsFulfillment"));
        var (a, b, driver, today) = (sector.Unions['A'], sector.Unions['B'], Member("driver"), Instance.Clock.Today("FR"));
        var first = await Active(driver, a, sector.Mandate(a, today.Day(), today.AddMonths(3).Day()));
        await MoveTo(today.AddDays(1).Day());
        await Active(driver, b, sector.Mandate(b, today.AddDays(1).Day(), today.AddMonths(3).Day()));
        await MoveTo(today.AddDays(3).Day());
        async Task<string> Rule(string knownAt)
        {
            var question = Sector.Question(sector.Platform.Id, today.AddDays(1).Day(), purpose: "dpv:RightsFulfillment");
            (question["mandate"], question["knownAt"]) = (first.Split('/')[^1], knownAt);
            return (await a.Http.Post("/v1/decisions", question).Expect(200))["rule"].Text();
        }
        var (day, before) = (today.AddDays(1).Day(), today.Day());
        Assert.Equal("most-protective", await Rule(before + "T22:59:59Z"));
        foreach (var hour in new[] { "00:00:01", "10:59:59", "11:00:00", "11:00:01", "22:00:00" }) Assert.Equal("mandate-superseded", await Rule($"{day}T{hour}Z"));
    }

    [Fact]
    public async Task A_platform_is_not_told_of_people_who_are_not_in_the_request_nor_why_a_mandate_does_not_hold()
    {
        var sector = await Sector.Found(this);
        await sector.InForce(Sector.Term("1", "reg:observed", "dpv:RightsFulfillment"));
        var (union, today) = (sector.Unions['A'], Instance.Clock.Today("FR"));
        var ids = await sector.Record(union, 12, today.Day(), today.AddMonths(6).Day());
        await union.Http.Post($"/v1/mandates/{ids[0]}/withdrawal", null).Expect(200);
        var at = await sector.Filed(union);
        Assert.Equal("withdrawn", (await union.Http.Get(at).Expect(200))["excluded"]![0]!["reason"].Text());
        Assert.Empty((await sector.Platform.Http.Get(at).Expect(200))["excluded"]!.AsArray());
        Assert.Empty((await sector.Platform.Http.Get("/v1/portability-requests").Expect(200))["items"]![0]!["excluded"]!.AsArray());
        Assert.Empty((await sector.Platform.Http.Change(at, "receipt", new JsonObject()).Expect(200))["excluded"]!.AsArray());
        await union.Http.Post($"/v1/mandates/{ids[1]}/renunciation", null).Expect(200);
        var question = Sector.Question(sector.Platform.Id, "", purpose: "dpv:RightsFulfillment");
        question.Remove("on");
        question["mandate"] = ids[1];
        Assert.Equal("mandate-not-usable", (await sector.Platform.Http.Post("/v1/decisions", question).Expect(200))["rule"].Text());
        Assert.Equal("mandate-renounced", (await union.Http.Post("/v1/decisions", question).Expect(200))["rule"].Text());
    }

    [Fact]
    public async Task A_substitute_sees_a_mandate_for_as_long_as_it_may_act_and_an_old_code_opens_nothing()
    {
        var sector = await Sector.Found(this);
        var (union, substitute) = (sector.Unions['A'], sector.Unions['B']);
        var paper = sector.PaperMandate(union, "S-1", Today, Year);
        paper["subDelegates"] = new JsonArray(substitute.Id);
        var at = $"/v1/mandates/{(await union.Http.Post("/v1/mandates", paper).Expect(201))["id"]}";
        await union.Http.Post(at + "/substitution", new JsonObject { ["substitute"] = substitute.Id }).Expect(200);
        await substitute.Http.Get(at).Expect(200);
        var old = (await union.Http.Post(at + "/invitation", null).Expect(200))["code"].Text();
        var fresh = (await union.Http.Post(at + "/invitation", null).Expect(200))["code"].Text();
        await Member("wrong").Post("/v1/me/links", new JsonObject { ["code"] = old }).ExpectProblem(404, "unknown-invitation");
        await Member("right").Post("/v1/me/links", new JsonObject { ["code"] = fresh }).Expect(200);
        await Member("right").Post(at + "/withdrawal", null).Expect(200);
        foreach (var path in new[] { at, at + "/uses", at + "/receipt" }) await substitute.Http.Get(path).ExpectProblem(404, "unknown-mandate");
    }
}
