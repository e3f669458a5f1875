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
/// A membership file of 200,000 rows with one broken in a hundred, sent over HTTP to the service in its own process, beside a
/// COPY of the very rows that it wrote (events, streams, leaves, view) into the same tables and indexes of an empty database.
/// </summary>
internal sealed class ImportBench(Floor floor)
{
    private const int Rows = 200_000;

    private static readonly (string Table, string Columns)[] Copied =
    [
        ("mt_streams", "id, type, version, timestamp, created, tenant_id, is_archived"),
        ("mt_events", "seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived"),
        ("registry_leaves", "position, salt, leaf"), ("mandates", "id, version, data"),
    ];

    public async Task Run()
    {
        var folder = Path.Combine(Path.GetTempPath(), "registry-bench-import-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var (service, url, _, _) = MandateBench.Up(folder);
        try
        {
            var issuer = new EmbeddedIssuer(new DataFolder(folder), TimeProvider.System);
            using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(10) };
            var (union, platform) = (await MandateBench.Register(http, issuer, "union"), await MandateBench.Register(http, issuer, "platform"));
            var token = issuer.Token("union", union, null);
            await Import(http, token, platform, "warm", 2_000);
            var (before, clock) = (Memory(service, "VmRSS"), Stopwatch.StartNew());
            var result = await Import(http, token, platform, "r", Rows);
            var (took, peak) = (clock.Elapsed.TotalSeconds, Memory(service, "VmHWM"));
            clock.Restart();
            var again = await Import(http, token, platform, "r", Rows);
            var repeated = clock.Elapsed.TotalSeconds;
            var copied = await Copy(folder);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"import of {Rows} rows over HTTP: {Rows / took:0} a second ({took:0.0} s); COPY of the same rows {copied.Rows / copied.Seconds:0} a second; ratio {Rows / took / (copied.Rows / copied.Seconds):0.00}   asked 0.25"));
            Console.WriteLine($"  {result}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  resident memory of the service: {before} MB before, {peak} MB at most: +{peak - before} MB   asked under 150"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  the same file again: {Rows / repeated:0} a second; {again}"));
        }
        finally
        {
            using var stop = Process.Start("kill", [service.Id.ToString(CultureInfo.InvariantCulture)]);
            await service.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static async Task<string> Import(HttpClient http, string token, string platform, string name, int rows)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/mandates/imports") { Content = new RowsContent(platform, name, rows) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var started = await http.SendAsync(request);
        var at = started.EnsureSuccessStatusCode().Headers.Location!;
        while (true)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, at);
            ask.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await http.SendAsync(ask);
            using var operation = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            if (operation.RootElement.GetProperty("state").GetString() != "running") return operation.RootElement.GetProperty("result").GetRawText();
            await Task.Delay(50);
        }
    }

    /// <summary>Written as it is sent, so that the sender's memory is nobody's concern.</summary>
    private sealed class RowsContent : HttpContent
    {
        private readonly (string Platform, string Name, int Rows) what;

        public RowsContent(string platform, string name, int rows)
        {
            what = (platform, name, rows);
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1));
            var text = new StringBuilder();
            for (var n = 0; n < what.Rows; n++)
            {
                text.Append(CultureInfo.InvariantCulture, $$$"""{"memberReference": "{{{what.Name}}}-{{{n}}}", "name": "Member {{{n}}}", "contact": "{{{n}}}@example.org", "accounts": [{"platform": "{{{what.Platform}}}", "accountId": "driver-{{{n}}}"}], "validity": {"from": "{{{today:yyyy-MM-dd}}}", "to": "{{{today.AddMonths(6):yyyy-MM-dd}}}"}, "scopes": [{"rights": ["portability"], "categories": ["{{{(n % 100 == 7 ? "reg:nothing" : "reg:observed")}}}"], "purposes": ["dpv:RightsFulfillment"], "controllers": ["{{{what.Platform}}}"]}], "evidence": {"method": "paper", "capturedOn": "{{{today:yyyy-MM-dd}}}", "documentHash": "{{{n:x64}}}"}}""").Append('\n');
                if (text.Length < 1 << 16 && n + 1 < what.Rows) continue;
                await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()));
                text.Clear();
            }
        }

        protected override bool TryComputeLength(out long length) => (length = -1) > 0;
    }

    private async Task<(long Rows, double Seconds)> Copy(string folder)
    {
        var name = await floor.NewDatabase(RegistryInstance.Views.All);
        await using var from = new NpgsqlConnection(EmbeddedCluster.Connection(folder, EmbeddedCluster.OwnerRole, new DataFolder(folder).Passwords().Owner) + ";Search Path=registry;Pooling=false");
        await using var to = new NpgsqlConnection(floor.Cluster.OwnerConnection(name) + ";Search Path=registry;Pooling=false");
        await from.OpenAsync();
        await to.OpenAsync();
        var (rows, seconds) = (0L, 0.0);
        foreach (var (table, columns) in Copied)
        {
            var file = Path.Combine(folder, "copied");
            await using (var source = await from.BeginRawBinaryCopyAsync($"COPY (SELECT {columns} FROM {table}) TO STDOUT (FORMAT BINARY)"))
            await using (var kept = File.Create(file)) await source.CopyToAsync(kept);
            var clock = Stopwatch.StartNew();
            await using (var target = await to.BeginRawBinaryCopyAsync($"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)"))
            await using (var kept = File.OpenRead(file)) await kept.CopyToAsync(target);
            seconds += clock.Elapsed.TotalSeconds;
            if (table != "mandates") continue;
            await using var count = new NpgsqlCommand("SELECT count(*) FROM mandates", to);
            rows = (long)(await count.ExecuteScalarAsync())!;
        }
        return (rows, seconds);
    }

    internal static long Memory(Process process, string what) =>
        long.Parse(File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith(what, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
}
