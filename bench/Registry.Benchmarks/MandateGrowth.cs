using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Registry.Api.Security;
using Registry.Application;
using Registry.Application.Instance;
using Registry.Application.Mandates;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.EventStore.Embedded;

namespace Registry.Benchmarks;

/// <summary>
/// Reading one mandate, and a member's list, beside 10,000 mandates and beside 2,000,000. Rows are loaded by COPY from the fold that
/// the service itself writes (a test holds the two against each other); the members who read granted theirs over HTTP.
/// </summary>
internal sealed class MandateGrowth(int rounds)
{
    private const int Few = 10_000, Many = 2_000_000, Calls = 300;

    public async Task Run()
    {
        var folder = Path.Combine(Path.GetTempPath(), "registry-bench-growth-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var (service, url, _, _) = MandateBench.Up(folder);
        try
        {
            var issuer = new EmbeddedIssuer(new DataFolder(folder), TimeProvider.System);
            using var http = new HttpClient { BaseAddress = url };
            var (union, platform) = (Guid.Parse(await MandateBench.Register(http, issuer, "union")), Guid.Parse(await MandateBench.Register(http, issuer, "platform")));
            var (member, rep) = (issuer.Token("member", null, "somebody"), issuer.Token("union", union.ToString(), null));
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1));
            var ids = new List<string>();
            for (var n = 0; n < 5; n++) ids.Add(await Grant(http, member, union, platform, today));
            await Load(folder, union, platform, today, Few);
            var few = await Measure(http, member, rep, ids[0]);
            await Load(folder, union, platform, today, Many - Few);
            var many = await Measure(http, member, rep, ids[0]);
            foreach (var (name, time) in many) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-62} {few[name],8:0.000} ms {time,8:0.000} ms  x{time / few[name]:0.00}   under 1.5"));
        }
        finally
        {
            using var stop = Process.Start("kill", [service.Id.ToString(CultureInfo.InvariantCulture)]);
            await service.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> Grant(HttpClient http, string token, Guid union, Guid platform, DateOnly today)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/mandates")
        {
            Content = new StringContent(
                $$"""{"representative": "{{union}}", "validity": {"from": "{{today:yyyy-MM-dd}}", "to": "{{today.AddMonths(6):yyyy-MM-dd}}"}, "scopes": [{"rights": ["portability"], "categories": ["reg:observed"], "purposes": ["dpv:RightsFulfillment"], "controllers": ["{{platform}}"]}] }""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        using var made = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return made.RootElement.GetProperty("id").GetString()!;
    }

    private async Task<Dictionary<string, double>> Measure(HttpClient http, string member, string rep, string id)
    {
        (string Name, string Path, string Token)[] asked =
        [
            ("GET /v1/mandates/{id}, its member", "/v1/mandates/" + id, member), ("GET /v1/mandates/{id}, its representative (recorded)", "/v1/mandates/" + id, rep),
            ("GET /v1/mandates, a member's own", "/v1/mandates", member), ("GET /v1/me", "/v1/me", member),
        ];
        var times = asked.ToDictionary(a => a.Name, _ => new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            foreach (var (name, path, token) in asked)
            {
                for (var call = 0; call < Calls; call++)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, path);
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                    var began = Stopwatch.GetTimestamp();
                    using var answer = await http.SendAsync(request);
                    await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
                    if (round >= 0) times[name].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            }
        }
        return times.ToDictionary(t => t.Key, t => Rounds.Median(t.Value));
    }

    private static async Task Load(string folder, Guid union, Guid platform, DateOnly today, int rows)
    {
        var owner = EmbeddedCluster.Connection(folder, EmbeddedCluster.OwnerRole, new DataFolder(folder).Passwords().Owner);
        await using var connection = new NpgsqlConnection(owner + ";Search Path=registry;Pooling=false;Command Timeout=600");
        await connection.OpenAsync();
        var at = TimeProvider.System.GetUtcNow();
        await using (var copy = await connection.BeginBinaryImportAsync("COPY mandates (id, version, data) FROM STDIN (FORMAT binary)"))
        {
            for (var n = 0; n < rows; n++)
            {
                var id = new MandateId(Guid.NewGuid());
                var deed = new MandateDeed(
                    new MemberRef(Guid.NewGuid()), new OrganisationId(union),
                    [new Scope(new ScopeId(Guid.NewGuid()), [MandateRight.Portability], ["reg:observed"], ["dpv:RightsFulfillment"], [new OrganisationId(platform)])], new Validity(today, today.AddMonths(6)),
                    false, true, [], "en", "2026-1", null, new MandateEvidence(EvidenceMethod.Paper, today, new string('a', 64)), new string('b', 64));
                await copy.StartRowAsync();
                await copy.WriteAsync(id.Value, NpgsqlDbType.Uuid);
                await copy.WriteAsync(1L, NpgsqlDbType.Bigint);
                await copy.WriteAsync(JsonSerializer.Serialize(MandateRow.Evolve(null, new MandateRecorded(id, deed, at)), RegistryJson.Stored), NpgsqlDbType.Jsonb);
            }
            await copy.CompleteAsync();
        }
        await using var analyze = new NpgsqlCommand("VACUUM ANALYZE mandates", connection);
        await analyze.ExecuteNonQueryAsync();
    }
}
