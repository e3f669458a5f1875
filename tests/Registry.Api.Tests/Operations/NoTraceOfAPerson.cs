using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Registry.Api.Security;
using Registry.Application.Instance;
using Registry.EventStore.Embedded;

namespace Registry.Api.Tests.Operations;

/// <summary>
/// Canaries: unique names, addresses and accounts go through every endpoint that takes one, rightly and wrongly. They are found
/// in no answer to anybody else, no log, and no file of the database; after an erasure not even sealed.
/// </summary>
public sealed class NoTraceOfAPerson : StartedProgram
{
    private readonly StringBuilder log = new();

    [Fact]
    public async Task Nothing_of_a_person_is_readable_anywhere_and_after_an_erasure_nothing_sealed_is_left_either()
    {
        var service = Start([("Registry__Limits__Others", "0")], ["up", "--data", Folder, "--urls", "http://127.0.0.1:0"], log);
        var url = await Serving(service);
        var issuer = new EmbeddedIssuer(new DataFolder(Folder), TimeProvider.System);
        Client As(string role, string? org = null, string? sub = null) => new(url, issuer.Token(role, org, sub));
        async Task<string> Register(string kind) => (await As(Roles.Operator).Post("/v1/organisations", new JsonObject { ["kind"] = kind, ["name"] = kind, ["country"] = "FR" }).Expect(201))["id"].Text();
        var (union, platform) = (await Register("union"), await Register("platform"));
        var (rep, driver, controller) = (As(Roles.Union, union), As(Roles.Member, null, "CANARY-subject"), As(Roles.Platform, platform));
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1));
        JsonObject Mandate() => JsonNode.Parse($$"""
            {"representative": "{{union}}", "validity": {"from": "{{today:yyyy-MM-dd}}", "to": "{{today.AddMonths(6):yyyy-MM-dd}}"},
             "scopes": [{"rights": ["portability"], "categories": ["reg:observed"], "purposes": ["dpv:RightsFulfillment"], "controllers": ["{{platform}}"]}]}
            """)!.AsObject();
        JsonObject Paper(int n)
        {
            var mandate = Mandate();
            (mandate["memberReference"], mandate["name"], mandate["contact"]) = ($"CANARY-ref-{n}", $"CANARY-name-{n}", $"CANARY-{n}@example.org");
            mandate["accounts"] = new JsonArray(new JsonObject { ["platform"] = platform, ["accountId"] = $"CANARY-account-{n}" });
            mandate["evidence"] = new JsonObject { ["method"] = "paper", ["capturedOn"] = today.Day(), ["documentHash"] = new string('a', 64) };
            return mandate;
        }
        var answers = new List<string>();
        async Task<Answer> Told(Task<Answer> asked)
        {
            var answer = await asked;
            Assert.NotEqual(500, answer.Status);
            answers.Add(answer.Text);
            return answer;
        }
        var recorded = new List<string>();
        for (var n = 0; n < 12; n++) recorded.Add((await Told(rep.Post("/v1/mandates", Paper(n), ("Idempotency-Key", $"k-{n}")))).Body!["id"].Text());
        await Told(rep.Post("/v1/mandates", With(Paper(13), "validity", new JsonObject { ["from"] = "2020-01-01", ["to"] = "2020-02-01" })));
        await Told(rep.Post("/v1/mandates", With(Paper(14), "CANARY-field", 1)));
        await Told(rep.Post("/v1/mandates", With(Paper(15), "language", "CANARY-language")));
        await Told(rep.Raw("/v1/mandates", "{\"memberReference\": \"CANARY-broken"));
        await Told(rep.Raw("/v1/mandates/imports", string.Join('\n', Enumerable.Range(20, 5).Select(n => Paper(n).ToJsonString())) + "\n{\"name\": \"CANARY-bad\"}\n", "application/x-ndjson"));
        await Told(rep.Raw("/v1/mandates/imports", "memberReference;CANARY-column\nCANARY-cell;1", "text/csv"));
        await driver.Put($"/v1/me/accounts/{platform}", new JsonObject { ["accountId"] = "CANARY-mine" }).Expect(200);
        var granted = (await driver.Post("/v1/mandates", Mandate(), ("Idempotency-Key", "CANARY-key")).Expect(201))["id"].Text();
        await Told(rep.Post($"/v1/mandates/{granted}/acceptance", null));
        await Told(driver.Post($"/v1/mandates/{granted}/evidence", new JsonObject { ["documentHash"] = new string('c', 64), ["madeOn"] = today.Day(), ["note"] = "CANARY-note" }));
        var code = (await rep.Post($"/v1/mandates/{recorded[0]}/invitation", null).Expect(200))["code"].Text();
        await Told(As(Roles.Member, null, "CANARY-linked").Post("/v1/me/links", new JsonObject { ["code"] = code }));
        await Told(driver.Post("/v1/me/links", new JsonObject { ["code"] = "CANARY-code" }));
        var drafted = (await Told(rep.Post("/v1/portability-requests", JsonNode.Parse($$"""
            {"platform": "{{platform}}", "hooks": ["gdpr:A20"], "categories": ["reg:observed.trips"], "purpose": "dpv:RightsFulfillment", "format": "json", "cohort": {"all": true},
             "stewardship": {"access": ["two"], "retention": "P12M", "security": "yes"} }
            """)!))).Body!["id"].Text();
        await Told(rep.Change($"/v1/portability-requests/{drafted}", "filing"));
        var request = $"/v1/portability-requests/{drafted}";
        await Told(controller.Change(request, "receipt", new JsonObject()));
        var line = JsonNode.Parse((await controller.Get(request + "/lines?limit=1")).Text)!["items"]![0]!["line"].Text();
        await Told(controller.Change(request, "identity-questions", new JsonObject { ["lines"] = new JsonArray(line) }));
        await Told(rep.Change(request, "identity-answers", new JsonObject { ["items"] = new JsonArray(new JsonObject { ["line"] = line, ["answer"] = "CANARY-answer" }) }));
        await Told(rep.Change(request, "identity-answers", new JsonObject { ["items"] = new JsonArray(new JsonObject { ["line"] = "CANARY-line", ["answer"] = "CANARY-answer-2" }) }));
        foreach (var path in new[] { "/v1/mandates", $"/v1/mandates/{recorded[0]}", $"/v1/mandates/{recorded[0]}/uses", $"/v1/mandates/{recorded[0]}/receipt", $"/v1/portability-requests/{drafted}", $"/v1/portability-requests/{drafted}/lines" }) await Told(rep.Get(path));
        foreach (var path in new[] { "/v1/mandates?state=CANARY", "/v1/mandates?cursor=CANARY", "/v1/CANARY", "/health/ready", "/v1/organisations", "/v1/retention" }) await Told(As(Roles.Operator).Get(path));
        foreach (var path in new[] { $"/v1/portability-requests/{drafted}", "/v1/organisations" }) await Told(controller.Get(path));
        Assert.Contains("CANARY-account-3", (await controller.Get($"/v1/portability-requests/{drafted}/lines")).Text, StringComparison.Ordinal); // whom it concerns is told, and only there
        Assert.Contains("CANARY-note", (await driver.Get("/v1/me/export")).Text, StringComparison.Ordinal);
        answers.RemoveAll(text => text.Contains("unknown-field", StringComparison.Ordinal) || text.Contains("unknown-column", StringComparison.Ordinal) || text.Contains("/v1/CANARY", StringComparison.Ordinal)); // a caller's own field's name and address are echoed to that caller
        Assert.DoesNotContain(answers, text => text.Contains("CANARY", StringComparison.OrdinalIgnoreCase));

        // Every byte on disk, written down first.
        await Admin("CHECKPOINT");
        Assert.Empty(FilesWith("CANARY"u8.ToArray()));
        Assert.NotEmpty(FilesWith(Encoding.ASCII.GetBytes("mandate_recorded"))); // it does look at the right files
        var sealedRows = await Sealed($"SELECT sealed FROM vault UNION ALL SELECT wrapped_key FROM vault UNION ALL SELECT account FROM request_lines WHERE account IS NOT NULL");
        Assert.All(sealedRows.Take(5), bytes => Assert.NotEmpty(FilesWith(bytes)));

        Assert.Equal(204, (await driver.Send(HttpMethod.Delete, "/v1/me", null, [])).Status);
        var left = await Sealed("SELECT sealed FROM vault UNION ALL SELECT wrapped_key FROM vault UNION ALL SELECT account FROM request_lines WHERE account IS NOT NULL");
        var gone = sealedRows.Where(bytes => !left.Any(l => l.AsSpan().SequenceEqual(bytes))).ToList();
        Assert.Equal(5, gone.Count); // at once: two rows of two boxes each, and a line
        await Stop(service);
        Assert.NotEmpty(gone.SelectMany(FilesWith)); // the negative control: their bytes are still in the files
        var again = Start([("Registry__Limits__Others", "0")], ["up", "--data", Folder, "--urls", "http://127.0.0.1:0"], log);
        await Serving(again);
        await new EventStore.Streams.Eraser(EmbeddedCluster.Connection(Folder, EmbeddedCluster.EraserRole, new DataFolder(Folder).Passwords().Eraser), ownsServer: true).TurnOver(default); // what the service does within the hour
        Assert.Empty(gone.SelectMany(FilesWith));
        Assert.All(left.Take(5), bytes => Assert.NotEmpty(FilesWith(bytes)));
        await Stop(again);
        lock (log)
        {
            Assert.DoesNotContain("CANARY", log.ToString(), StringComparison.OrdinalIgnoreCase);
            Assert.Contains("v1/mandates/imports", log.ToString(), StringComparison.Ordinal);
        }
    }

    private static JsonObject With(JsonObject body, string name, JsonNode value)
    {
        body[name] = value;
        return body;
    }

    private IEnumerable<string> FilesWith(byte[] bytes) => Directory.EnumerateFiles(Path.Combine(Folder, "pg"), "*", SearchOption.AllDirectories).Append(Path.Combine(Folder, "postgres.log"))
        .Where(file => File.Exists(file) && File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0);

    private string Connection(string role, string password) => EmbeddedCluster.Connection(Folder, role, password) + ";Search Path=registry;Pooling=false";

    private async Task Admin(string sql)
    {
        await using var connection = new NpgsqlConnection(Connection("registry_admin", new DataFolder(Folder).Passwords().Admin));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<byte[]>> Sealed(string sql)
    {
        await using var connection = new NpgsqlConnection(Connection(EmbeddedCluster.OwnerRole, new DataFolder(Folder).Passwords().Owner));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<byte[]>();
        while (await reader.ReadAsync()) rows.Add((byte[])reader[0]);
        return rows;
    }
}
