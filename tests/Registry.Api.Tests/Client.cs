using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Registry.Api.Tests;

/// <summary>An answer, read.</summary>
internal sealed record Answer(int Status, JsonNode? Body, string Text, HttpResponseHeaders Headers, HttpContentHeaders Content)
{
    public string? ETag => Headers.ETag?.Tag;

    public string? Code => Body?["code"]?.GetValue<string>();

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}

/// <summary>A caller with its token.</summary>
internal sealed class Client(Uri url, string? token)
{
    private readonly HttpClient http = new() { BaseAddress = url };

    /// <summary>For answers that are no text.</summary>
    public HttpClient Raw()
    {
        var raw = new HttpClient { BaseAddress = url };
        if (token is not null) raw.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return raw;
    }

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Answer> Post(string path, JsonNode? body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), headers);

    public Task<Answer> Put(string path, JsonNode body) => Send(HttpMethod.Put, path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"), []);

    public Task<Answer> Raw(string path, string body, string type = "application/json", params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, new StringContent(body, Encoding.UTF8, type), headers);

    /// <summary>Reads what is changed, and names the version that was read.</summary>
    public async Task<Answer> Change(string resource, string act, JsonNode? body = null, params (string Name, string Value)[] headers)
    {
        var read = await Get(resource);
        return await Post($"{resource}/{act}", body, [("If-Match", read.ETag!), .. headers]);
    }

    public async Task<Answer> Send(HttpMethod method, string path, HttpContent? content, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (content?.Headers.ContentLength > 1 << 20) request.Headers.ExpectContinue = true; // who is refused for the size is told before sending, and not by a broken pipe
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var json = response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
        return new Answer((int)response.StatusCode, json ? JsonNode.Parse(text) : null, text, response.Headers, response.Content.Headers);
    }
}

internal static class Expectations
{
    public static async Task<JsonNode> Expect(this Task<Answer> asked, int status)
    {
        var answer = await asked;
        Assert.True(answer.Status == status, $"{answer.Status} instead of {status}: {answer.Text}");
        return answer.Body!;
    }

    /// <summary>A problem in its full form: code, status, page, texts, trace.</summary>
    public static async Task<JsonNode> ExpectProblem(this Task<Answer> asked, int status, string code, string? pointer = null)
    {
        var answer = await asked;
        Assert.True(answer.Status == status && answer.Code == code, $"{answer.Status} instead of {status} {code}: {answer.Text}");
        Assert.Equal("application/problem+json", answer.Content.ContentType!.MediaType);
        var problem = answer.Body!;
        Assert.Equal($"/problems/{code}", problem["type"]!.GetValue<string>());
        Assert.Equal(status, problem["status"]!.GetValue<int>());
        Assert.Matches("^[0-9a-f]{32}$", problem["traceId"]!.GetValue<string>());
        Assert.DoesNotContain("{", problem["detail"]!.GetValue<string>().Replace("{\"all\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        if (pointer is not null) Assert.Equal(pointer, problem["errors"]![0]!["pointer"]!.GetValue<string>());
        return problem;
    }

    public static string Text(this JsonNode? node) => node!.GetValue<string>();

    public static string Day(this DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
