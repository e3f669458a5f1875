using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Retention;

/// <summary>The table of retention: listed before, dropped by the legal clock, recorded after, and never answered beyond, even where the clean-up is late.</summary>
public sealed class WhatIsKeptHowLong : RegistryApp
{
    private async Task<List<(string Kind, int Count, string? Until)>> Due(string? on = null) =>
        [.. (await Operator.Get("/v1/retention" + (on is null ? "" : "?on=" + on)).Expect(200))["items"]!.AsArray().Select(d => (d!["kind"].Text(), d["count"]!.GetValue<int>(), d["keptUntil"]?.GetValue<string>()))];

    [Fact]
    public async Task A_name_is_kept_thirty_days_after_the_last_mandate_and_the_mandate_five_years()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        await driver.Put($"/v1/me/accounts/{sector.Platform.Id}", new JsonObject { ["accountId"] = "d-1" }).Expect(200);
        var asked = sector.Mandate(union, "2026-11-25", "2026-12-25");
        var at = (await driver.Post("/v1/mandates", asked, ("Idempotency-Key", "g"))).Headers.Location!.ToString();
        await union.Http.Post(at + "/acceptance", null).Expect(200);
        await sector.Record(union, 2, "2026-11-25", "2027-11-25");
        await union.Http.Get("/v1/mandates").Expect(200);
        Assert.Equal(3, await Scalar<int>("SELECT cardinality(mandates) FROM mandate_uses ORDER BY id DESC LIMIT 1"));

        await MoveTo("2027-01-24"); // the last day
        await Instance.Keeping.Apply(default);
        Assert.Equal("d-1", (await driver.Get("/v1/me").Expect(200))["accounts"]![0]!["accountId"].Text());
        Assert.Empty(await Due());
        Assert.Equal([("vaultRow", 2, "2027-01-24")], await Due("2027-01-25")); // the union's row of the person, and the person's own
        await MoveTo("2027-01-25");
        Assert.Empty((await driver.Get("/v1/me").Expect(200))["accounts"]!.AsArray()); // the clean-up is late, and nothing leaves all the same
        await Instance.Keeping.Apply(default);
        await Instance.Keeping.Apply(default);
        Assert.Equal((2L, 2L), (await Scalar<long>("SELECT count(*) FROM vault WHERE length(sealed) > 0"), await Scalar<long>("SELECT count(*) FROM vault WHERE length(sealed) = 0 AND length(wrapped_key) = 0 AND reference_index IS NULL")));
        Assert.Equal("expired", (await driver.Get(at).Expect(200))["state"].Text()); // the person still reads their own mandate, its uses and its receipt
        await driver.Get(at + "/receipt").Expect(200);
        Assert.Empty((await driver.Get("/v1/me").Expect(200))["held"]!.AsArray());
        Assert.Equal((1L, "2"), (await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'records_dropped'"), await Scalar<string>("SELECT data ->> 'count' FROM mt_events WHERE type = 'records_dropped'")));
        Assert.Equal("expired", (await union.Http.Get(at).Expect(200))["state"].Text()); // the consent stays proved

        await MoveTo("2031-12-25");
        await Instance.Keeping.Apply(default);
        await union.Http.Get(at).Expect(200);
        Assert.Equal([("mandate", 1, "2031-12-25")], await Due("2031-12-26"));
        await MoveTo("2031-12-26");
        await union.Http.Get(at).ExpectProblem(404, "unknown-mandate");
        Assert.Equal(2, (await union.Http.Get("/v1/mandates").Expect(200))["items"]!.AsArray().Count);
        await union.Http.Get(at + "/receipt").ExpectProblem(404, "unknown-mandate");
        await union.Http.Get(at + "/uses").ExpectProblem(404, "unknown-mandate");
        await Instance.Keeping.Apply(default);
        var id = at.Split('/')[^1];
        Assert.Equal(0L, await Scalar<long>($"SELECT count(*) FROM mandates WHERE id = '{id}'"));
        Assert.Equal(0L, await Scalar<long>($"SELECT count(*) FROM mandate_uses WHERE named LIKE '%{id}%'"));
        Assert.Equal(["{}", "{}"], (await Scalar<string>($"SELECT string_agg(data::text, ' ') FROM mt_events WHERE stream_id = '{id}'")).Split(' ')); // places and leaves stay
        Assert.Equal(2L, await Scalar<long>($"SELECT count(*) FROM registry_leaves l JOIN mt_events e ON e.seq_id = l.position WHERE e.stream_id = '{id}' AND l.salt IS NULL"));
        Assert.Equal(2L, await Scalar<long>("SELECT count(*) FROM mandates"));
        Assert.Equal(3L, await Scalar<long>("SELECT count(*) FROM vault")); // the reference went with its last mandate
        Assert.Equal(1L, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'records_dropped' AND data ->> 'kind' = 'mandate'"));
        await driver.Post("/v1/mandates", asked, ("Idempotency-Key", "g")).ExpectProblem(404, "not-found"); // repeated when what it made is gone
    }

    [Fact]
    public async Task Codes_that_nobody_took_up_go_and_whoever_asks_is_told_only_as_the_operator()
    {
        var sector = await Sector.Found(this);
        var mandate = (await sector.Record(sector.Unions['A'], 1))[0];
        await sector.Unions['A'].Http.Post($"/v1/mandates/{mandate}/invitation", null).Expect(200);
        Assert.Equal([("invitation", 1, (string?)null)], await Due("2026-12-26"));
        await MoveTo("2026-12-26");
        await Instance.Keeping.Apply(default);
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM invitations"));
        await sector.Unions['A'].Http.Get("/v1/retention").ExpectProblem(403, "wrong-role");
    }
}
