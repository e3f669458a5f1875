using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Http;

/// <summary>What a hostile or careless client sends: each was once a fault, found by looking at the service as an attacker.</summary>
public sealed class OddInput : RegistryApp
{
    [Fact]
    public async Task The_id_of_another_kind_of_thing_is_unknown_and_not_an_error()
    {
        var sector = await Sector.Found(this);
        var union = sector.Unions['A'];
        var mandate = (await union.Http.Post("/v1/mandates", sector.PaperMandate(union, "M", "2026-11-25", "2027-11-25")).Expect(201))["id"].Text();
        var draft = (await union.Http.Post("/v1/portability-requests", sector.Request()).Expect(201))["id"].Text();
        var first = ("If-Match", "\"1\"");
        var hash = new JsonObject { ["version"] = 1, ["termsHash"] = new string('a', 64) };
        var delivery = new JsonObject { ["category"] = "reg:observed.trips", ["format"] = "json", ["schema"] = "s", ["items"] = new JsonArray(new JsonObject { ["line"] = Guid.NewGuid(), ["sha256"] = new string('a', 64), ["bytes"] = 1, ["rows"] = 1 }) };
        await sector.Platform.Http.Post($"/v1/portability-requests/{mandate}/acknowledgement", null, first).ExpectProblem(404, "unknown-request");
        await sector.Platform.Http.Post($"/v1/portability-requests/{mandate}/deliveries", delivery, first).ExpectProblem(404, "unknown-request");
        await sector.Unions['B'].Http.Post($"/v1/mandates/{draft}/withdrawal", null).ExpectProblem(404, "unknown-mandate");
        await Member("m").Post($"/v1/mandates/{draft}/withdrawal", null).ExpectProblem(404, "unknown-mandate");
        await sector.Unions['B'].Http.Post($"/v1/mandates/{draft}/acceptance", null).ExpectProblem(404, "unknown-mandate");
        await sector.Platforms.Http.Post($"/v1/agreements/{mandate}/acceptances", hash, first).ExpectProblem(404, "unknown-agreement");
        await Operator.Post($"/v1/organisations/{mandate}/secrets", null).ExpectProblem(404, "unknown-organisation");
    }

    [Fact]
    public async Task Twenty_first_accounts_at_once_lose_none()
    {
        var sector = await Sector.Found(this);
        var platforms = new List<Guid>();
        for (var i = 0; i < 10; i++) platforms.Add((await Register("platform", $"P{i}")).Id);
        var driver = Member("driver");
        var answers = await Task.WhenAll(platforms.Concat(platforms).Select(p => driver.Put($"/v1/me/accounts/{p}", new JsonObject { ["accountId"] = $"a-{p}" })));
        Assert.All(answers, a => Assert.Equal(200, a.Status));
        var me = await driver.Get("/v1/me").Expect(200);
        Assert.Equal(platforms.Order(), me["accounts"]!.AsArray().Select(a => a!["platform"]!.GetValue<Guid>()).Order());
        await driver.Post("/v1/mandates", sector.Mandate(sector.Unions['A'], "2026-11-25", "2027-11-25")).Expect(201);
    }

    [Fact]
    public async Task A_member_is_a_person_whatever_else_the_token_says()
    {
        var sector = await Sector.Found(this);
        Client With(string subject) => new(Url, Issuer.Token("member", sector.Unions['A'].Id.ToString(), subject));
        var mandate = sector.Mandate(sector.Unions['A'], "2026-11-25", "2027-11-25");
        var one = await With("one").Post("/v1/mandates", mandate, ("Idempotency-Key", "same"));
        var two = await With("two").Post("/v1/mandates", mandate, ("Idempotency-Key", "same"));
        Assert.Null(two.Header("Idempotency-Replayed"));
        Assert.NotEqual(one.Body!["id"].Text(), two.Body!["id"].Text());
        await With("two").Get($"/v1/mandates/{one.Body!["id"]}").ExpectProblem(404, "unknown-mandate");
    }

    [Fact]
    public async Task A_token_whose_role_is_not_the_organisations_is_not_believed()
    {
        var sector = await Sector.Found(this);
        await As("union", sector.Platform.Id).Get("/v1/mandates").ExpectProblem(403, "not-registered");
        await As("union", Guid.NewGuid()).Get("/v1/mandates").ExpectProblem(403, "not-registered");
    }

    [Theory]
    [InlineData("scopes", "[null]", "/scopes/0")]
    [InlineData("subDelegates", "[null]", "/subDelegates/0")]
    [InlineData("validity", "{\"from\": \"9998-06-01\", \"to\": \"9998-12-31\"}", "/validity/from")]
    [InlineData("validity", "{\"from\": \"0001-01-01\", \"to\": \"0001-06-01\"}", "/validity/from")]
    [InlineData("validity", "{\"from\": \"2026-11-25T00:00\"}", "/validity/from")]
    [InlineData("born", "\"9999-01-01\"", "/born")]
    public async Task A_list_holds_nothing_empty_and_a_date_is_one_that_law_can_mean(string field, string value, string pointer)
    {
        var sector = await Sector.Found(this);
        var mandate = sector.Mandate(sector.Unions['A'], "2026-11-25", "2027-11-25");
        mandate[field] = JsonNode.Parse(value);
        await Member("driver").Post("/v1/mandates", mandate).ExpectProblem(400, "invalid-value", pointer);
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM mandates"));
    }

    [Fact]
    public async Task A_mandate_that_is_already_over_is_refused()
    {
        var sector = await Sector.Found(this);
        await Member("driver").Post("/v1/mandates", sector.Mandate(sector.Unions['A'], "2025-01-01", "2025-06-01")).ExpectProblem(422, "mandate-already-over", "/validity/to");
    }

    [Theory]
    [InlineData("on=11/21/2026")]
    [InlineData("on=2026-11-21T00:00")]
    [InlineData("on=9999-12-31")]
    [InlineData("status=EMPLOYEE")]
    [InlineData("status=employee,user")]
    [InlineData("status=0")]
    public async Task A_parameter_is_read_as_strictly_as_a_body(string parameter)
    {
        var union = await Register("union", "U");
        var query = parameter.StartsWith("status", StringComparison.Ordinal) ? parameter : "status=selfEmployed&" + parameter;
        await union.Http.Get($"/v1/terms?sector=fr-platform:vtc&territory=FR&{query}").ExpectProblem(400, "invalid-parameter");
        await union.Http.Get("/v1/terms?sector=fr-platform:vtc&territory=FR").ExpectProblem(400, "invalid-parameter", "?status");
    }

    [Fact]
    public async Task The_clock_cannot_be_moved_to_where_no_date_is()
    {
        await Operator.Put("/dev/clock", new JsonObject { ["now"] = "9999-12-31T23:59:59Z" }).ExpectProblem(400, "invalid-value", "/now");
        await Operator.Get("/dev/clock").Expect(200);
    }

    [Theory]
    [InlineData("{\"kind\": \"platform\", \"name\": \"P\", \"country\": \"FR\", \"subdivision\": \"DE-BY\"}", 422, "subdivision-elsewhere")]
    [InlineData("{\"kind\": \"platform\", \"name\": \"P\", \"country\": \"FR\", \"deliveryEndpoint\": \"file:///etc/passwd\"}", 400, "invalid-url")]
    [InlineData("{\"kind\": \"platform\", \"name\": \"P\", \"country\": \"FR\", \"deliveryEndpoint\": \"https://u:p@x/\"}", 400, "invalid-url")]
    public async Task A_registration_that_makes_no_sense_is_refused(string body, int status, string code) => await Operator.Raw("/v1/organisations", body).ExpectProblem(status, code);

    [Fact]
    public async Task A_row_that_is_not_UTF_8_stops_no_other()
    {
        var sector = await Sector.Found(this);
        var good = System.Text.Encoding.UTF8.GetBytes(sector.PaperMandate(sector.Unions['A'], "M", "2026-11-25", "2027-11-25").ToJsonString() + "\n");
        var bad = good.ToArray();
        bad[Array.IndexOf(bad, (byte)'M')] = 0xFF;
        using var content = new ByteArrayContent([.. bad, .. good]);
        content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson");
        var started = await sector.Unions['A'].Http.Send(HttpMethod.Post, "/v1/mandates/imports", content, []);
        JsonNode operation;
        do operation = await sector.Unions['A'].Http.Get(started.Headers.Location!.ToString()).Expect(200); while (operation["state"].Text() == "running");
        Assert.Equal((1, 1), (operation["result"]!["granted"]!.GetValue<int>(), operation["result"]!["refused"]!.GetValue<int>()));
    }
}
