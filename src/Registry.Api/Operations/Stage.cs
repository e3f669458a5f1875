using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Registry.Api.Security;

namespace Registry.Api.Operations;

/// <summary>The service answered otherwise than the story says.</summary>
internal sealed class UnexpectedAnswerException(string message) : Exception(message);

/// <summary>Where a story is played: HTTP calls with tokens, one printed line for each.</summary>
internal sealed class Stage : IDisposable
{
    private readonly HttpClient http;
    private readonly EmbeddedIssuer issuer;
    private readonly TimeProvider machine;
    private readonly long began;

    public Stage(string url, EmbeddedIssuer issuer, TimeProvider machine)
    {
        http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromMinutes(2) };
        (this.issuer, this.machine, began) = (issuer, machine, machine.GetTimestamp());
        Operator = issuer.Token(Roles.Operator, null, null);
    }

    public string Operator { get; }

    public int Acts { get; private set; }

    public TimeSpan Elapsed => machine.GetElapsedTime(began);

    public string Member(string subject) => issuer.Token(Roles.Member, null, subject);

    public string Organisation(string role, Guid id) => issuer.Token(role, id.ToString(), null);

    public static void Print(string line) => Console.WriteLine(line);

    public void Scene(string title) => Print($"{(Acts == 0 ? "" : "\n")}— {title}");

    /// <summary>One act: who, what, and what came back. Any other status, or an answer that is not as expected, ends the story.</summary>
    public async Task<JsonNode> Act(
        string who, string what, HttpMethod method, string path, object? body, string? token, int expected, Func<JsonNode, string> shows, Func<JsonNode, bool>? holds = null, string? ifMatch = null)
    {
        var (status, answer, _) = await Send(method, path, body, token, ifMatch);
        Acts++;
        if (status != expected) throw new UnexpectedAnswerException($"{who} {what}: {status} instead of {expected}: {answer.ToJsonString()}");
        Print(string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds,6:0.0}s  {who} {what}  → {status} {shows(answer)}"));
        if (holds is not null && !holds(answer)) throw new UnexpectedAnswerException($"{who} {what}: {answer.ToJsonString()}");
        return answer;
    }

    /// <summary>An act that changes what was read: it names the version that it saw.</summary>
    public async Task<JsonNode> Change(
        string who, string what, string resource, string act, JsonNode? body, string token, int expected, Func<JsonNode, string> shows, Func<JsonNode, bool>? holds = null)
    {
        var (_, _, etag) = await Send(HttpMethod.Get, resource, null, token, null);
        return await Act(who, what, HttpMethod.Post, $"{resource}/{act}", body, token, expected, shows, holds, etag);
    }

    /// <summary>Waits for long work, with its progress.</summary>
    public async Task Follow(JsonNode operation, string token, Func<JsonNode, string> shows)
    {
        for (var said = -1; ; await Task.Delay(TimeSpan.FromMilliseconds(250), machine))
        {
            var now = await Quiet(HttpMethod.Get, $"/v1/operations/{operation["id"]}", null, token);
            var done = now["done"]!.GetValue<int>();
            if (now["state"]!.GetValue<string>() == "failed") throw new UnexpectedAnswerException(now.ToJsonString());
            if (now["state"]!.GetValue<string>() == "succeeded")
            {
                Print(string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds,6:0.0}s    … {done} of {now["total"]}, {shows(now)}"));
                return;
            }
            if (done / 2_500 != said / 2_500) Print(string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds,6:0.0}s    … {done} of {now["total"]}"));
            said = done;
        }
    }

    public async Task<JsonNode> Quiet(HttpMethod method, string path, JsonNode? body, string? token) => (await Send(method, path, body, token, null)).Answer;

    /// <summary>All lines of a request, as they are streamed.</summary>
    public async Task<IReadOnlyList<JsonNode>> Lines(string who, string what, string path, string token)
    {
        using var request = Request(HttpMethod.Get, path, null, token, null);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ndjson"));
        using var response = await http.SendAsync(request);
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Acts++;
        Print(string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds,6:0.0}s  {who} {what}  → {(int)response.StatusCode} {lines.Count} (line, category, right), {lines.Count(l => l["accountId"] is not null)} with the account that it knows"));
        return lines;
    }

    public void Dispose() => http.Dispose();

    private async Task<(int Status, JsonNode Answer, string? ETag)> Send(HttpMethod method, string path, object? body, string? token, string? ifMatch)
    {
        using var request = Request(method, path, body, token, ifMatch);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!, response.Headers.ETag?.Tag);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, object? body, string? token, string? ifMatch)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (body is JsonNode json) request.Content = new StringContent(json.ToJsonString(), Encoding.UTF8, "application/json");
        if (body is string rows) request.Content = new StringContent(rows, Encoding.UTF8, "application/x-ndjson");
        return request;
    }
}
