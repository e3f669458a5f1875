using System.Text.Json.Nodes;
using Npgsql;

namespace Registry.Api.Tests.Http;

public sealed class Limits : RegistryApp
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Registry:Limits:Others"] = "5", ["Registry:Limits:Decisions"] = "0" };

    [Fact]
    public async Task A_caller_over_its_limit_is_told_when_to_come_back_and_no_other_is()
    {
        var other = await Register("union", "Other");
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Operator.Get("/v1/organisations")));
        Assert.Contains(answers, a => a.Status == 200);
        var refused = answers.First(a => a.Status == 429);
        await Task.FromResult(refused).ExpectProblem(429, "too-many-requests");
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal(200, (await other.Http.Get("/v1/organisations")).Status);
    }
}

public sealed class Absences : RegistryApp
{
    /// <summary>The database goes away and comes back: 503 with Retry-After in between, nothing lost, no restart.</summary>
    [Fact]
    public async Task A_database_that_goes_away_is_503_and_comes_back_by_itself()
    {
        await Register("union", "Before");
        var name = new NpgsqlConnectionStringBuilder(Owner).Database;
        await Execute($"ALTER DATABASE \"{name}\" RENAME TO \"{name}_gone\"", name!);
        var away = await Operator.Raw("/v1/organisations", """{"kind": "union", "name": "During", "country": "FR"}""", "application/json", ("Idempotency-Key", "during"));
        await Task.FromResult(away).ExpectProblem(503, "database-away");
        Assert.NotNull(away.Header("Retry-After"));
        Assert.Equal(503, (await Nobody.Get("/health/ready")).Status);
        Assert.Equal(200, (await Nobody.Get("/health/live")).Status);
        await Execute($"ALTER DATABASE \"{name}_gone\" RENAME TO \"{name}\"", name + "_gone");
        await Operator.Raw("/v1/organisations", """{"kind": "union", "name": "During", "country": "FR"}""", "application/json", ("Idempotency-Key", "during")).Expect(201);
        Assert.Equal(200, (await Nobody.Get("/health/ready")).Status);
        Assert.Equal(2, (await Nobody.Get("/v1/organisations").Expect(200))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Ready_names_the_engine_and_another_one_at_work_is_not_ready()
    {
        Assert.Equal("ready " + Registry.Application.Instance.RegistryInstance.Engine, await Ready(200));
        await using (var held = new NpgsqlConnection(Owner))
        {
            await held.OpenAsync();
            EventStore.Streams.EngineLock.Hold(held, EventStore.Streams.Engine.BuiltIn); // another node of the same engine
            Assert.Equal("ready " + Registry.Application.Instance.RegistryInstance.Engine, await Ready(200));
            await using var take = new NpgsqlCommand("SELECT pg_advisory_lock_shared(x'52454749'::int, 99)", held); // a node of another
            await take.ExecuteNonQueryAsync();
            Assert.StartsWith("notReady", await Ready(503), StringComparison.Ordinal);
            await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", held);
            await release.ExecuteNonQueryAsync();
        }
        await Ready(200);

        async Task<string> Ready(int status)
        {
            var told = await Nobody.Get("/health/ready").Expect(status);
            if (status == 503) Assert.Equal("engine-other", (string?)told["why"]);
            return $"{told["status"]} {told["engine"]}";
        }
    }

    private static async Task Execute(string rename, string closing)
    {
        await using var connection = new NpgsqlConnection(await Postgres.Admin());
        await connection.OpenAsync();
        foreach (var sql in new[] { $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{closing}'", rename })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}

/// <summary>Production: no embedded issuer, no movable clock; the tokens of a configured OIDC issuer.</summary>
public sealed class Production : RegistryApp
{
    private readonly OidcIssuer oidc = new();

    protected override bool Evaluation => false;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Registry:Issuers:0:Authority"] = oidc.Authority, ["Registry:Issuers:0:Audience"] = "the-registry", ["Registry:Limits:Others"] = "0",
    };

    [Fact]
    public async Task Only_the_configured_issuers_tokens_are_believed()
    {
        await Operator.Get("/v1/me").ExpectProblem(401, "no-token"); // signed by an embedded issuer that does not run here
        var member = new Client(Url, oidc.Token("the-registry", "member", "ada", TimeSpan.FromMinutes(5)));
        await member.Get("/v1/me").Expect(200);
        foreach (var token in new[] { oidc.Token("another", "member", "ada", TimeSpan.FromMinutes(5)), oidc.Token("the-registry", "member", "ada", TimeSpan.FromMinutes(-5)), oidc.Unsigned("member", "ada"), oidc.SignedBy(Issuer.Key, "member", "ada"), oidc.SignedWithWhatIsPublished("member", "ada") })
        {
            await new Client(Url, token).Get("/v1/me").ExpectProblem(401, "no-token");
        }
    }

    [Fact]
    public async Task Neither_the_clock_nor_the_token_endpoint_is_there()
    {
        await Nobody.Get("/dev/clock").ExpectProblem(404, "not-found");
        var operating = new Client(Url, oidc.Token("the-registry", "operator", "op", TimeSpan.FromMinutes(5)));
        await operating.Put("/dev/clock", new JsonObject { ["now"] = "2030-01-01T00:00:00Z" }).ExpectProblem(404, "not-found");
        Assert.True(Math.Abs((Instance.Clock.Now - TimeProvider.System.GetUtcNow()).TotalSeconds) < 5);
        Assert.Equal(404, (await Nobody.Raw("/oauth/token", "grant_type=client_credentials", "application/x-www-form-urlencoded")).Status);
    }
}
