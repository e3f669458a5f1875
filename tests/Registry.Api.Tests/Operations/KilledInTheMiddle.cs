using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Registry.Api.Security;
using Registry.Application.Instance;

namespace Registry.Api.Tests.Operations;

/// <summary>An import whose process is killed goes on at the next start, each row recorded once.</summary>
public sealed class KilledInTheMiddle : StartedProgram
{
    private const int Rows = 6_000;

    /// <summary>PostgreSQL is killed under a service that goes on: so does the import, once it answers again.</summary>
    [Fact]
    public async Task An_import_outlives_its_database()
    {
        var log = new StringBuilder();
        var service = Start([], ["up", "--data", Folder, "--urls", "http://127.0.0.1:0"], log);
        var url = await Serving(service);
        var (http, token, at, _) = await Importing(url);
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(Folder, "pg", "postmaster.pid")))[0];
        using (var kill = System.Diagnostics.Process.Start("kill", ["-KILL", postmaster])) await kill.WaitForExitAsync();
        JsonNode? ended = null;
        for (var asked = 0; asked < 1_200 && ended?["state"].Text() is null or "running"; asked++)
        {
            await Task.Delay(50);
            using var answer = await Ask(http, HttpMethod.Get, token, at, null);
            if (answer.IsSuccessStatusCode) ended = JsonNode.Parse(await answer.Content.ReadAsStringAsync());
            else Assert.Equal(503, (int)answer.StatusCode);
        }
        string Told()
        {
            lock (log) return log.ToString();
        }
        Assert.True(ended!["state"].Text() == "succeeded", Told()); // the log says why
        Assert.Equal((Rows / 100 * 99, 0), (ended["result"]!["granted"]!.GetValue<int>(), ended["result"]!["unchanged"]!.GetValue<int>()));
        Assert.False(service.HasExited);
        http.Dispose();
    }

    [Fact]
    public async Task An_import_goes_on_where_it_was()
    {
        var (first, url) = await Up();
        var (before, token, at, csv) = await Importing(url);
        before.Dispose();
        first.Kill();
        await first.WaitForExitAsync();

        var (_, again) = await Up();
        using var after = new HttpClient { BaseAddress = again };
        var ended = await Get(after, token, at);
        Assert.InRange(ended["done"]!.GetValue<int>(), Rows / 10, Rows);
        for (var asked = 0; asked < 1_200 && ended["state"].Text() == "running"; asked++)
        {
            await Task.Delay(50);
            ended = await Get(after, token, at);
        }
        Assert.Equal(("succeeded", Rows, Rows / 100 * 99, 0, Rows / 100), (
            ended["state"].Text(), ended["done"]!.GetValue<int>(), ended["result"]!["granted"]!.GetValue<int>(), ended["result"]!["unchanged"]!.GetValue<int>(), ended["result"]!["refused"]!.GetValue<int>()));
        var (told, link) = (0, $"{at}/rows?limit=200");
        while (link is not null)
        {
            using var page = await Send(after, HttpMethod.Get, token, link, null);
            told += JsonNode.Parse(await page.Content.ReadAsStringAsync())!["items"]!.AsArray().Count;
            link = page.Headers.TryGetValues("Link", out var next) ? next.First().Split('<', '>')[1] : null;
        }
        Assert.Equal(Rows, told);
        var rerun = await Post(after, token, "/v1/mandates/imports", csv, "text/csv");
        for (var asked = 0; asked < 1_200 && (rerun = await Get(after, token, $"/v1/operations/{rerun["id"]}"))["state"].Text() == "running"; asked++) await Task.Delay(50);
        Assert.Equal((0, Rows / 100 * 99, Rows / 100), (rerun["result"]!["granted"]!.GetValue<int>(), rerun["result"]!["unchanged"]!.GetValue<int>(), rerun["result"]!["refused"]!.GetValue<int>()));
    }

    /// <summary>An import under way, a tenth of it done.</summary>
    private async Task<(HttpClient Http, string Token, string At, string Csv)> Importing(Uri url)
    {
        var issuer = new EmbeddedIssuer(new DataFolder(Folder), TimeProvider.System);
        var http = new HttpClient { BaseAddress = url };
        var union = (await Post(http, issuer.Token(Roles.Operator, null, null), "/v1/organisations", """{"kind": "union", "name": "U", "country": "FR"}"""))["id"]!.GetValue<Guid>();
        var platform = (await Post(http, issuer.Token(Roles.Operator, null, null), "/v1/organisations", """{"kind": "platform", "name": "P", "country": "FR"}"""))["id"]!.GetValue<Guid>();
        var token = issuer.Token(Roles.Union, union.ToString(), null);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1));
        var csv = new StringBuilder("memberReference;rights;categories;purposes;controllers;validFrom;validTo;method;capturedOn;documentHash\n");
        for (var n = 0; n < Rows; n++)
        {
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"M-{n};portability;{(n % 100 == 7 ? "reg:nothing" : "reg:observed")};dpv:RightsFulfillment;{platform};{today:yyyy-MM-dd};{today.AddMonths(6):yyyy-MM-dd};paper;{today:yyyy-MM-dd};{new string('a', 64)}\n");
        }
        var operation = await Post(http, token, "/v1/mandates/imports", csv.ToString(), "text/csv");
        var at = $"/v1/operations/{operation["id"]}";
        while ((await Get(http, token, at))["done"]!.GetValue<int>() < Rows / 10) await Task.Delay(20);
        return (http, token, at, csv.ToString());
    }

    private static async Task<JsonNode> Post(HttpClient http, string token, string path, string body, string type = "application/json")
    {
        using var answer = await Send(http, HttpMethod.Post, token, path, new StringContent(body, Encoding.UTF8, type));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static async Task<JsonNode> Get(HttpClient http, string token, string path)
    {
        using var answer = await Send(http, HttpMethod.Get, token, path, null);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static async Task<HttpResponseMessage> Ask(HttpClient http, HttpMethod method, string token, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> Send(HttpClient http, HttpMethod method, string token, string path, HttpContent? content)
    {
        var answer = await Ask(http, method, token, path, content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer;
    }
}
