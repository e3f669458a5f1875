using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Mandates;

public sealed class GivingAndTakingBackAMandate : RegistryApp
{
    [Fact]
    public async Task C_civ_1984_an_offer_is_active_once_accepted_and_withdrawn_in_one_call()
    {
        var sector = await Sector.Found(this);
        var (driver, union) = (Member("driver"), sector.Unions['A']);
        var granted = await driver.Post("/v1/mandates", sector.Mandate(union, "2026-11-25", "2027-11-25"));
        Assert.Equal((201, "offered"), (granted.Status, granted.Body!["state"].Text()));
        var at = granted.Headers.Location!.ToString();
        Assert.Equal("active", (await union.Http.Post(at + "/acceptance", null).Expect(200))["state"].Text());
        Assert.Equal("active", (await driver.Get(at).Expect(200))["state"].Text());
        var withdrawn = await driver.Post(at + "/withdrawal", null).Expect(200); // no body, no reason, no If-Match
        Assert.Equal("withdrawn", withdrawn["state"].Text());
        Assert.NotNull(withdrawn["withdrawnAt"]);
        var again = await driver.Post(at + "/withdrawal", new JsonObject());
        Assert.Equal((200, "\"3\""), (again.Status, again.ETag));
        await union.Http.Post(at + "/acceptance", null).ExpectProblem(409, "mandate-withdrawn");
    }

    [Fact]
    public async Task GDPR_17_an_erased_member_has_no_mandate_no_account_and_no_row_and_the_act_stays()
    {
        var sector = await Sector.Found(this);
        var (driver, union) = (Member("driver"), sector.Unions['A']);
        await driver.Put($"/v1/me/accounts/{sector.Platform.Id}", new JsonObject { ["accountId"] = "driver-7" }).Expect(200);
        var at = (await driver.Post("/v1/mandates", sector.Mandate(union, "2026-11-25", "2027-11-25"))).Headers.Location!.ToString();
        await driver.Post("/v1/mandates", sector.Mandate(sector.Unions['B'], "2026-11-25", "2027-11-25")).Expect(201);
        await union.Http.Post(at + "/acceptance", null).Expect(200);
        Assert.Equal(204, (await driver.Send(HttpMethod.Delete, "/v1/me", null, [])).Status);
        var left = await driver.Get("/v1/me").Expect(200);
        Assert.Empty(left["accounts"]!.AsArray());
        Assert.Empty(left["mandates"]!.AsArray());
        await driver.Get(at).ExpectProblem(404, "unknown-mandate"); // nobody knows any more whose it was
        Assert.Equal("withdrawn", (await union.Http.Get(at).Expect(200))["state"].Text());
        Assert.Equal(0L, await Count("SELECT count(*) FROM vault"));
        await driver.Put($"/v1/me/accounts/{sector.Platform.Id}", new JsonObject { ["accountId"] = "driver-8" }).Expect(200); // they may come back, as somebody new
    }

    private async Task<long> Count(string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection(Owner + ";Search Path=registry;Pooling=false");
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task A_mandate_is_never_shown_with_its_members_reference()
    {
        var sector = await Sector.Found(this);
        var granted = await Member("driver").Post("/v1/mandates", sector.Mandate(sector.Unions['A'], "2026-11-25", "2027-11-25")).Expect(201);
        Assert.Null(granted["member"]);
        Assert.Equal(
            ["acceptedAt", "exclusive", "grantedAt", "id", "language", "mayReceiveResponse", "representative", "scopes", "state", "textVersion", "validity", "withdrawnAt"],
            granted.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Unknown_and_not_yours_are_the_same_bytes_but_for_ids()
    {
        var sector = await Sector.Found(this);
        var granted = await Member("driver").Post("/v1/mandates", sector.Mandate(sector.Unions['A'], "2026-11-25", "2027-11-25")).Expect(201);
        static string Bare(Answer answer, string id) => System.Text.RegularExpressions.Regex.Replace(answer.Text.Replace(id, "ID", StringComparison.Ordinal), "[0-9a-f]{32}", "TRACE");
        var (stranger, union) = (Member("stranger"), sector.Unions['B'].Http);
        var evidence = new JsonObject { ["method"] = "paper", ["capturedOn"] = "2026-11-25", ["documentHash"] = new string('a', 64) };
        foreach (var (client, method, act, body) in new (Client, string, string, JsonObject?)[]
        {
            (stranger, "GET", "", null), (union, "GET", "", null), (stranger, "GET", "/uses", null), (union, "GET", "/uses", null), (stranger, "GET", "/receipt", null), (union, "GET", "/receipt", null),
            (stranger, "POST", "/withdrawal", null), (union, "POST", "/withdrawal", null), (stranger, "POST", "/pause", null), (union, "POST", "/pause", null), (stranger, "POST", "/resumption", null),
            (union, "POST", "/resumption", null), (stranger, "POST", "/renewal", null), (union, "POST", "/renewal", new JsonObject { ["evidence"] = evidence.DeepClone() }), (union, "POST", "/acceptance", null),
            (union, "POST", "/renunciation", null), (union, "POST", "/end", new JsonObject { ["cause"] = "death", ["evidence"] = evidence.DeepClone() }), (union, "POST", "/invitation", null),
            (union, "POST", "/substitution", new JsonObject { ["substitute"] = Guid.NewGuid() }), (union, "POST", "/substitution", null), (stranger, "POST", "/evidence", new JsonObject { ["documentHash"] = new string('b', 64), ["madeOn"] = "2026-11-25" }),
        })
        {
            var (known, unknown) = (granted["id"].Text(), Guid.NewGuid().ToString());
            Task<Answer> Ask(string id) => method == "GET" ? client.Get($"/v1/mandates/{id}{act}") : client.Post($"/v1/mandates/{id}{act}", body?.DeepClone());
            var (mine, none) = (await Ask(known), await Ask(unknown));
            Assert.Equal((404, Bare(none, unknown)), (mine.Status, Bare(mine, known)));
        }
    }

    [Fact]
    public async Task The_representative_reads_its_own_and_each_page_is_one_disclosure()
    {
        var sector = await Sector.Found(this);
        await sector.Record(sector.Unions['A'], 5);
        var before = await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'disclosure_made'");
        var first = await sector.Unions['A'].Http.Get("/v1/mandates?limit=3");
        Assert.Equal(3, first.Body!["items"]!.AsArray().Count);
        var next = first.Header("Link")!.Split('<', '>')[1];
        var second = await sector.Unions['A'].Http.Get(next);
        Assert.Equal(2, second.Body!["items"]!.AsArray().Count);
        Assert.Null(second.Header("Link"));
        Assert.Equal(before + 2, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'disclosure_made'"));
        Assert.Empty((await sector.Unions['B'].Http.Get("/v1/mandates").Expect(200))["items"]!.AsArray());
        await sector.Unions['B'].Http.Get(next).ExpectProblem(400, "invalid-cursor", "?cursor");
        await sector.Unions['A'].Http.Get(next + "&state=active").ExpectProblem(400, "invalid-cursor");
        // A member's own reading leaves no record.
        await Member("driver").Get("/v1/mandates").Expect(200);
        Assert.Equal(before + 2, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'disclosure_made'"));
    }

    [Fact]
    public async Task Ten_rules_of_a_precise_mandate()
    {
        var sector = await Sector.Found(this);
        var driver = Member("driver");
        JsonObject With(Action<JsonObject> change)
        {
            var mandate = sector.Mandate(sector.Unions['A'], "2026-11-25", "2027-11-25");
            change(mandate);
            return mandate;
        }
        Task<Answer> Grant(Action<JsonObject> change) => driver.Post("/v1/mandates", With(change));
        await Grant(m => m["validity"]!["to"] = "2027-11-26").ExpectProblem(422, "mandate-too-long", "/validity/to");
        await Grant(m => m["validity"]!.AsObject().Remove("to")).ExpectProblem(422, "mandate-without-end");
        await Grant(m => m["scopes"]![0]!["controllers"] = new JsonArray()).ExpectProblem(422, "no-controller", "/scopes/0/controllers");
        await Grant(m => m["scopes"]![0]!["purposes"] = new JsonArray("dpv:Purpose")).ExpectProblem(422, "general-mandate", "/scopes/0/purposes");
        await Grant(m => m["scopes"]![0]!["categories"] = new JsonArray("reg:none")).ExpectProblem(422, "unknown-code", "/scopes/0/categories/0");
        await Grant(m => m["scopes"]![0]!["controllers"] = new JsonArray(Guid.NewGuid())).ExpectProblem(422, "unknown-organisation-named");
        await Grant(m => m["representative"] = sector.Platform.Id).ExpectProblem(422, "wrong-kind-of-organisation", "/representative");
        await Grant(m => m["born"] = "2011-01-01").ExpectProblem(422, "guardian-needed", "/guardian");
        await Grant(m => m["textVersion"] = "1999").ExpectProblem(422, "unknown-mandate-text");
        await Grant(m => m["memberReference"] = "X").ExpectProblem(400, "not-for-a-member");
        await sector.Unions['A'].Http.Post("/v1/mandates", With(m => m["memberReference"] = "X")).ExpectProblem(422, "evidence-needed", "/evidence");
        await sector.Unions['A'].Http.Post("/v1/mandates", With(_ => { })).ExpectProblem(400, "missing-field", "/memberReference");
        await sector.Platform.Http.Post("/v1/mandates", With(_ => { })).ExpectProblem(403, "wrong-role");
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM mandates"));
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM vault"));
    }

    [Fact]
    public async Task An_import_reports_every_row_and_again_grants_nothing()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var rows = Enumerable.Range(0, 30).Select(i => sector.PaperMandate(union, $"R-{i}", "2026-11-25", "2027-11-25", $"acc-{i}").ToJsonString()).ToList();
        rows.Insert(3, "{ not json");
        rows.Insert(5, """{"memberReference": "R-X", "scopes": [], "validity": {"from": "2026-11-25"}}""");
        rows.Insert(7, rows[0]); // twice in one file
        rows.Insert(9, sector.PaperMandate(union, "R-long", "2026-11-25", "2028-11-25").ToJsonString());

        var dry = await Import(union, "?dryRun=true", rows);
        Assert.Equal((30, 1, 3), (Count(dry, "granted"), Count(dry, "unchanged"), Count(dry, "refused")));
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM mandates"));
        var first = await Import(union, "", rows);
        Assert.Equal((30, 1, 3), (Count(first, "granted"), Count(first, "unchanged"), Count(first, "refused")));
        Assert.Equal(30L, await Scalar<long>("SELECT count(*) FROM mandates"));
        Assert.Equal(30L, await Scalar<long>("SELECT count(*) FROM vault"));
        var refused = await union.Http.Get($"/v1/operations/{first["id"]}/rows?outcome=refused").Expect(200);
        Assert.Equal([(4, "malformed-json"), (6, "empty-list"), (10, "mandate-too-long")], refused["items"]!.AsArray().Select(r => (r!["row"]!.GetValue<int>(), r["code"].Text())));
        var again = await Import(union, "", rows);
        Assert.Equal((0, 31, 3), (Count(again, "granted"), Count(again, "unchanged"), Count(again, "refused")));
        Assert.Equal(30L, await Scalar<long>("SELECT count(*) FROM mandates"));
        await sector.Unions['B'].Http.Get($"/v1/operations/{first["id"]}").ExpectProblem(404, "unknown-operation");
    }

    /// <summary>People stand in the vault only: names, contacts, references and accounts are in no event, view, key or log.</summary>
    [Fact]
    public async Task Nothing_that_names_a_person_leaves_the_vault()
    {
        var sector = await Sector.Found(this);
        var mandate = sector.PaperMandate(sector.Unions['A'], "REF-canary", "2026-11-25", "2027-11-25", "ACCOUNT-canary");
        (mandate["name"], mandate["contact"]) = ("NAME-canary", "CONTACT-canary@example.org");
        await sector.Unions['A'].Http.Post("/v1/mandates", mandate, ("Idempotency-Key", "k-1")).Expect(201);
        var driver = Member("SUBJECT-canary");
        await driver.Put($"/v1/me/accounts/{sector.Platform.Id}", new JsonObject { ["accountId"] = "MYACCOUNT-canary" }).Expect(200);
        await driver.Post("/v1/mandates", sector.Mandate(sector.Unions['A'], "2026-11-25", "2027-11-25"), ("Idempotency-Key", "k-2")).Expect(201);
        await sector.Record(sector.Unions['A'], 10);
        await sector.Filed(sector.Unions['A']);
        var tables = (await Scalar<string>("SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'registry'")).Split(',');
        foreach (var table in tables)
        {
            Assert.Equal(0L, await Scalar<long>($"SELECT count(*) FROM {table} t WHERE t::text ILIKE '%canary%' OR t::text ILIKE '%' || encode('canary', 'hex') || '%'"));
        }
        Assert.DoesNotContain(Log.Lines, line => line.Contains("canary", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(Log.Lines, line => line.Contains("v1/mandates", StringComparison.Ordinal)); // and it did look at the log
        Assert.Equal("MYACCOUNT-canary", (await driver.Get("/v1/me").Expect(200))["accounts"]![0]!["accountId"].Text());
    }

    private static int Count(JsonNode operation, string outcome) => operation["result"]![outcome]!.GetValue<int>();

    private static async Task<JsonNode> Import(Organisation union, string query, IEnumerable<string> rows)
    {
        var started = await union.Http.Raw("/v1/mandates/imports" + query, string.Join('\n', rows), "application/x-ndjson");
        Assert.Equal(202, started.Status);
        for (var i = 0; i < 200; i++)
        {
            var operation = await union.Http.Get(started.Headers.Location!.ToString()).Expect(200);
            if (operation["state"].Text() != "running") return operation;
            await Task.Delay(50);
        }
        throw new TimeoutException("the import did not end");
    }
}
