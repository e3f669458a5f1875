using System.Text.Json.Nodes;
using Registry.Api.Security;
using Registry.Application.Instance;

namespace Registry.Api.Tests.Operations;

/// <summary>The vault's wrapping key is exchanged while the service goes on, and after it the old key opens nothing.</summary>
public sealed class RotatingKeys : StartedProgram
{
    [Fact]
    public async Task Rows_stand_under_the_new_key_and_calls_go_on()
    {
        var (service, url) = await Up();
        var issuer = new EmbeddedIssuer(new DataFolder(Folder), TimeProvider.System);
        var platform = (await new Client(url, issuer.Token(Roles.Operator, null, null)).Post("/v1/organisations", new JsonObject { ["kind"] = "platform", ["name"] = "P", ["country"] = "FR" }).Expect(201))["id"].Text();
        Client Member(int n) => new(url, issuer.Token(Roles.Member, null, $"m-{n}"));
        async Task Put(int n, string account) => await Member(n).Put($"/v1/me/accounts/{platform}", new JsonObject { ["accountId"] = account }).Expect(200);
        for (var n = 0; n < 20; n++) await Put(n, $"a-{n}");

        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var n = 20;
            for (; !stop.IsCancellationRequested; n++) await Put(n, $"a-{n}");
            return n;
        });
        var (code, said, _) = await Run("rotate-keys", "--data", Folder);
        await stop.CancelAsync();
        var members = await writing;
        Assert.Equal(0, code);
        Assert.Contains("vault-wrapping.retired", said, StringComparison.Ordinal);
        Assert.True(members > 20);
        var keys = Path.Combine(Folder, "keys");
        Assert.Equal(["vault-wrapping-2", "vault-wrapping.retired"], Directory.GetFiles(keys, "vault-wrapping*").Select(Path.GetFileName).Order(StringComparer.Ordinal));

        File.Delete(Path.Combine(keys, "vault-wrapping.retired")); // as if there were no older backup: nothing stands under it any more
        await Stop(service);
        var (_, again) = await Up();
        for (var n = 0; n < members; n++) Assert.Equal($"a-{n}", (await new Client(again, issuer.Token(Roles.Member, null, $"m-{n}")).Get("/v1/me").Expect(200))["accounts"]![0]!["accountId"].Text());
    }
}
