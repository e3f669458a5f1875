using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Http;

/// <summary>Bad input gets a clear problem with code, pointer and both languages, and changes nothing.</summary>
public sealed class BadInput : RegistryApp
{
    private const string Sound = """{"kind": "union", "name": "U", "country": "FR"}""";

    [Theory]
    [InlineData("", "malformed-json", "")]
    [InlineData("{", "malformed-json", "")]
    [InlineData("null", "invalid-value", "")]
    [InlineData("[]", "invalid-value", "")]
    [InlineData("\"text\"", "invalid-value", "")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\",}", "malformed-json", "/country")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\"}", "missing-field", "/country")]
    [InlineData("{\"kind\": \"union\", \"name\": null, \"country\": \"FR\"}", "invalid-value", "/name")]
    [InlineData("{\"kind\": \"union\", \"name\": 5, \"country\": \"FR\"}", "invalid-value", "/name")]
    [InlineData("{\"kind\": \"guild\", \"name\": \"U\", \"country\": \"FR\"}", "invalid-value", "/kind")]
    [InlineData("{\"kind\": 0, \"name\": \"U\", \"country\": \"FR\"}", "invalid-value", "/kind")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\", \"colour\": 1}", "unknown-field", "/colour")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\", \"Name\": \"V\"}", "unknown-field", "/Name")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\", \"name\": \"V\"}", "duplicate-field", "/name")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\", \"identifiers\": [{\"scheme\": \"a\", \"value\": \"b\", \"scheme\": \"c\"}]}", "duplicate-field", "/identifiers/0/scheme")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\", \"identifiers\": [{\"scheme\": \"a\", \"value\": \"b\"}, {\"scheme\": \"a\", \"wert\": \"b\"}]}", "unknown-field", "/identifiers/1/wert")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\\u0000\", \"country\": \"FR\"}", "invalid-text", "/name")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\\ud800\", \"country\": \"FR\"}", "invalid-text", "/name")]
    [InlineData("{\"kind\": \"union\", \"na\\u0000me\": \"U\", \"country\": \"FR\"}", "invalid-text", null)]
    [InlineData("{\"kind\": \"union\", \"name\": \"\", \"country\": \"FR\"}", "empty-text", "/name")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"fr\"}", "invalid-country", "/country")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\", \"memberOf\": [\"not-an-id\"]}", "invalid-value", "/memberOf/0")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\", \"memberOf\": {}}", "invalid-value", "/memberOf")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\", \"keys\": [{\"use\": \"sig\", \"jwk\": {\"kty\": \"EC\", \"crv\": \"P-256\", \"x\": \"a\", \"y\": \"b\", \"d\": \"secret\"}}]}", "private-key", "/keys/0/jwk")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\", \"keys\": [{\"use\": \"sig\", \"jwk\": {\"kty\": \"oct\"}}]}", "invalid-key", "/keys/0/jwk")]
    [InlineData("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\", \"deliveryEndpoint\": \"http://union.example\"}", "invalid-url", "/deliveryEndpoint")]
    public async Task A_body_that_is_not_sound_is_400_with_a_pointer_in_both_languages(string body, string code, string? pointer)
    {
        var english = await Operator.Raw("/v1/organisations", body);
        await Task.FromResult(english).ExpectProblem(400, code, pointer);
        var french = await Operator.Raw("/v1/organisations", body, "application/json", ("Accept-Language", "fr-FR, en;q=0.5"));
        Assert.NotEqual(english.Body!["title"].Text(), french.Body!["title"].Text());
        Assert.NotEqual(english.Body!["errors"]![0]!["message"].Text(), french.Body!["errors"]![0]!["message"].Text());
        Assert.Equal(0L, await Scalar<long>("SELECT position FROM registry_head"));
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("99999999999999999999999999999999999999999")]
    [InlineData("1.5")]
    [InlineData("\"5\"")]
    [InlineData("true")]
    public async Task Huge_and_mistyped_numbers_are_400(string number)
    {
        var union = await Register("union", "U");
        await union.Http.Raw($"/v1/agreements/{Guid.NewGuid()}/acceptances", $$"""{"version": {{number}}, "termsHash": "{{new string('a', 64)}}"}""", "application/json", ("If-Match", "\"1\"")).ExpectProblem(400, "invalid-value", "/version");
    }

    [Fact]
    public async Task Deep_nesting_invalid_UTF_8_large_bodies_and_other_media_types()
    {
        await Operator.Raw("/v1/organisations", new string('[', 40) + new string(']', 40)).ExpectProblem(400, "too-deep");
        await Operator.Raw("/v1/organisations", new string('[', 5_000)).ExpectProblem(400, "too-deep");
        var bytes = new ByteArrayContent([.. Encoding.ASCII.GetBytes("{\"kind\": \"union\", \"name\": \""), 0xFF, 0xFE, .. Encoding.ASCII.GetBytes("\", \"country\": \"FR\"}")]);
        bytes.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await Operator.Send(HttpMethod.Post, "/v1/organisations", bytes, []).ExpectProblem(400, "invalid-text", "/name");
        var inAKey = new ByteArrayContent([.. Encoding.ASCII.GetBytes("{\"kind\": \"union\", \"name\": \"U\", \"country\": \"FR\", \"keys\": [{\"use\": \"sig\", \"jwk\": {\"kty\": \""), 0xFF, 0xFE, .. Encoding.ASCII.GetBytes("\"}}]}")]);
        inAKey.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await Operator.Send(HttpMethod.Post, "/v1/organisations", inAKey, []).ExpectProblem(400, "invalid-text", "/keys/0/jwk/kty");
        await Operator.Raw("/v1/organisations", $$"""{"kind": "union", "name": "{{new string('x', 1_100_000)}}", "country": "FR"}""").ExpectProblem(413, "body-too-large");
        await Operator.Raw("/v1/organisations", $$"""{"kind": "union", "name": "{{new string('x', 1_100_000)}}", "country": "FR"}""", "application/json", ("Idempotency-Key", "big")).ExpectProblem(413, "body-too-large");
        await Operator.Raw("/v1/organisations", Sound, "text/plain").ExpectProblem(415, "unsupported-media-type");
        await Operator.Raw("/v1/organisations", Sound, "application/xml").ExpectProblem(415, "unsupported-media-type");
        Assert.Equal(0L, await Scalar<long>("SELECT position FROM registry_head"));
    }

    [Fact]
    public async Task Unknown_addresses_methods_ids_and_codes()
    {
        await Nobody.Get("/v1/nothing").ExpectProblem(404, "not-found");
        await Nobody.Get("/v1/organisations/not-an-id").ExpectProblem(404, "not-found");
        await Nobody.Get($"/v1/organisations/{Guid.NewGuid()}").ExpectProblem(404, "unknown-organisation");
        await Nobody.Get($"/v1/agreements/{Guid.Empty}").ExpectProblem(404, "unknown-agreement");
        await Operator.Put("/v1/organisations", new JsonObject()).ExpectProblem(405, "method-not-allowed");
        await Nobody.Get("/v1/agreements?sector=nace2:0").ExpectProblem(422, "unknown-code", "?sector");
        await Nobody.Get("/v1/agreements?q=&cursor=&sector=").Expect(200); // says nothing, as if it were not there
        await Nobody.Get("/v1/agreements?on=tomorrow").ExpectProblem(400, "invalid-parameter", "?on");
        await Nobody.Get("/v1/agreements?limit=0").ExpectProblem(400, "invalid-limit", "?limit");
        await Nobody.Get("/v1/agreements?limit=201").ExpectProblem(400, "invalid-limit", "?limit");
        await Nobody.Get("/v1/agreements?cursor=AAAA").ExpectProblem(400, "invalid-cursor", "?cursor");
        await Nobody.Get("/v1/vocabularies/dreams").ExpectProblem(404, "unknown-vocabulary");
        await Operator.Raw("/v1/organisations", """{"kind": "union", "name": "U", "country": "XX"}""").ExpectProblem(422, "unknown-code", "/country");
        await Operator.Raw("/v1/organisations", $$"""{"kind": "union", "name": "U", "country": "FR", "memberOf": ["{{Guid.NewGuid()}}"]}""").ExpectProblem(422, "unknown-organisation-named", "/memberOf/0");
    }

    [Fact]
    public async Task No_token_a_broken_token_and_another_role()
    {
        Assert.Equal("Bearer", (await Nobody.Raw("/v1/organisations", Sound)).Header("WWW-Authenticate"));
        await Nobody.Raw("/v1/organisations", Sound).ExpectProblem(401, "no-token");
        foreach (var token in new[] { "x", "a.b.c", Issuer.Token("operator", null, null) + "x", Issuer.Token("emperor", null, null), Issuer.Token("union", null, null), Issuer.Token("member", null, null) })
        {
            await new Client(Url, token).Raw("/v1/organisations", Sound).ExpectProblem(401, "no-token");
        }
        await Member("m").Raw("/v1/organisations", Sound).ExpectProblem(403, "wrong-role");
        await Operator.Get("/v1/me").ExpectProblem(403, "wrong-role");
    }

    [Fact]
    public async Task A_change_names_the_version_that_was_read()
    {
        var sector = await Sector.Found(this);
        var opened = await sector.Unions['A'].Http.Post("/v1/agreements", sector.Opening());
        Assert.Equal("\"1\"", opened.ETag);
        var at = opened.Headers.Location!.ToString();
        var text = Sector.Text(Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision"));
        await sector.Unions['A'].Http.Post(at + "/proposals", text).ExpectProblem(428, "if-match-missing", "If-Match");
        await sector.Unions['A'].Http.Post(at + "/proposals", text, ("If-Match", "W/\"1\"")).ExpectProblem(400, "invalid-if-match");
        await sector.Unions['A'].Http.Post(at + "/proposals", text, ("If-Match", "\"2\"")).ExpectProblem(412, "stale-revision");
        await sector.Unions['A'].Http.Post(at + "/proposals", text, ("If-Match", "\"1\"")).Expect(200);
        await sector.Platforms.Http.Post(at + "/proposals", text, ("If-Match", "\"1\"")).ExpectProblem(412, "stale-revision");
        Assert.Equal("\"2\"", (await Nobody.Get(at)).ETag);
    }

    [Fact]
    public async Task Of_fifty_at_one_version_one_succeeds_and_the_others_are_412()
    {
        var sector = await Sector.Found(this);
        var at = (await sector.Unions['A'].Http.Post("/v1/agreements", sector.Opening())).Headers.Location!.ToString();
        var text = Sector.Text(Sector.Term("1", "reg:observed.trips", "dpv:ServiceProvision"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => sector.Unions['A'].Http.Post(at + "/proposals", text, ("If-Match", "\"1\""))));
        Assert.Equal((1, 49), (answers.Count(a => a.Status == 200), answers.Count(a => a.Status == 412)));
    }

    [Fact]
    public async Task A_repeated_call_has_one_effect_and_one_answer()
    {
        var first = await Operator.Raw("/v1/organisations", Sound, "application/json", ("Idempotency-Key", "k-1"));
        var again = await Operator.Raw("/v1/organisations", Sound, "application/json", ("Idempotency-Key", "k-1"));
        Assert.Equal((201, 201, "true"), (first.Status, again.Status, again.Header("Idempotency-Replayed")));
        Assert.Equal((first.Text, first.ETag, first.Headers.Location), (again.Text, again.ETag, again.Headers.Location));
        Assert.Null(first.Header("Idempotency-Replayed"));
        await Operator.Raw("/v1/organisations", """{"kind": "union", "name": "V", "country": "FR"}""", "application/json", ("Idempotency-Key", "k-1")).ExpectProblem(422, "idempotency-key-reused");
        await Operator.Raw("/v1/organisations", Sound, "application/json", ("Idempotency-Key", new string('k', 256))).ExpectProblem(400, "invalid-idempotency-key");
        Assert.Equal(1L, await Scalar<long>("SELECT position FROM registry_head"));
        // Another caller's same key is another key.
        var union = new Organisation(first.Body!["id"]!.GetValue<Guid>(), As("union", first.Body!["id"]!.GetValue<Guid>()));
        await union.Http.Raw("/v1/mandates", """{"scopes": [], "validity": {"from": "2026-11-25"}}""", "application/json", ("Idempotency-Key", "k-1")).ExpectProblem(400, "empty-list");
    }

    [Fact]
    public async Task A_refusal_is_not_remembered_and_a_replay_shows_the_version_of_then()
    {
        var sector = await Sector.Found(this);
        var granted = await Member("driver").Post("/v1/mandates", sector.Mandate(sector.Unions['A'], "2026-11-25", "2027-11-25"), ("Idempotency-Key", "g"));
        await Member("driver").Post(granted.Headers.Location + "/withdrawal", null).Expect(200);
        var replayed = await Member("driver").Post("/v1/mandates", sector.Mandate(sector.Unions['A'], "2026-11-25", "2027-11-25"), ("Idempotency-Key", "g"));
        Assert.Equal((201, "offered", "\"1\""), (replayed.Status, replayed.Body!["state"].Text(), replayed.ETag));
        await Operator.Raw("/v1/organisations", """{"kind": "union", "name": "", "country": "FR"}""", "application/json", ("Idempotency-Key", "r")).ExpectProblem(400, "empty-text");
        await Operator.Raw("/v1/organisations", Sound, "application/json", ("Idempotency-Key", "r")).Expect(201);
    }

    [Fact]
    public async Task Twenty_calls_with_one_key_at_once_have_one_effect()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Operator.Raw("/v1/organisations", Sound, "application/json", ("Idempotency-Key", "same"))));
        Assert.All(answers, a => Assert.Equal(201, a.Status));
        Assert.Single(answers.Select(a => a.Text).Distinct());
        Assert.Equal(1L, await Scalar<long>("SELECT position FROM registry_head"));
    }

    [Fact]
    public async Task Readings_are_kept_by_nobody_and_public_ones_can_be_asked_about_again()
    {
        Assert.Equal("no-store, private", (await Operator.Get("/v1/agreements")).Header("Cache-Control"));
        var purposes = await Nobody.Get("/v1/vocabularies/purposes");
        Assert.Contains("dpv:ServiceProvision", purposes.Text, StringComparison.Ordinal);
        Assert.Equal(304, (await Nobody.Get("/v1/vocabularies/purposes", ("If-None-Match", purposes.ETag!))).Status);
    }
}
