using System.Text.Json.Nodes;

namespace Registry.Api.Tests.PortabilityRequests;

/// <summary>In mid-request somebody withdraws, pauses, runs out, is given back, goes elsewhere or is erased: their own lines change, and nobody else's.</summary>
public sealed class ChangingOnesMind : RegistryApp
{
    private static async Task<JsonArray> Due(Asked asked, string on) => (await asked.Union.Http.Get("/v1/retention/due?on=" + on).Expect(200))["items"]!.AsArray();

    private static string[] Told(JsonArray due) => [.. due.Select(d => $"{d!["why"]} {d["lines"]} {d["due"]} {d["late"]}")];

    [Fact]
    public async Task GDPR_7_3_a_withdrawal_cancels_what_is_open_and_what_was_delivered_is_erased_in_thirty_days()
    {
        var asked = await Asked.Received(this, request: new JsonObject { ["hooks"] = new JsonArray("gdpr:A20", "gdpr:A15"), ["categories"] = new JsonArray("reg:observed.trips", "reg:reputation.ratings") });
        var lines = await asked.Ids();
        await asked.Deliver(lines[0], lines[1], lines[3]);
        await MoveTo("2026-12-02");
        await asked.Union.Http.Post($"/v1/mandates/{asked.Mandates[0]}/withdrawal", null).Expect(200);
        Assert.Equal(["fulfilled", "fulfilled", "cancelled"], await asked.States(asked.Platform, lines[0]));
        Assert.Equal(["fulfilled", "fulfilled", "pending"], await asked.States(asked.Platform, lines[1]));
        Assert.Empty(await asked.States(asked.Union, lines[0])); // out of the union's sight

        var late = await asked.Deliver("reg:reputation.ratings", 'f', lines[0], lines[1]);
        Assert.Equal((1, 1, "cancelled"), (late["result"]!["accepted"]!.GetValue<int>(), late["result"]!["late"]!.GetValue<int>(), late["result"]!["rejected"]![0]!["reason"].Text()));
        Assert.Equal(["fulfilled", "fulfilled", "cancelled"], await asked.States(asked.Platform, lines[0])); // never delivered
        Assert.Equal((1, 1), (late["deliveries"]![1]!["lines"]!.GetValue<int>(), late["deliveries"]![1]!["late"]!.GetValue<int>()));

        Assert.Empty(await Due(asked, "2026-12-31"));
        Assert.Equal(["withdrawn 1 2027-01-01 false", "late 1 2027-01-01 false"], Told(await Due(asked, "2027-01-01")).OrderDescending());
        Assert.Equal(["withdrawn 1 2027-01-01 true", "late 1 2027-01-01 true"], Told(await Due(asked, "2027-01-02")).OrderDescending());
        var erasure = new JsonObject { ["deliveries"] = new JsonArray(late["deliveries"]![0]!["id"].Text()), ["scope"] = "withdrawn", ["method"] = "overwritten" };
        await asked.Do(asked.Union, "erasures", erasure);
        Assert.Equal(["late 1 2027-01-01 true"], Told(await Due(asked, "2027-01-02")));
        await asked.Do(asked.Union, "erasures", new JsonObject { ["deliveries"] = new JsonArray(late["deliveries"]![1]!["id"].Text()), ["scope"] = "late", ["method"] = "overwritten" });
        Assert.Empty(await Due(asked, "2027-01-02"));
        Assert.Equal(["retentionEnds 1 2027-11-25 true", "retentionEnds 1 2027-12-02 false"], Told(await Due(asked, "2027-12-02"))); // what the union promised; the fourth's went to the member
        await MoveTo("2026-12-03");
        await asked.Union.Http.Post($"/v1/mandates/{asked.Mandates[1]}/withdrawal", null).Expect(200); // a later withdrawal is not shown by an earlier erasure
        Assert.Equal(["withdrawn 1 2027-01-02 false", "withdrawn 1 2027-01-02 false"], Told(await Due(asked, "2027-01-02")));
    }

    [Fact]
    public async Task A_pause_stops_the_representatives_reading_and_not_the_deadline()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        await asked.Union.Http.Post($"/v1/mandates/{asked.Mandates[0]}/pause", null).Expect(200);
        Assert.Empty(await asked.States(asked.Union, lines[0]));
        var line = (await asked.Lines(asked.Platform)).First(l => l["line"].Text() == lines[0]);
        Assert.Equal(("pending", "2026-12-28", "member"), (line["state"].Text(), line["due"].Text(), line["deliverTo"].Text()));
        Assert.Equal(8, (await asked.Union.Http.Get(asked.At).Expect(200))["lines"]!["pending"]!.GetValue<int>());
        await asked.Union.Http.Post($"/v1/mandates/{asked.Mandates[0]}/resumption", Evidence('1')).Expect(200);
        Assert.Equal(["pending", "pending"], await asked.States(asked.Union, lines[0]));
        Assert.Equal("representative", (await asked.Lines(asked.Platform)).First(l => l["line"].Text() == lines[0])["deliverTo"].Text());
    }

    /// <summary>Also where the union had taken the whole request back before.</summary>
    [Fact]
    public async Task GDPR_7_3_a_withdrawal_after_the_request_was_withdrawn_has_what_was_delivered_erased()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        await asked.Deliver(lines[0]);
        await asked.Do(asked.Union, "withdrawal");
        await asked.Union.Http.Post($"/v1/mandates/{asked.Mandates[0]}/withdrawal", null).Expect(200);
        Assert.Equal(["withdrawn 1 2026-12-25 false"], Told(await Due(asked, "2026-12-25")));
    }

    /// <summary>A mandate for another platform brings nothing back into sight.</summary>
    [Fact]
    public async Task Another_mandate_with_the_same_union_lends_no_sight()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        var elsewhere = asked.Sector.PaperMandate(asked.Union, "M-0", "2026-11-25", "2027-11-25");
        elsewhere["scopes"]![0]!["controllers"] = new JsonArray((await Register("platform", "Elsewhere")).Id);
        await asked.Union.Http.Post("/v1/mandates", elsewhere).Expect(201);
        await asked.Union.Http.Post($"/v1/mandates/{asked.Mandates[0]}/pause", null).Expect(200);
        Assert.Empty(await asked.States(asked.Union, lines[0]));
        Assert.Equal("member", (await asked.Lines(asked.Platform)).First(l => l["line"].Text() == lines[0])["deliverTo"].Text());
    }

    /// <summary>The newer word says who is to have the answer.</summary>
    [Fact]
    public async Task A_newer_mandate_says_anew_who_receives()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        await Asked.Recorded(asked.Sector, asked.Union, "M-0", "2027-11-20", toUnion: false);
        Assert.Equal("member", (await asked.Lines(asked.Platform)).First(l => l["line"].Text() == lines[0])["deliverTo"].Text());
        Assert.Equal(["pending", "pending"], await asked.States(asked.Union, lines[0]));
    }

    /// <summary>Out of the representative's sight the member answers for themselves.</summary>
    [Fact]
    public async Task GDPR_12_6_a_member_answers_a_doubt_of_their_own()
    {
        var sector = await Sector.Found(this);
        var (union, driver, stranger) = (sector.Unions['A'], Member("driver"), Member("stranger"));
        var at = (await driver.Post("/v1/mandates", sector.Mandate(union, "2026-11-25", "2027-11-25"))).Headers.Location!.ToString();
        await union.Http.Post(at + "/acceptance", null).Expect(200);
        var asked = new Asked(sector, union, sector.Platform, await sector.Filed(union, new JsonObject { ["minMembers"] = 1 }), []);
        await asked.Do(asked.Platform, "receipt");
        var line = (await asked.Lines(asked.Platform))[0]["line"].Text();
        await asked.Do(asked.Platform, "identity-questions", Asked.Named(line));
        await union.Http.Post(at + "/renunciation", null).Expect(200);
        var answer = new JsonObject { ["items"] = new JsonArray(new JsonObject { ["line"] = line, ["answer"] = "it is me" }) };
        Assert.Equal("notYours", (await asked.Do(union, "identity-answers", (JsonObject)answer.DeepClone()))["result"]!["rejected"]![0]!["reason"].Text());
        await stranger.Post(asked.At + "/identity-answers", answer.DeepClone()).ExpectProblem(404, "unknown-request");
        Assert.Equal(1, (await driver.Post(asked.At + "/identity-answers", answer.DeepClone()).Expect(200))["accepted"]!.GetValue<int>());
        Assert.Equal("it is me", (await asked.Lines(asked.Platform))[0]["identityAnswer"].Text());
    }

    /// <summary>However many requests a mandate stands in, its withdrawal is one act.</summary>
    [Fact]
    public async Task GDPR_7_3_a_withdrawal_reaches_hundreds_of_requests_at_once()
    {
        const int requests = 501;
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var at = (await driver.Post("/v1/mandates", sector.Mandate(union, "2026-11-25", "2027-11-25"))).Headers.Location!.ToString();
        await union.Http.Post(at + "/acceptance", null).Expect(200);
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) => await sector.Filed(union, new JsonObject { ["minMembers"] = 1 }));
        Assert.Equal((long)requests, await Scalar<long>("SELECT count(*) FROM request_lines"));
        await driver.Post(at + "/withdrawal", null).Expect(200);
        Assert.Equal((long)requests, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'lines_cancelled'"));
    }

    [Fact]
    public async Task C_civ_2007_renunciation_cancels_nothing_and_the_line_goes_to_the_member()
    {
        var asked = await Asked.Received(this);
        var lines = await asked.Ids();
        await asked.Union.Http.Post($"/v1/mandates/{asked.Mandates[0]}/renunciation", null).Expect(200);
        Assert.Empty(await asked.States(asked.Union, lines[0]));
        Assert.Equal(["pending", "pending"], await asked.States(asked.Platform, lines[0]));
        var delivered = await asked.Deliver([.. lines]);
        Assert.Equal("fulfilled", delivered["state"].Text());
        Assert.Equal("notYours", (await asked.Do(asked.Union, "delivery-checks", Asked.Check(delivered, lines[0], "missing")))["result"]!["rejected"]![0]!["reason"].Text());
    }

    [Fact]
    public async Task Running_out_after_the_filing_cancels_nothing_and_a_new_mandate_brings_the_line_back_into_sight()
    {
        var asked = await Asked.Received(this, to: "2026-12-10");
        var lines = await asked.Ids();
        await MoveTo("2026-12-09");
        Assert.Equal(8, (await asked.Lines(asked.Union)).Count);
        await MoveTo("2026-12-10");
        Assert.Empty(await asked.Lines(asked.Union));
        Assert.All(await asked.Lines(asked.Platform), l => Assert.Equal(("pending", "member", "2026-12-28"), (l["state"].Text(), l["deliverTo"].Text(), l["due"].Text())));
        await Asked.Recorded(asked.Sector, asked.Union, "M-0", "2027-06-01", toUnion: true);
        Assert.Equal([lines[0], lines[0]], (await asked.Lines(asked.Union)).Select(l => l["line"].Text()));
        Assert.Equal("representative", (await asked.Lines(asked.Platform)).First(l => l["line"].Text() == lines[0])["deliverTo"].Text());
    }

    [Fact]
    public async Task C_civ_2006_another_representative_takes_over_and_the_first_ones_line_is_cancelled_but_the_same_one_goes_on()
    {
        var sector = await Sector.Found(this);
        var (union, other, driver) = (sector.Unions['A'], sector.Unions['B'], Member("driver"));
        async Task<string> Granted(Organisation to)
        {
            var at = (await driver.Post("/v1/mandates", sector.Mandate(to, "2026-11-25", "2027-11-25"))).Headers.Location!.ToString();
            await to.Http.Post(at + "/acceptance", null).Expect(200);
            return at;
        }
        await Granted(union);
        await sector.Record(union, 1);
        var asked = new Asked(sector, union, sector.Platform, await sector.Filed(union, new JsonObject { ["minMembers"] = 1 }), []);
        await asked.Do(asked.Platform, "receipt");
        await Granted(union); // anew, to the same: what was asked goes on
        Assert.Equal((4, 0), ((await union.Http.Get(asked.At).Expect(200))["lines"]!["pending"]!.GetValue<int>(), (await union.Http.Get(asked.At).Expect(200))["lines"]!["cancelled"]!.GetValue<int>()));
        Assert.Equal(4, (await asked.Lines(union)).Count);
        await Granted(other);
        Assert.Equal((2, 2), ((await union.Http.Get(asked.At).Expect(200))["lines"]!["pending"]!.GetValue<int>(), (await union.Http.Get(asked.At).Expect(200))["lines"]!["cancelled"]!.GetValue<int>()));
        Assert.Equal(2, (await asked.Lines(union)).Count);
    }

    [Fact]
    public async Task GDPR_17_erasure_cancels_and_leaves_no_answer_of_the_person()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        await driver.Put($"/v1/me/accounts/{sector.Platform.Id}", new JsonObject { ["accountId"] = "d-1" }).Expect(200);
        var at = (await driver.Post("/v1/mandates", sector.Mandate(union, "2026-11-25", "2027-11-25"))).Headers.Location!.ToString();
        await union.Http.Post(at + "/acceptance", null).Expect(200);
        await sector.Record(union, 1);
        var asked = new Asked(sector, union, sector.Platform, await sector.Filed(union, new JsonObject { ["minMembers"] = 1 }), []);
        await asked.Do(asked.Platform, "receipt");
        var line = (await asked.Lines(asked.Platform)).First(l => l["accountId"]?.GetValue<string>() == "d-1")["line"].Text();
        await asked.Do(asked.Platform, "identity-questions", Asked.Named(line));
        await asked.Do(union, "identity-answers", new JsonObject { ["items"] = new JsonArray(new JsonObject { ["line"] = line, ["answer"] = "it is me" }) });
        Assert.Equal(1L, await Scalar<long>("SELECT count(*) FROM line_answers"));
        await driver.Send(HttpMethod.Delete, "/v1/me", null, []);
        Assert.Equal((0L, 1L), (await Scalar<long>("SELECT count(*) FROM line_answers"), await Scalar<long>("SELECT count(*) FROM request_lines WHERE account IS NOT NULL")));
        Assert.All(await asked.States(asked.Platform, line), state => Assert.Equal("cancelled", state));
        Assert.Equal(2, (await union.Http.Get(asked.At).Expect(200))["lines"]!["pending"]!.GetValue<int>());
    }

    private static JsonObject Evidence(char digest) => new() { ["evidence"] = new JsonObject { ["method"] = "paper", ["capturedOn"] = "2026-11-25", ["documentHash"] = new string(digest, 64) } };
}
