using System.Diagnostics;
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
        var (service, url, bare, _) = Up(folder);
        try
        {
            var issuer = new EmbeddedIssuer(new DataFolder(folder), TimeProvider.System);
            using var http = new HttpClient { BaseAddress = url };
            var (union, platform) = (await Register(http, issuer, "union"), await Register(http, issuer, "platform"));
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            var body = $$"""
                {"representative": "{{union}}", "validity": {"from": "{{today:yyyy-MM-dd}}", "to": "{{today.AddMonths(6):yyyy-MM-dd}}"},
                 "scopes": [{"rights": ["portability"], "categories": ["reg:observed"], "purposes": ["dpv:RightsFulfillment"], "controllers": ["{{platform}}"]}] }
                """;
            var constant = new Uri(url, "/bench/constant");
            var mandates = new Uri(url, "/v1/mandates");
            for (var warm = 0; warm < 4; warm++) // the first minute of a service is not the figure
            {
                await Round(issuer, body, $"w{warm}", mandates, 201);
                await Round(issuer, body, $"w{warm}", constant, 201);
            }
            var (round, constants, bares) = (0, new List<double>(), new List<double>());
            await Rounds.Compare(
                "POST /v1/mandates, 64 connections", rounds,
                async () =>
                {
                    bares.Add(await Round(issuer, body, "b", bare, 200));
                    constants.Add(await Round(issuer, body, "c" + round, constant, 201));
                    return await floor.Pgbench(Connections, seconds);
                },
                () => Round(issuer, body, "r" + ++round, mandates, 201), "0.6", () => floor.Pgbench(8, seconds));
            Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"  of which HTTP alone: bare Kestrel {Rounds.Median(bares):0}, a constant behind the same token check, log and body reading {Rounds.Median(constants):0}"));
        }
        finally
        {
            using var stop = Process.Start("kill", [service.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]); // it stops its cluster itself
            await service.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One call with each of the tokens, which are made beforehand.</summary>
    private static async Task<double> Round(EmbeddedIssuer issuer, string body, string name, Uri url, int expected)
    {
        var requests = Enumerable.Range(0, Members).Select(n => RawCaller.Request("POST", url.AbsolutePath, issuer.Token("member", null, $"{name}-{n}"), body)).ToArray();
        var callers = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => RawCaller.Connect(url)));
        var (next, clock) = (-1, Stopwatch.StartNew());
        await Task.WhenAll(callers.Select(caller => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var n && n < Members) await caller.Send(requests[n], expected);
        })));
        var took = clock.Elapsed.TotalSeconds;
        foreach (var caller in callers) caller.Dispose();
        return Members / took;
    }

    internal static async Task<string> Register(HttpClient http, EmbeddedIssuer issuer, string kind)
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

    /// <summary>With the settings of the service's own program, its log in a file, as a service's is.</summary>
    internal static (Process Service, Uri Url, Uri Bare, string Index) Up(string folder)
    {
        string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);
        var start = new ProcessStartInfo("/bin/sh", ["-c",
            $"exec dotnet exec --runtimeconfig '{Beside("Registry.Api.runtimeconfig.json")}' '{Beside("Registry.Benchmarks.dll")}' serve '{folder}' >'{folder}.log'"]) { RedirectStandardError = true };
        (start.Environment["Registry__Limits__Others"], start.Environment["Registry__Limits__Decisions"]) = ("0", "0");
        var service = Process.Start(start)!;
        var index = "";
        while (service.StandardError.ReadLine() is { } line)
        {
            if (line.StartsWith("index", StringComparison.Ordinal)) index = line;
            if (line.Split(' ') is not ["serves", var url, var bare]) continue;
            _ = service.StandardError.ReadToEndAsync();
            return (service, new Uri(url), new Uri(bare), index);
        }
        throw new InvalidOperationException("the service ended before it served");
    }
}
