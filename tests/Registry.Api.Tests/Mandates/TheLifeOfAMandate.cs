using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Mandates;

/// <summary>The rules of a mandate from its offer to its end, each over HTTP.</summary>
public sealed class TheLifeOfAMandate : RegistryApp
{
    private const string Today = "2026-11-25", Year = "2027-11-25";

    private static JsonObject Evidence(string capturedOn = Today, string method = "paper") => new() { ["method"] = method, ["capturedOn"] = capturedOn, ["documentHash"] = new string('e', 64) };

    private static async Task<string> Offered(Client member, JsonObject mandate) => (await member.Post("/v1/mandates", mandate).Expect(201)) is var made ? $"/v1/mandates/{made["id"]}" : "";

    private static async Task<string> Active(Client member, Organisation union, JsonObject mandate)
    {
        var at = await Offered(member, mandate);
        await union.Http.Post(at + "/acceptance", null).Expect(200);
        return at;
    }

    private static async Task<string> State(Client by, string at) => (await by.Get(at).Expect(200))["state"].Text();

    private static JsonObject With(JsonObject mandate, params (string Name, JsonNode? Value)[] changes)
    {
        foreach (var (name, value) in changes) mandate[name] = value;
        return mandate;
    }

    [Fact]
    public async Task C_civ_1985_an_offer_is_taken_up_by_using_it_and_only_where_it_is_named()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var ids = await sector.Record(union, 9);
        var at = await Offered(driver, sector.Mandate(union, Today, Year));
        var named = ids.Append(Guid.Parse(at.Split('/')[^1])).Select(id => (JsonNode)id).ToArray();
        await sector.Filed(union, new JsonObject { ["cohort"] = new JsonObject { ["all"] = true }, ["minMembers"] = 9 });
        Assert.Equal("offered", await State(driver, at)); // everybody is not this one
        await sector.Filed(union, new JsonObject { ["cohort"] = new JsonObject { ["all"] = false, ["mandates"] = new JsonArray(named) } });
        Assert.Equal("active", await State(driver, at));
        Assert.True(await Scalar<bool>("SELECT (data ->> 'tacit')::boolean FROM mt_events WHERE type = 'mandate_accepted'"));
    }

    [Fact]
    public async Task A_paused_mandate_is_not_used_until_it_is_resumed()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var at = await Offered(driver, sector.Mandate(union, Today, Year));
        await driver.Post(at + "/pause", null).ExpectProblem(409, "mandate-not-accepted");
        await union.Http.Post(at + "/acceptance", null).Expect(200);
        var first = await driver.Post(at + "/pause", null);
        Assert.Equal((200, "paused"), (first.Status, first.Body!["state"].Text()));
        Assert.Equal(first.ETag, (await driver.Post(at + "/pause", null)).ETag); // again is harmless
        var drafted = await union.Http.Post("/v1/portability-requests", sector.Request()).Expect(201);
        Assert.Equal("paused", drafted["excluded"]![0]!["reason"].Text());
        await union.Http.Post(at + "/resumption", null).ExpectProblem(422, "evidence-needed", "/evidence"); // a representative gives itself no power
        Assert.Equal("active", (await driver.Post(at + "/resumption", null).Expect(200))["state"].Text());
        await union.Http.Post(at + "/pause", new JsonObject { ["receivedOn"] = "2026-11-24" }).Expect(200); // but takes its member's word down
        await union.Http.Post(at + "/resumption", new JsonObject { ["evidence"] = Evidence("2026-11-24") }).ExpectProblem(422, "old-evidence", "/evidence");
        Assert.Equal("active", (await union.Http.Post(at + "/resumption", new JsonObject { ["evidence"] = Evidence() }).Expect(200))["state"].Text());
        await driver.Post(at + "/pause", new JsonObject { ["receivedOn"] = "2026-11-26" }).ExpectProblem(422, "in-the-future", "/receivedOn");
    }

    [Fact]
    public async Task A_renewal_is_said_by_the_member_for_twelve_months_from_today_at_most()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var at = await Active(driver, union, sector.Mandate(union, Today, "2027-02-25"));
        await MoveTo("2027-01-10");
        await driver.Post(at + "/renewal", new JsonObject { ["to"] = "2028-01-11" }).ExpectProblem(422, "mandate-too-long", "/to");
        await driver.Post(at + "/renewal", new JsonObject { ["to"] = "2027-02-01" }).ExpectProblem(422, "shorter-than-before", "/to");
        await driver.Post(at + "/renewal", new JsonObject { ["textVersion"] = "1999" }).ExpectProblem(422, "unknown-mandate-text");
        await union.Http.Post(at + "/renewal", null).ExpectProblem(422, "evidence-needed", "/evidence");
        var renewed = await driver.Post(at + "/renewal", null).Expect(200);
        Assert.Equal(("2028-01-10", Today), (renewed["validity"]!["to"].Text(), renewed["validity"]!["from"].Text()));
        Assert.Equal("2028-01-10", (await union.Http.Post(at + "/renewal", new JsonObject { ["evidence"] = Evidence("2027-01-09") }).Expect(200))["validity"]!["to"].Text()); // the same again
        await MoveTo("2028-01-10");
        Assert.Equal("expired", await State(driver, at));
        await driver.Post(at + "/renewal", null).ExpectProblem(409, "mandate-expired"); // what has run out is granted anew
    }

    /// <summary>C. civ. 2006, GDPR Art. 9: the first learns that, never by whom, and no time nearer than the day.</summary>
    [Fact]
    public async Task C_civ_2006_a_new_representative_for_the_same_matter_takes_the_first_ones_place_and_is_not_named()
    {
        var sector = await Sector.Found(this);
        var (a, b, driver) = (sector.Unions['A'], sector.Unions['B'], Member("driver"));
        var first = await Active(driver, a, sector.Mandate(a, Today, Year));
        var other = await Active(driver, a, sector.Mandate(a, Today, Year, "reg:reputation")); // another matter
        var second = await Offered(driver, sector.Mandate(b, Today, Year, "reg:observed.trips"));
        Assert.Equal("active", await State(a.Http, first)); // an offer takes nobody's place
        await b.Http.Post(second + "/acceptance", null).Expect(200);
        Assert.Equal(("superseded", "active", "active"), (await State(a.Http, first), await State(driver, second), await State(a.Http, other)));
        Assert.Equal("superseded", (await a.Http.Get(first).Expect(200))["scopes"]![0]!["state"].Text());
        foreach (var reading in new[] { first, first + "/receipt", first + "/uses", "/v1/mandates" })
        {
            var told = (await a.Http.Get(reading)).Text;
            Assert.DoesNotContain(b.Id.ToString(), told, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Union B", told, StringComparison.Ordinal);
        }
        var receipt = JsonNode.Parse((await a.Http.Get(first + "/receipt")).Text)!;
        Assert.Equal(Today + "T00:00:00Z", receipt["reg:events"]!.AsArray()[^1]!["dct:date"].Text());
        Assert.Equal(Today + "T00:00:00Z", receipt["dct:issued"].Text());
        Assert.Equal(1L, await Scalar<long>($"SELECT count(*) FROM registry_outbox WHERE topic = 'mandate.superseded' AND recipient = '{a.Id}'"));
        await a.Http.Post(first + "/acceptance", null).ExpectProblem(409, "mandate-superseded");
        await driver.Post(first + "/resumption", null).ExpectProblem(409, "mandate-superseded");
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task C_civ_2006_unless_one_of_the_two_stands_beside_others(bool firstExclusive, bool secondExclusive)
    {
        var sector = await Sector.Found(this);
        var (a, b, driver) = (sector.Unions['A'], sector.Unions['B'], Member("driver"));
        var first = await Active(driver, a, With(sector.Mandate(a, Today, Year), ("exclusive", firstExclusive)));
        await Active(driver, b, With(sector.Mandate(b, Today, Year), ("exclusive", secondExclusive)));
        Assert.Equal("active", await State(driver, first));
    }

    [Fact]
    public async Task A_mandate_of_a_later_day_takes_over_on_that_day_and_gives_back_what_it_never_took()
    {
        var sector = await Sector.Found(this);
        var (a, b, driver) = (sector.Unions['A'], sector.Unions['B'], Member("driver"));
        var first = await Active(driver, a, sector.Mandate(a, Today, Year));
        var second = await Active(driver, b, sector.Mandate(b, "2027-01-01", "2027-12-01"));
        Assert.Equal(("active", "active"), (await State(driver, first), await State(driver, second)));
        await driver.Post(second + "/withdrawal", null).Expect(200);
        await MoveTo("2027-01-01");
        Assert.Equal("active", await State(driver, first));

        var third = await Active(driver, b, sector.Mandate(b, "2027-02-01", "2027-12-01"));
        await MoveTo("2027-01-31");
        Assert.Equal("active", await State(driver, first));
        await MoveTo("2027-02-01");
        Assert.Equal("superseded", await State(driver, first));
        await driver.Post(third + "/withdrawal", null).Expect(200);
        Assert.Equal("superseded", await State(driver, first)); // what was taken over does not come back by itself
    }

    /// <summary>C. civ. 2006 gives effect to the person's later word, and not to the quicker hand.</summary>
    [Fact]
    public async Task C_civ_2006_an_older_offer_does_not_override_a_newer_choice()
    {
        var sector = await Sector.Found(this);
        var (a, b, driver) = (sector.Unions['A'], sector.Unions['B'], Member("driver"));
        var older = await Offered(driver, sector.Mandate(a, Today, Year));
        var newer = await Active(driver, b, sector.Mandate(b, Today, Year));
        await a.Http.Post(older + "/acceptance", null).ExpectProblem(409, "mandate-superseded");
        Assert.Equal(("superseded", "active"), (await State(driver, older), await State(driver, newer)));
    }

    [Fact]
    public async Task Of_three_that_follow_each_other_one_acts_when_the_last_is_withdrawn()
    {
        var sector = await Sector.Found(this);
        var (a, b, c, driver) = (sector.Unions['A'], sector.Unions['B'], sector.Unions['C'], Member("driver"));
        var first = await Active(driver, a, sector.Mandate(a, Today, Year));
        var second = await Active(driver, b, sector.Mandate(b, "2026-12-15", Year));
        var third = await Active(driver, c, sector.Mandate(c, "2026-12-05", Year));
        await driver.Post(third + "/withdrawal", null).Expect(200);
        await MoveTo("2026-12-20");
        Assert.Equal(("superseded", "active"), (await State(driver, first), await State(driver, second)));
    }

    /// <summary>DOMAIN: what was asked in time stands for the person, and the person may still cancel it.</summary>
    [Fact]
    public async Task C_civ_2007_renunciation_cancels_no_line_and_the_member_still_may()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var ids = await sector.Record(union, 10);
        var at = await sector.Filed(union);
        async Task<int> Cancelled() => (await union.Http.Get(at).Expect(200))["lines"]!["cancelled"]!.GetValue<int>();
        await union.Http.Post($"/v1/mandates/{ids[0]}/renunciation", null).Expect(200);
        Assert.Equal(0, await Cancelled());
        await union.Http.Post($"/v1/mandates/{ids[0]}/withdrawal", null).Expect(200);
        Assert.Equal(2, await Cancelled());
    }

    [Fact]
    public async Task A_document_that_was_withdrawn_proves_no_new_mandate_and_none_is_good_year_after_year()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var paper = sector.PaperMandate(union, "M-1", Today, Year);
        var mandate = (await union.Http.Post("/v1/mandates", paper).Expect(201))["id"].Text();
        await union.Http.Post($"/v1/mandates/{mandate}/withdrawal", null).Expect(200);
        paper["validity"]!["to"] = "2027-11-24";
        await union.Http.Post("/v1/mandates", paper).ExpectProblem(422, "document-withdrawn", "/evidence/documentHash");
        var old = sector.PaperMandate(union, "M-2", Today, Year);
        old["evidence"]!["capturedOn"] = "2019-03-01";
        await union.Http.Post("/v1/mandates", old).ExpectProblem(422, "begins-too-late", "/validity/from");
        await Member("driver").Post("/v1/mandates", sector.Mandate(union, "2027-11-26", "2027-12-26")).ExpectProblem(422, "begins-too-late", "/validity/from");
    }

    [Fact]
    public async Task GDPR_80_to_exercise_rights_to_complain_and_to_claim_damages_are_objects_of_their_own()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var mandate = sector.Mandate(union, Today, Year);
        mandate["scopes"]![0]!["rights"] = new JsonArray("access", "complain");
        await driver.Post("/v1/mandates", mandate).ExpectProblem(422, "separate-scopes", "/scopes/0/rights");
        mandate["scopes"]![0]!["rights"] = new JsonArray("access", "portability");
        foreach (var right in new[] { "complain", "claimDamages" })
        {
            var scope = mandate["scopes"]![0]!.DeepClone();
            scope["rights"] = new JsonArray(right);
            mandate["scopes"]!.AsArray().Add(scope);
        }
        Assert.Equal(3, (await driver.Post("/v1/mandates", mandate).Expect(201))["scopes"]!.AsArray().Count);
        var everything = sector.Mandate(union, Today, Year, [.. Instance.Law.Codes.DataCategories.Roots.Where(r => r != "reg:special")]);
        await driver.Post("/v1/mandates", everything).ExpectProblem(422, "general-mandate", "/scopes/0/categories");
    }

    [Fact]
    public async Task LIL_45_a_guardian_who_signed_signs_the_renewal_too()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("young"));
        var guardian = new JsonObject { ["signedOn"] = "2026-11-24", ["documentHash"] = new string('f', 64) };
        var at = await Active(driver, union, With(sector.Mandate(union, Today, "2027-02-25"), ("born", "2012-01-01"), ("guardian", guardian.DeepClone())));
        await driver.Post(at + "/renewal", null).ExpectProblem(422, "guardian-needed", "/guardian");
        await driver.Post(at + "/renewal", new JsonObject { ["guardian"] = guardian.DeepClone() }).Expect(200);
    }

    /// <summary>An end that was written down with an old date hides nothing: its retention is counted from the day it was recorded.</summary>
    [Fact]
    public async Task An_end_of_long_ago_keeps_its_proof_from_the_day_it_was_recorded()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var at = $"/v1/mandates/{(await sector.Record(union, 1))[0]}";
        await union.Http.Post(at + "/end", new JsonObject { ["cause"] = "death", ["on"] = "1990-01-01", ["evidence"] = Evidence() }).Expect(200);
        await MoveTo("2031-11-25");
        Assert.Equal("ended", await State(union.Http, at));
        await MoveTo("2031-11-26");
        await union.Http.Get(at).ExpectProblem(404, "unknown-mandate");
    }

    /// <summary>Two unions can never find out from the registry that one person is a member of both.</summary>
    [Fact]
    public async Task Records_of_two_unions_are_never_matched_and_a_newer_one_of_the_same_union_takes_its_place()
    {
        var sector = await Sector.Found(this);
        var (a, b) = (sector.Unions['A'], sector.Unions['B']);
        var mine = (await sector.Record(a, 1))[0];
        var theirs = (await sector.Record(b, 1))[0]; // the same number, name and account
        Assert.Equal(("active", "active"), (await State(a.Http, $"/v1/mandates/{mine}"), await State(b.Http, $"/v1/mandates/{theirs}")));
        await a.Http.Post("/v1/mandates", sector.PaperMandate(a, "M-0", Today, "2027-10-25", "account-0")).Expect(201);
        Assert.Equal(("superseded", "active"), (await State(a.Http, $"/v1/mandates/{mine}"), await State(b.Http, $"/v1/mandates/{theirs}")));
        Assert.Equal(2L, await Scalar<long>("SELECT count(DISTINCT member) FROM vault"));
    }

    [Fact]
    public async Task C_civ_2007_a_representative_gives_a_mandate_back_and_declines_an_offer()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var (active, offered) = (await Active(driver, union, sector.Mandate(union, Today, Year)), await Offered(driver, sector.Mandate(union, Today, Year, "reg:reputation")));
        foreach (var at in new[] { active, offered })
        {
            await driver.Post(at + "/renunciation", null).ExpectProblem(403, "wrong-role");
            await sector.Unions['B'].Http.Post(at + "/renunciation", null).ExpectProblem(404, "unknown-mandate");
            var renounced = await union.Http.Post(at + "/renunciation", null);
            Assert.Equal("renounced", renounced.Body!["state"].Text());
            Assert.Equal(renounced.ETag, (await union.Http.Post(at + "/renunciation", null)).ETag);
            await union.Http.Post(at + "/acceptance", null).ExpectProblem(409, "mandate-renounced");
            Assert.Equal("withdrawn", (await driver.Post(at + "/withdrawal", null).Expect(200))["state"].Text()); // the member still has the last word
        }
    }

    [Theory]
    [InlineData("death")]
    [InlineData("guardianship")]
    public async Task C_civ_2003_death_and_guardianship_end_it_and_2008_what_was_done_before_stays(string cause)
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var ids = await sector.Record(union, 10);
        var at = await sector.Filed(union);
        await sector.Platform.Http.Change(at, "receipt", new JsonObject()).Expect(200);
        await MoveTo("2026-12-10");
        var mandate = $"/v1/mandates/{ids[0]}";
        JsonObject End(string on) => new() { ["cause"] = cause, ["on"] = on, ["evidence"] = Evidence("2026-12-09", "desk") };
        await union.Http.Post(mandate + "/end", End("2026-12-11")).ExpectProblem(422, "in-the-future", "/on");
        await union.Http.Post(mandate + "/end", new JsonObject { ["cause"] = "boredom", ["evidence"] = Evidence() }).ExpectProblem(400, "invalid-value", "/cause");
        await union.Http.Post(mandate + "/end", new JsonObject { ["cause"] = cause }).ExpectProblem(400, "missing-field", "/evidence");
        Assert.Equal("ended", (await union.Http.Post(mandate + "/end", End("2026-11-20")).Expect(200))["state"].Text()); // before the filing, and nobody knew
        Assert.Equal(10, (await union.Http.Get(at).Expect(200))["cohort"]!["count"]!.GetValue<int>()); // the filing stands
        Assert.Equal(1, (await union.Http.Get(at).Expect(200))["lines"]!["cancelled"]!.GetValue<int>() / 2); // one person's two columns, and nobody else's
        await union.Http.Post(mandate + "/end", End("2026-11-20")).Expect(200);
        await union.Http.Post(mandate + "/pause", null).ExpectProblem(409, "mandate-ended");
    }

    [Fact]
    public async Task C_civ_2003_a_dissolved_representative_acts_for_nobody()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['C'], Member("driver"));
        var ids = await sector.Record(union, 10);
        var at = await Active(driver, union, sector.Mandate(union, Today, Year));
        await union.Http.Post($"/v1/organisations/{union.Id}/dissolution", null).ExpectProblem(403, "wrong-role");
        await Operator.Post($"/v1/organisations/{union.Id}/dissolution", new JsonObject { ["on"] = "2026-11-26" }).ExpectProblem(422, "in-the-future", "/on");
        Assert.Equal(Today, (await Operator.Post($"/v1/organisations/{union.Id}/dissolution", null).Expect(200))["dissolvedOn"].Text());
        await Operator.Post($"/v1/organisations/{union.Id}/dissolution", new JsonObject { ["on"] = Today }).Expect(200);
        await Operator.Post($"/v1/organisations/{union.Id}/dissolution", new JsonObject { ["on"] = "2026-11-20" }).ExpectProblem(409, "already-dissolved");
        Assert.Equal("ended", await State(driver, at));
        Assert.Equal("ended", (await driver.Get("/v1/me").Expect(200))["mandates"]![0]!["state"].Text());
        var drafted = await union.Http.Post("/v1/portability-requests", sector.Request()).Expect(201);
        Assert.Equal(("ended", 11), (drafted["excluded"]![0]!["reason"].Text(), drafted["excluded"]![0]!["count"]!.GetValue<int>()));
        var question = Sector.Question(sector.Platform.Id, Today, purpose: "dpv:RightsFulfillment");
        question["mandate"] = ids[0];
        await sector.InForce(Sector.Term("1", "reg:observed", "dpv:RightsFulfillment"));
        question.Remove("on");
        Assert.Equal("mandate-ended", (await union.Http.Post("/v1/decisions", question).Expect(200))["rule"].Text());
        await Member("other").Post("/v1/mandates", sector.Mandate(union, Instance.Clock.Today("FR").Day(), Instance.Clock.Today("FR").AddMonths(3).Day())).ExpectProblem(422, "organisation-dissolved", "/representative");
    }

    [Fact]
    public async Task C_civ_1994_a_substitute_acts_only_where_the_member_named_it_and_no_further()
    {
        var sector = await Sector.Found(this);
        var (union, substitute, other) = (sector.Unions['A'], sector.Unions['B'], sector.Unions['C']);
        var ids = new List<Guid>();
        for (var i = 0; i < 10; i++) ids.Add((await union.Http.Post("/v1/mandates", With(sector.PaperMandate(union, $"S-{i}", Today, Year), ("subDelegates", new JsonArray(substitute.Id)))).Expect(201))["id"]!.GetValue<Guid>());
        var plain = (await sector.Record(union, 1))[0];
        JsonObject To(Organisation who) => new() { ["substitute"] = who.Id };
        await union.Http.Post($"/v1/mandates/{plain}/substitution", To(substitute)).ExpectProblem(422, "not-delegable", "/substitute");
        await union.Http.Post($"/v1/mandates/{ids[0]}/substitution", To(other)).ExpectProblem(422, "not-delegable", "/substitute");
        await substitute.Http.Get($"/v1/mandates/{ids[0]}").ExpectProblem(404, "unknown-mandate");
        foreach (var id in ids) await union.Http.Post($"/v1/mandates/{id}/substitution", To(substitute)).Expect(200);
        await substitute.Http.Get($"/v1/mandates/{ids[0]}").Expect(200);
        await substitute.Http.Post($"/v1/mandates/{ids[0]}/substitution", To(other)).ExpectProblem(403, "no-further-delegation");
        await substitute.Http.Post($"/v1/mandates/{ids[0]}/renunciation", null).ExpectProblem(404, "unknown-mandate");
        Assert.Equal(10, (await substitute.Http.Post("/v1/portability-requests", sector.Request()).Expect(201))["cohort"]!["count"]!.GetValue<int>());
        var drafted = await union.Http.Post("/v1/portability-requests", sector.Request()).Expect(201); // one pair of hands at a time
        Assert.Equal((1, "actedForBySubstitute", 10), (drafted["cohort"]!["count"]!.GetValue<int>(), drafted["excluded"]![0]!["reason"].Text(), drafted["excluded"]![0]!["count"]!.GetValue<int>()));
        var filed = await sector.Filed(substitute);
        Assert.Equal(10, (await substitute.Http.Get(filed).Expect(200))["cohort"]!["count"]!.GetValue<int>());
        await union.Http.Post($"/v1/mandates/{ids[0]}/substitution", null).Expect(200);
        await substitute.Http.Get($"/v1/mandates/{ids[0]}").ExpectProblem(404, "unknown-mandate");
        await union.Http.Post("/v1/mandates", With(sector.PaperMandate(union, "X", Today, Year), ("subDelegates", new JsonArray(sector.Platform.Id)))).ExpectProblem(422, "wrong-kind-of-organisation", "/subDelegates/0");
    }

    [Fact]
    public async Task GDPR_7_3_one_scope_of_two_is_withdrawn_also_on_paper_and_the_last_one_ends_it()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var mandate = sector.Mandate(union, Today, Year);
        mandate["scopes"]!.AsArray().Add(sector.Mandate(union, Today, Year, "reg:reputation")["scopes"]![0]!.DeepClone());
        var at = await Active(driver, union, mandate);
        var scopes = (await driver.Get(at).Expect(200))["scopes"]!.AsArray().Select(s => s!["id"].Text()).ToList();
        var one = await union.Http.Post(at + "/withdrawal", new JsonObject { ["scope"] = scopes[0], ["receivedOn"] = "2026-11-24", ["evidence"] = Evidence() }).Expect(200);
        Assert.Equal(("active", "withdrawn", "live"), (one["state"].Text(), one["scopes"]![0]!["state"].Text(), one["scopes"]![1]!["state"].Text()));
        Assert.Null(one["withdrawnAt"]);
        var two = await driver.Post(at + "/withdrawal", new JsonObject { ["scope"] = scopes[1] }).Expect(200);
        Assert.Equal("withdrawn", two["state"].Text());
        await driver.Post(at + "/withdrawal", new JsonObject { ["scope"] = Guid.NewGuid() }).Expect(200); // ended: nothing more to say
    }

    /// <summary>Its time is over and a request is still open: the member is heard all the same.</summary>
    [Fact]
    public async Task GDPR_7_3_an_expired_mandate_is_withdrawn_too_and_its_open_lines_with_it()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var ids = await sector.Record(union, 10, Today, "2026-12-25");
        var at = await sector.Filed(union);
        await MoveTo("2026-12-26");
        Assert.Equal("expired", await State(union.Http, $"/v1/mandates/{ids[0]}"));
        Assert.Equal(0, (await union.Http.Get(at).Expect(200))["lines"]!["cancelled"]!.GetValue<int>());
        Assert.Equal("withdrawn", (await union.Http.Post($"/v1/mandates/{ids[0]}/withdrawal", null).Expect(200))["state"].Text());
        Assert.Equal(2, (await union.Http.Get(at).Expect(200))["lines"]!["cancelled"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_text_that_was_signed_is_kept_with_its_digest()
    {
        var sector = await Sector.Found(this);
        var text = (await Nobody.Get("/v1/mandate-texts?language=fr").Expect(200))["items"]!.AsArray()[^1]!;
        var digest = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{text["title"].Text()}\n\n{text["text"].Text()}"));
        Assert.Equal(Convert.ToHexStringLower(digest), text["sha256"].Text());
        await Offered(Member("driver"), With(sector.Mandate(sector.Unions['A'], Today, Year), ("language", "fr")));
        Assert.Equal((text["version"].Text(), text["sha256"].Text()), (await Scalar<string>("SELECT data #>> '{deed,textVersion}' FROM mt_events WHERE type = 'mandate_granted'"), await Scalar<string>("SELECT data #>> '{deed,textHash}' FROM mt_events WHERE type = 'mandate_granted'")));
    }

    [Fact]
    public async Task A_proof_of_the_members_own_is_kept_as_a_digest_and_its_remark_in_the_vault()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var at = await Active(driver, union, sector.Mandate(union, Today, Year));
        var proof = new JsonObject { ["documentHash"] = new string('c', 64), ["madeOn"] = "2026-11-20", ["note"] = "REMARK-canary" };
        await driver.Post(at + "/evidence", proof).Expect(200);
        await driver.Post(at + "/evidence", proof).Expect(200);
        await driver.Post(at + "/evidence", With((JsonObject)proof.DeepClone(), ("documentHash", "abc"))).ExpectProblem(400, "invalid-digest", "/documentHash");
        await driver.Post(at + "/evidence", With((JsonObject)proof.DeepClone(), ("madeOn", "2026-11-26"), ("documentHash", new string('d', 64)))).ExpectProblem(422, "in-the-future", "/madeOn");
        await Member("other").Post(at + "/evidence", proof).ExpectProblem(404, "unknown-mandate");
        await union.Http.Post(at + "/evidence", proof).ExpectProblem(403, "wrong-role");
        var exported = (await driver.Get("/v1/me/export").Expect(200))["mandates"]![0]!["evidence"]!.AsArray();
        Assert.Equal((1, "REMARK-canary"), (exported.Count, exported[0]!["note"].Text()));
        Assert.DoesNotContain("canary", await Scalar<string>("SELECT string_agg(data::text, '') FROM mt_events"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_joins_a_paper_record_to_the_person_who_signs_in_once()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var mandate = (await union.Http.Post("/v1/mandates", With(sector.PaperMandate(union, "REF-7", Today, Year, "account-7"), ("name", "Name"), ("contact", "c@example.org"))).Expect(201))["id"].Text();
        var invited = await union.Http.Post($"/v1/mandates/{mandate}/invitation", null, ("Idempotency-Key", "i")).Expect(200);
        Assert.Equal("2026-12-25", invited["until"].Text());
        Assert.Null((await union.Http.Post($"/v1/mandates/{mandate}/invitation", null, ("Idempotency-Key", "i")).Expect(200))["code"]); // shown once
        var code = invited["code"].Text();
        Assert.Matches("^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$", code);
        await sector.Unions['B'].Http.Post($"/v1/mandates/{mandate}/invitation", null).ExpectProblem(404, "unknown-mandate");
        Task<Answer> Link(Client who, string typed) => who.Post("/v1/me/links", new JsonObject { ["code"] = typed });
        await Link(driver, "AAAA-BBBB-CCCC-DDDD").ExpectProblem(404, "unknown-invitation");
        await driver.Get($"/v1/mandates/{mandate}").ExpectProblem(404, "unknown-mandate");
        Assert.Equal(mandate, (await Link(driver, code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)).Expect(200))["id"].Text());
        await Link(driver, code).ExpectProblem(404, "unknown-invitation");
        await Link(Member("thief"), code).ExpectProblem(404, "unknown-invitation");
        var me = await driver.Get("/v1/me").Expect(200);
        Assert.Equal(("Name", "c@example.org", "REF-7"), (me["held"]![0]!["name"].Text(), me["held"]![0]!["contact"].Text(), me["held"]![0]!["memberReference"].Text()));
        Assert.Equal("withdrawn", (await driver.Post($"/v1/mandates/{mandate}/withdrawal", null).Expect(200))["state"].Text());

        var offered = (await Offered(driver, sector.Mandate(union, Today, Year))).Split('/')[^1];
        await union.Http.Post($"/v1/mandates/{offered}/invitation", null).ExpectProblem(409, "granted-online");
        var late = (await union.Http.Post("/v1/mandates", sector.PaperMandate(union, "REF-8", Today, Year)).Expect(201))["id"].Text();
        var old = (await union.Http.Post($"/v1/mandates/{late}/invitation", null).Expect(200))["code"].Text();
        await MoveTo("2026-12-26");
        await Link(Member("late"), old).ExpectProblem(404, "unknown-invitation");
    }

    /// <summary>Two codes of one record, two people, at once: one of them gets it.</summary>
    [Fact]
    public async Task Of_two_codes_for_one_record_one_works()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var codes = new List<string>();
        foreach (var category in new[] { "reg:observed", "reg:reputation" })
        {
            var mandate = (await union.Http.Post("/v1/mandates", sector.PaperMandate(union, "M-0", Today, Year, null, category)).Expect(201))["id"];
            codes.Add((await union.Http.Post($"/v1/mandates/{mandate}/invitation", null).Expect(200))["code"].Text());
        }
        var answers = await Task.WhenAll(codes.Select((code, i) => Member($"p{i}").Post("/v1/me/links", new JsonObject { ["code"] = code })));
        Assert.Equal([200, 404], answers.Select(a => a.Status).Order());
        Assert.Equal(1L, await Scalar<long>("SELECT count(*) FROM vault WHERE subject_index IS NOT NULL"));
    }

    [Fact]
    public async Task Every_use_of_a_mandate_is_told_by_whom_when_for_what_and_in_which_request()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        await sector.Record(union, 9);
        var at = await Active(driver, union, sector.Mandate(union, Today, Year)); // accepting reads it: one use
        await union.Http.Get(at).Expect(200);
        await union.Http.Get("/v1/mandates").Expect(200);
        var filed = await sector.Filed(union);
        await sector.Platform.Http.Get(filed + "/lines").Expect(200);
        await union.Http.Get(filed + "/lines").Expect(200);
        var uses = (await driver.Get(at + "/uses").Expect(200))["items"]!.AsArray();
        Assert.Equal(
            ["read Union A dpv:MemberPartnerManagement -", "read Union A dpv:MemberPartnerManagement -", "read Union A dpv:MemberPartnerManagement -", "filed Union A dpv:RightsFulfillment request", "read Platform dpv:RightsFulfillment request", "read Union A dpv:RightsFulfillment request"],
            uses.Select(u => $"{u!["kind"].Text()} {u["by"]!["name"].Text()} {u["purpose"].Text()} {(u["request"] is { } request ? (filed.EndsWith(request.Text(), StringComparison.Ordinal) ? "request" : "?") : "-")}"));
        Assert.All(uses, u => Assert.Equal("reg:special.unionMembership", u!["category"].Text()));
        var paged = await driver.Get(at + "/uses?limit=4");
        Assert.Equal(4, paged.Body!["items"]!.AsArray().Count);
        Assert.Equal(2, (await driver.Get(paged.Header("Link")!.Split('<', '>')[1]).Expect(200))["items"]!.AsArray().Count);
        await Member("other").Get(at + "/uses").ExpectProblem(404, "unknown-mandate");
        await sector.Unions['B'].Http.Get(at + "/uses").ExpectProblem(404, "unknown-mandate");
        Assert.Equal(6, (await driver.Get(at + "/uses").Expect(200))["items"]!.AsArray().Count); // a member's own reading is no use
    }

    [Fact]
    public async Task A_member_sees_the_requests_in_which_they_stand_and_nobody_elses_lines()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        await sector.Record(union, 9);
        var at = await Active(driver, union, sector.Mandate(union, Today, Year));
        Assert.Empty((await driver.Get("/v1/me/requests").Expect(200))["items"]!.AsArray());
        var drafted = await union.Http.Post("/v1/portability-requests", sector.Request()).Expect(201);
        Assert.Empty((await driver.Get("/v1/me/requests").Expect(200))["items"]!.AsArray()); // a draft is nobody's business yet
        await union.Http.Change($"/v1/portability-requests/{drafted["id"]}", "filing").Expect(200);
        await sector.Platform.Http.Change($"/v1/portability-requests/{drafted["id"]}", "receipt", new JsonObject()).Expect(200);
        var mine = (await driver.Get("/v1/me/requests").Expect(200))["items"]!.AsArray();
        Assert.Equal(("Union A", "Platform", Today), (mine[0]!["representativeName"].Text(), mine[0]!["platformName"].Text(), mine[0]!["receivedOn"].Text()));
        Assert.Equal([("gdpr:A20", "pending"), ("ct:L7342-7", "pending")], mine[0]!["lines"]!.AsArray().Select(l => (l!["hook"].Text(), l["state"].Text())));
        Assert.All(mine[0]!["lines"]!.AsArray(), l => Assert.EndsWith(l!["mandate"].Text(), at, StringComparison.Ordinal));
        Assert.NotNull(mine[0]!["lines"]![0]!["due"]);
        Assert.Empty((await Member("other").Get("/v1/me/requests").Expect(200))["items"]!.AsArray());
        var export = await driver.Get("/v1/me/export").Expect(200);
        Assert.Equal((1, 1, "dpv:ConsentReceipt"), (export["requests"]!.AsArray().Count, export["mandates"]!.AsArray().Count, export["mandates"]![0]!["receipt"]!["@type"].Text()));
    }

    [Fact]
    public async Task ISO_27560_the_receipt_is_canonical_and_its_page_carries_id_and_digest_in_a_code()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var at = await Active(driver, union, With(sector.Mandate(union, Today, Year), ("language", "fr")));
        var receipt = await driver.Get(at + "/receipt");
        Assert.Equal((200, "application/ld+json"), (receipt.Status, receipt.Content.ContentType!.MediaType));
        var document = JsonNode.Parse(receipt.Text)!;
        Assert.Equal(receipt.Text, System.Text.Encoding.UTF8.GetString(EventStore.Leaves.CanonicalJson.Of(System.Text.Json.JsonDocument.Parse(receipt.Text).RootElement)));
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(receipt.Text)));
        Assert.Equal(("dpv:ConsentReceipt", "ISO/IEC TS 27560:2023", "dpv:ConsentGiven"), (document["@type"].Text(), document["dct:conformsTo"].Text(), document["dpv:hasConsentStatus"].Text()));
        Assert.Equal(("Union A", "Platform"), (document["dpv:hasDataController"]!["dct:title"].Text(), document["dpv:hasProcess"]![0]!["reg:addressee"]![0]!["dct:title"].Text()));
        Assert.Equal(receipt.Text, (await union.Http.Get(at + "/receipt")).Text);
        var page = await driver.Get(at + "/receipt", ("Accept", "text/html"));
        Assert.Equal("text/html", page.Content.ContentType!.MediaType);
        Assert.Contains("lang=\"fr\"", page.Text, StringComparison.Ordinal);
        Assert.Contains(digest, page.Text, StringComparison.Ordinal);
        Assert.Contains("<svg", page.Text, StringComparison.Ordinal);
        await Member("other").Get(at + "/receipt").ExpectProblem(404, "unknown-mandate");

        await driver.Post(at + "/withdrawal", null).Expect(200);
        var after = JsonNode.Parse((await driver.Get(at + "/receipt")).Text)!;
        Assert.Equal(["dpv:ConsentGiven", "dpv:ConsentGiven", "dpv:ConsentWithdrawn"], after["reg:events"]!.AsArray().Select(e => e!["dpv:hasConsentStatus"].Text()));
        Assert.NotEqual(document["dct:identifier"].Text(), after["dct:identifier"].Text());
        Assert.Contains("retiré", (await driver.Get(at + "/receipt", ("Accept", "text/html"))).Text, StringComparison.Ordinal);
        var declined = await Offered(driver, sector.Mandate(union, Today, Year, "reg:reputation"));
        await union.Http.Post(declined + "/renunciation", null).Expect(200);
        Assert.Equal("dpv:ConsentRefused", JsonNode.Parse((await driver.Get(declined + "/receipt")).Text)!["dpv:hasConsentStatus"].Text());
    }

    /// <summary>What the benchmark loads is what the service writes: the fold of the events.</summary>
    [Fact]
    public async Task The_stored_row_is_the_fold_of_the_events()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var at = await Active(driver, union, sector.Mandate(union, Today, Year));
        await driver.Post(at + "/pause", null).Expect(200);
        var paper = (await sector.Record(union, 1))[0];
        var (catalogue, log) = ((Application.EventCatalogue)Services.GetService(typeof(Application.EventCatalogue))!, (EventStore.Streams.EventLog)Services.GetService(typeof(EventStore.Streams.EventLog))!);
        foreach (var id in new[] { Guid.Parse(at.Split('/')[^1]), paper })
        {
            var fold = catalogue.Read<Domain.Mandates.MandateEvent>((await log.FetchStream(id, default)).Events).Aggregate((Application.Mandates.MandateRow?)null, Application.Mandates.MandateRow.Evolve);
            var stored = await Scalar<string>($"SELECT data::text FROM mandates WHERE id = '{id}'");
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(stored), System.Text.Json.JsonSerializer.SerializeToNode(fold, Application.RegistryJson.Stored)));
        }
    }

    [Fact]
    public async Task Who_was_erased_may_come_back_as_somebody_new()
    {
        var sector = await Sector.Found(this);
        var (union, driver) = (sector.Unions['A'], Member("driver"));
        var before = await Active(driver, union, sector.Mandate(union, Today, Year));
        Assert.Equal(204, (await driver.Send(HttpMethod.Delete, "/v1/me", null, [])).Status);
        var after = await Active(driver, union, sector.Mandate(union, Today, Year));
        Assert.Equal(("withdrawn", "active"), (await State(union.Http, before), await State(driver, after)));
        Assert.Single((await driver.Get("/v1/me").Expect(200))["mandates"]!.AsArray());
    }
}
