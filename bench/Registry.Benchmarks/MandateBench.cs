using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Registry.Api.Security;
using Registry.Application.Instance;

namespace Registry.Benchmarks;

/// <summary>
/// The service as its users meet it: a process of its own with its private cluster, 64 connections over loopback, 10,000
/// members with a token each, one mandate each; token checked, decided, stored and logged.
/// </summary>
internal sealed class MandateBench(Floor floor, int rounds, double seconds)
{
    private const int Connections = 64;
    private const int Members = 10_000;

    public async Task Grants()
    {
        var folder = Path.Combine(Path.GetTempPath(), "registry-bench-up-" + Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var (service, url) = Up(folder);
        try
        {
            using var issuer = new EmbeddedIssuer(new DataFolder(folder), TimeProvider.System);
            using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections }) { BaseAddress = url };
            var (union, platform) = (await Register(http, issuer, "union"), await Register(http, issuer, "platform"));
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            var body = $$"""
                {"representative": "{{union}}", "validity": {"from": "{{today:yyyy-MM-dd}}", "to": "{{today.AddMonths(6):yyyy-MM-dd}}"},
                 "scopes": [{"rights": ["portability"], "categories": ["reg:observed"], "purposes": ["dpv:RightsFulfillment"], "controllers": ["{{platform}}"]}] }
                """;
            for (var warm = 0; warm < 4; warm++) await Round(http, issuer, body, $"w{warm}"); // the first minute of a service is not the figure
            var round = 0;
            await Rounds.Compare(
                "POST /v1/mandates, 64 connections", rounds, async () => await floor.Pgbench(await floor.NewDatabase(), Connections, seconds),
                () => Round(http, issuer, body, "r" + ++round), "0.6");
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync();
            using var stop = Process.Start("pkill", ["-INT", "-f", Path.Combine(folder, "pg")]);
            await stop.WaitForExitAsync();
            while (File.Exists(Path.Combine(folder, "pg", "postmaster.pid"))) await Task.Delay(100);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> Round(HttpClient http, EmbeddedIssuer issuer, string body, string name)
    {
        var tokens = Enumerable.Range(0, Members).Select(n => issuer.Token("member", null, $"{name}-{n}")).ToArray();
        var content = Encoding.UTF8.GetBytes(body);
        var (next, clock) = (-1, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var n && n < Members)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/mandates") { Content = new ByteArrayContent(content) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[n]);
                using var response = await http.SendAsync(request);
                if (response.StatusCode != HttpStatusCode.Created) throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
            }
        })));
        return Members / clock.Elapsed.TotalSeconds;
    }

    private static async Task<string> Register(HttpClient http, EmbeddedIssuer issuer, string kind)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/organisations")
        {
            Content = new StringContent($$"""{"kind": "{{kind}}", "name": "{{kind}}", "country": "FR"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Token("operator", null, null));
        using var response = await http.SendAsync(request);
        using var made = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return made.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>Its log goes to a file, as a service's does.</summary>
    private static (Process Service, Uri Url) Up(string folder)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Registry.Api.dll");
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec dotnet '{program}' up --data '{folder}' --urls http://127.0.0.1:0 >'{folder}.log'"]) { RedirectStandardError = true };
        start.Environment["Registry__Limits__Others"] = "0";
        var service = Process.Start(start)!;
        while (service.StandardError.ReadLine() is { } line)
        {
            if (!line.StartsWith("The Registry serves ", StringComparison.Ordinal)) continue;
            _ = service.StandardError.ReadToEndAsync();
            return (service, new Uri(line["The Registry serves ".Length..].Split(',')[0]));
        }
        throw new InvalidOperationException("the service ended before it served");
    }
}
