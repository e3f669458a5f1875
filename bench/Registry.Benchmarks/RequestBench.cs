using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;
using Registry.Api.Security;
using Registry.Application.Instance;
using Registry.EventStore.Embedded;

namespace Registry.Benchmarks;

/// <summary>
/// One request for 100,000 members over HTTP, to the service in its own process: filing beside an INSERT ... SELECT of the same
/// line rows into a table with the same indexes, what it leaves of others' acts meanwhile, and reading and answering in bulk.
/// </summary>
internal sealed class RequestBench(int rounds)
{
    private const int Members = 100_000, Callers = 4, Answers = 10_000;

    public async Task Run()
    {
        var folder = Path.Combine(Path.GetTempPath(), "registry-bench-requests-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var (service, url, _, _) = MandateBench.Up(folder);
        try
        {
            var issuer = new EmbeddedIssuer(new DataFolder(folder), TimeProvider.System);
            using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(10) };
            var (union, platform) = (await MandateBench.Register(http, issuer, "union"), await MandateBench.Register(http, issuer, "platform"));
            var (asUnion, asPlatform) = (issuer.Token("union", union, null), issuer.Token("platform", platform, null));
            var loaded = await ImportBench.Import(http, asUnion, platform, "m", Members * 100 / 99 + 50);
            Console.WriteLine($"  imported: {loaded}");
            var alone = await Beside(http, issuer, union, platform, Task.Delay(TimeSpan.FromSeconds(5)));
            var (times, during, at) = (new List<double>(), new List<double>(), "");
            for (var round = 0; round < rounds; round++)
            {
                at = await Draft(http, asUnion, platform);
                var clock = Stopwatch.StartNew();
                var filing = Filed(http, asUnion, at);
                during.Add(await Beside(http, issuer, union, platform, filing));
                await filing;
                times.Add(clock.Elapsed.TotalSeconds);
            }
            var (quiet, drafts) = (new List<double>(), new List<double>());
            for (var round = 0; round < rounds; round++)
            {
                var clock = Stopwatch.StartNew();
                at = await Draft(http, asUnion, platform);
                drafts.Add(clock.Elapsed.TotalSeconds);
                clock.Restart();
                await Filed(http, asUnion, at);
                quiet.Add(clock.Elapsed.TotalSeconds);
            }
            var floor = await Floor(folder, at.Split('/')[^1]);
            Tell($"filing {Members} lines, nothing else going on: {Rounds.Median(quiet):0.00} s; INSERT ... SELECT of the same rows {floor:0.00} s: x{Rounds.Median(quiet) / floor:0.0}   asked under 5");
            Tell($"  of which who is in the cohort, as a draft counts it: {Rounds.Median(drafts):0.00} s");
            Tell($"  with {Callers} others granting mandates: {Rounds.Median(times):0.00} s; they did {Rounds.Median(during):0} a second, alone {alone:0}: {Rounds.Median(during) / alone:0.00}   asked 0.5");
            await Answer(http, service, asUnion, asPlatform, at);
        }
        finally
        {
            using var stop = Process.Start("kill", [service.Id.ToString(CultureInfo.InvariantCulture)]);
            await service.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task Answer(HttpClient http, Process service, string asUnion, string asPlatform, string at)
    {
        await Change(http, asPlatform, at, "receipt", "{}");
        var (before, clock) = (ImportBench.Memory(service, "VmRSS"), Stopwatch.StartNew());
        var lines = await Lines(http, asPlatform, at);
        Tell($"{lines.Count} lines as NDJSON: {clock.Elapsed.TotalSeconds:0.00} s; resident memory of the service {before} MB before, {ImportBench.Memory(service, "VmHWM")} MB at most ever");
        clock.Restart();
        await Change(http, asPlatform, at, "extension", """{"reason": "numberOfRequests"}""");
        Tell($"an extension of all of them in one call: {clock.Elapsed.TotalSeconds:0.00} s");
        var (answers, complete, reading, deadlines) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var items = string.Join(',', lines.Skip(round * Answers).Take(Answers).Select(line => $$"""{"line": "{{line}}", "sha256": "{{new string('a', 64)}}", "bytes": 100, "rows": 7}"""));
            clock.Restart();
            await Change(http, asPlatform, at, "deliveries", $$"""{"category": "reg:observed.trips", "format": "json", "schema": "s", "items": [{{items}}]}""");
            answers.Add(clock.Elapsed.TotalSeconds);
            complete.Add(await Time(http, asUnion, at + "/completeness"));
            deadlines.Add(await Time(http, asUnion, at + "/deadlines"));
            reading.Add(await Time(http, asUnion, at));
        }
        Tell($"a delivery of {Answers} lines in one call: {Rounds.Median(answers):0.00} s; completeness {Rounds.Median(complete) * 1_000:0} ms (asked under 1000), deadlines {Rounds.Median(deadlines) * 1_000:0} ms, the request {Rounds.Median(reading) * 1_000:0} ms");
    }

    private static void Tell(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static async Task<double> Beside(HttpClient http, EmbeddedIssuer issuer, string union, string platform, Task until)
    {
        var (token, today, clock, done) = (issuer.Token("union", union, null), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1)), Stopwatch.StartNew(), 0L);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            while (!until.IsCompleted)
            {
                var n = Interlocked.Increment(ref done);
                var body = $$$"""{"representative": "{{{union}}}", "memberReference": "beside-{{{Guid.NewGuid()}}}", "validity": {"from": "{{{today:yyyy-MM-dd}}}", "to": "{{{today.AddMonths(6):yyyy-MM-dd}}}"}, "scopes": [{"rights": ["access"], "categories": ["reg:provided"], "purposes": ["dpv:RightsFulfillment"], "controllers": ["{{{platform}}}"]}], "evidence": {"method": "paper", "capturedOn": "{{{today:yyyy-MM-dd}}}", "documentHash": "{{{n:x64}}}"}}""";
                (await Send(http, HttpMethod.Post, token, "/v1/mandates", body)).Dispose();
            }
        }));
        return done / clock.Elapsed.TotalSeconds;
    }

    private static async Task<string> Draft(HttpClient http, string token, string platform)
    {
        using var made = await Send(http, HttpMethod.Post, token, "/v1/portability-requests",
            $$"""{"platform": "{{platform}}", "hooks": ["gdpr:A20"], "categories": ["reg:observed.trips"], "purpose": "dpv:RightsFulfillment", "format": "json", "cohort": {"all": true}, "stewardship": {"access": ["two"], "retention": "P12M", "security": "sealed"} }""");
        return made.Headers.Location!.ToString();
    }

    private static async Task Filed(HttpClient http, string token, string at)
    {
        using var started = await Send(http, HttpMethod.Post, token, at + "/filing", "{}", "\"1\"");
        if (started.StatusCode != HttpStatusCode.Accepted) throw new InvalidOperationException(await started.Content.ReadAsStringAsync());
        while (true)
        {
            using var answer = await Send(http, HttpMethod.Get, token, started.Headers.Location!.ToString());
            using var operation = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            var state = operation.RootElement.GetProperty("state").GetString();
            if (state == "failed") throw new InvalidOperationException(operation.RootElement.GetRawText());
            if (state == "succeeded") return;
            await Task.Delay(20);
        }
    }

    private static async Task Change(HttpClient http, string token, string at, string act, string body)
    {
        using var read = await Send(http, HttpMethod.Get, token, at);
        (await Send(http, HttpMethod.Post, token, $"{at}/{act}", body, read.Headers.ETag!.Tag)).Dispose();
    }

    private static async Task<double> Time(HttpClient http, string token, string path)
    {
        var clock = Stopwatch.StartNew();
        (await Send(http, HttpMethod.Get, token, path)).Dispose();
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task<List<string>> Lines(HttpClient http, string token, string at)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, at + "/lines");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync());
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { } line) lines.Add(line.Substring(9, 36));
        return lines;
    }

    private static async Task<HttpResponseMessage> Send(HttpClient http, HttpMethod method, string token, string path, string? body = null, string? revision = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (revision is not null) request.Headers.TryAddWithoutValidation("If-Match", revision);
        var answer = await http.SendAsync(request);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
        return answer;
    }

    /// <summary>The rows of the last filing, into a table of the same shape and indexes.</summary>
    private async Task<double> Floor(string folder, string request)
    {
        await using var connection = new NpgsqlConnection(EmbeddedCluster.Connection(folder, EmbeddedCluster.OwnerRole, new DataFolder(folder).Passwords().Owner) + ";Search Path=registry;Pooling=false;Command Timeout=600");
        await connection.OpenAsync();
        var times = new List<double>();
        for (var round = 0; round < rounds + 2; round++)
        {
            await Execute(connection, "CREATE TABLE lines_again (LIKE request_lines INCLUDING ALL)");
            var clock = Stopwatch.StartNew();
            await Execute(connection, $"INSERT INTO lines_again SELECT * FROM request_lines WHERE request = '{request}'");
            times.Add(clock.Elapsed.TotalSeconds);
            await Execute(connection, "DROP TABLE lines_again");
        }
        return Rounds.Median(times);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
