using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Registry.Api.Security;
using Registry.Api.Tests.Operations;
using Registry.Application.Instance;

namespace Registry.Api.Tests.Terms;

/// <summary>A database that hangs, as one behind a broken network does: a node that cannot tell how fresh its terms are does not answer.</summary>
public sealed class NobodyKnowsHowFresh : StartedProgram
{
    [Fact]
    public async Task A_node_that_cannot_read_the_log_answers_503_and_not_stale()
    {
        var (_, url) = await Up();
        var issuer = new EmbeddedIssuer(new DataFolder(Folder), TimeProvider.System);
        using var http = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", issuer.Token(Roles.Operator, null, null));
        Assert.Equal(200, (int)(await Ask(http)).StatusCode);
        await Signal("STOP");
        try
        {
            // Within a second it may still answer with what it knows; from then on it must not.
            var answer = await Ask(http);
            for (var asked = 0; asked < 100 && (int)answer.StatusCode == 200; asked++) answer = await Ask(http);
            Assert.Equal(503, (int)answer.StatusCode);
            Assert.True(answer.Headers.Contains("Retry-After"));
            Assert.Contains("database-away", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        finally
        {
            await Signal("CONT");
        }
        for (var asked = 0; asked < 100 && (int)(await Ask(http)).StatusCode != 200; asked++) await Task.Delay(100);
        Assert.Equal(200, (int)(await Ask(http)).StatusCode);
    }

    private static async Task<HttpResponseMessage> Ask(HttpClient http)
    {
        await Task.Delay(50);
        return await http.PostAsync("/v1/decisions", new StringContent(
            $$"""{"platform": "{{Guid.NewGuid()}}", "sector": "fr-platform:vtc", "territory": "FR", "status": "selfEmployed", "category": "reg:observed", "purpose": "dpv:ServiceProvision"}""",
            Encoding.UTF8, "application/json"));
    }

    /// <summary>To the postmaster and all its processes.</summary>
    private async Task Signal(string name)
    {
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(Folder, "pg", "postmaster.pid")))[0];
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {postmaster} $(pgrep -P {postmaster})"]);
        await kill.WaitForExitAsync();
    }
}
