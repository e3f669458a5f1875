using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;
using Registry.Api.Security;
using Registry.Application.Instance;

namespace Registry.Api.Tests.Http;

/// <summary>A token that was found good is good again until it expires or its issuer's keys change; then it is checked again.</summary>
public sealed class TokensThatWereGood : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "registry-token-" + Guid.NewGuid().ToString("N")[..12]);
    private readonly Clock machine = new();
    private readonly GoodTokens good;
    private readonly ClaimsPrincipal who = new();

    public TokensThatWereGood() => good = new GoodTokens(machine);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_is_known_again_until_it_expires_or_its_keys_change()
    {
        Directory.CreateDirectory(folder);
        var issuer = new EmbeddedIssuer(new DataFolder(folder), machine);
        var trusted = new TrustedIssuers(issuer, []);
        var rules = (await trusted.RulesFor(EmbeddedIssuer.Name, default))!;
        Assert.Same(rules, await trusted.RulesFor(EmbeddedIssuer.Name, default));
        good.Keep("token", who, EmbeddedIssuer.Name, rules, machine.Now.AddMinutes(1).UtcDateTime);
        Assert.Same(who, await good.Find("token", trusted, default));
        Assert.Null(await good.Find("another", trusted, default));
        Assert.Null(await good.Find("token", new TrustedIssuers(issuer, []), default)); // other rules: perhaps other keys
        Assert.Null(await good.Find("token", new TrustedIssuers(null, []), default)); // nobody trusts it any more
        var newer = new TrustedIssuers(issuer, []);
        good.Keep("token", who, EmbeddedIssuer.Name, (await newer.RulesFor(EmbeddedIssuer.Name, default))!, machine.Now.AddMinutes(1).UtcDateTime);
        Assert.Same(who, await good.Find("token", newer, default)); // checked under other rules, and kept under them
        Assert.Null(await good.Find("token", trusted, default));
        good.Keep("token", who, EmbeddedIssuer.Name, rules, machine.Now.AddMinutes(1).UtcDateTime);
        machine.Now += TimeSpan.FromMinutes(1) + rules.ClockSkew - TimeSpan.FromSeconds(1);
        Assert.Same(who, await good.Find("token", trusted, default));
        machine.Now += TimeSpan.FromSeconds(1);
        Assert.Null(await good.Find("token", trusted, default));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = TimeProvider.System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
