using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Registry.Application.Instance;
using Registry.EventStore;
using Registry.EventStore.Embedded;
using Registry.EventStore.Streams;

namespace Registry.Api.Tests.Operations;

/// <summary>
/// The service, its PostgreSQL, or both are killed (SIGKILL) under sixteen callers who repeat what was not answered with the
/// same key. What was acknowledged is remembered here, outside the database.
/// </summary>
[Trait("Proof", "no-lost-act")]
public sealed class NoLostCall : StartedProgram
{
    private const int Callers = 16;
    private static readonly int Rounds = Environment.GetEnvironmentVariable("REGISTRY_PROVE") == "full" ? 20 : 3;

    private readonly ConcurrentDictionary<string, string> acknowledged = new(StringComparer.Ordinal);
    private readonly string url = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
    private volatile bool calling = true;

    [Fact]
    public async Task What_was_acknowledged_is_there_once_and_a_repeated_call_has_one_effect_and_one_answer()
    {
        var service = await Serve();
        var token = (await Run("token", "--role", "operator", "--data", Folder)).Output.Trim();
        var callers = Enumerable.Range(0, Callers).Select(n => Task.Run(() => Call(token, n))).ToList();
        for (var round = 0; round < Rounds; round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + round % 3 * 0.3));
            var before = acknowledged.Count;
            if (round % 3 != 0) KillDatabase();
            if (round % 3 != 1) service = await KillAndServe(service);
            await Until(() => acknowledged.Count > before + Callers);
        }
        calling = false;
        await Task.WhenAll(callers);
        await Verify(new Client(new Uri(url), token));
    }

    private async Task Verify(Client client)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var page = "/v1/organisations?limit=200"; page is not null;)
        {
            var answer = await client.Get(page);
            foreach (var item in answer.Body!["items"]!.AsArray()) found.Add(item!["name"].Text(), item["id"].Text()); // a name stands once: one effect
            page = answer.Header("Link") is { } link ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;
        }
        Assert.Equal(acknowledged.OrderBy(a => a.Key, StringComparer.Ordinal), found.OrderBy(f => f.Key, StringComparer.Ordinal));
        foreach (var (name, id) in acknowledged.Take(100))
        {
            var again = await client.Raw("/v1/organisations", Body(name), "application/json", ("Idempotency-Key", name));
            Assert.Equal((201, id), (again.Status, again.Body!["id"].Text()));
            Assert.Equal("true", again.Header("Idempotency-Replayed"));
        }
        var passwords = new DataFolder(Folder).Passwords();
        await using var database = new Database(EmbeddedCluster.Connection(Folder, EmbeddedCluster.WriterRole, passwords.Writer));
        await using var writer = new AppendWriter(database, Application.EventCatalogue.Names);
        var expected = 0L;
        await foreach (var stored in new Registry.EventStore.Streams.EventLog(database, writer).ReadAll(0, int.MaxValue, default)) Assert.Equal(++expected, stored.Position);
        Assert.Equal(acknowledged.Count, expected);
    }

    private async Task Call(string token, int caller)
    {
        var client = new Client(new Uri(url), token);
        for (var n = 0; calling; n++)
        {
            var name = $"U{caller}-{n}";
            while (!await Once(client, name)) await Task.Delay(20);
        }
    }

    /// <summary>False where nobody knows what became of it: the same call must be made again.</summary>
    private async Task<bool> Once(Client client, string name)
    {
        try
        {
            var answer = await client.Raw("/v1/organisations", Body(name), "application/json", ("Idempotency-Key", name));
            if (answer.Status is 503 or 409) return false; // away, or the first call with this key is still under way
            Assert.True(answer.Status == 201, $"{answer.Status}: {answer.Text}");
            acknowledged.TryAdd(name, answer.Body!["id"].Text());
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
        {
            return false;
        }
    }

    private static string Body(string name) => $$"""{"kind": "union", "name": "{{name}}", "country": "FR"}""";

    private async Task<Process> Serve() => (await Up([("Registry__Limits__Others", "0")], "--urls", url)).Process;

    private async Task<Process> KillAndServe(Process service)
    {
        service.Kill();
        await service.WaitForExitAsync();
        return await Serve();
    }

    /// <summary>The postmaster first, so that it restarts nobody, then every process that it left.</summary>
    private void KillDatabase()
    {
        var server = File.ReadAllLines(Path.Combine(Folder, "pg", "postmaster.pid"))[0];
        using var children = Process.Start(new ProcessStartInfo("pgrep", ["-P", server]) { RedirectStandardOutput = true })!;
        var all = children.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var kill = Process.Start("kill", ["-9", server, .. all]);
        kill.WaitForExit();
    }

    private static async Task Until(Func<bool> reached)
    {
        for (var waited = Stopwatch.StartNew(); !reached(); await Task.Delay(50))
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(90), "the service did not come back within 90 s");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
