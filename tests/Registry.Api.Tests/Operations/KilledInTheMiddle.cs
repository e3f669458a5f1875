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

    [Fact]
    public async Task An_import_goes_on_where_it_was()
    {
        var (first, url) = await Up();
        using var issuer = new EmbeddedIssuer(new DataFolder(Folder), TimeProvider.System);
        using var http = new HttpClient { BaseAddress = url };
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
        var rerun = await Post(after, token, "/v1/mandates/imports", csv.ToString(), "text/csv");
        for (var asked = 0; asked < 1_200 && (rerun = await Get(after, token, $"/v1/operations/{rerun["id"]}"))["state"].Text() == "running"; asked++) await Task.Delay(50);
        Assert.Equal((0, Rows / 100 * 99, Rows / 100), (rerun["result"]!["granted"]!.GetValue<int>(), rerun["result"]!["unchanged"]!.GetValue<int>(), rerun["result"]!["refused"]!.GetValue<int>()));
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

    private static async Task<HttpResponseMessage> Send(HttpClient http, HttpMethod method, string token, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer;
    }
}
