using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Registry.Domain.Kernel;

namespace Registry.Api.Security;

/// <summary>An OIDC issuer that production trusts.</summary>
public sealed record TrustedIssuer
{
    public required string Authority { get; init; }

    public required string Audience { get; init; }
}

/// <summary>Whose tokens are believed: the embedded issuer's in an evaluation instance, the configured ones' elsewhere.</summary>
public sealed class TrustedIssuers(EmbeddedIssuer? embedded, IReadOnlyList<TrustedIssuer> configured)
{
    private readonly Dictionary<string, (TrustedIssuer Issuer, ConfigurationManager<OpenIdConnectConfiguration> Metadata)> known = configured.ToDictionary(
        issuer => issuer.Authority.TrimEnd('/'),
        issuer => (issuer, new ConfigurationManager<OpenIdConnectConfiguration>(
            issuer.Authority.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever { RequireHttps = !new Uri(issuer.Authority).IsLoopback })));

    private readonly TokenValidationParameters? own = embedded is null ? null : Rules(EmbeddedIssuer.Name, EmbeddedIssuer.Audience, [embedded.Key], ["HS256"]);
    private readonly ConditionalWeakTable<OpenIdConnectConfiguration, TokenValidationParameters> made = [];

    /// <summary>The rules that a token of this issuer must meet, the same object for as long as its keys are the same; null for an issuer that nobody trusts.</summary>
    public ValueTask<TokenValidationParameters?> RulesFor(string issuer, CancellationToken ct) =>
        issuer == EmbeddedIssuer.Name && own is not null ? new(own)
        : known.TryGetValue(issuer.TrimEnd('/'), out var trusted) ? new(RulesOf(trusted, ct))
        : new((TokenValidationParameters?)null);

    private async Task<TokenValidationParameters?> RulesOf((TrustedIssuer Issuer, ConfigurationManager<OpenIdConnectConfiguration> Metadata) trusted, CancellationToken ct)
    {
        var metadata = await trusted.Metadata.GetConfigurationAsync(ct);
        return made.GetValue(metadata, known => Rules(known.Issuer, trusted.Issuer.Audience, known.SigningKeys, Asymmetric));
    }

    /// <summary>An issuer elsewhere publishes its keys: no published key may serve as the secret of an HMAC (RFC 8725 section 2.1).</summary>
    private static readonly string[] Asymmetric = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];

    private static TokenValidationParameters Rules(string issuer, string audience, IEnumerable<SecurityKey> keys, IEnumerable<string> algorithms) => new()
    {
        ValidIssuer = issuer, ValidAudience = audience, IssuerSigningKeys = keys, ClockSkew = TimeSpan.FromSeconds(30), RequireExpirationTime = true, ValidAlgorithms = algorithms,
    };
}

/// <summary>
/// Tokens whose signature was found good lately. The same bytes under the same keys are good again until they expire; what
/// is kept is a digest, never the token.
/// </summary>
public sealed class GoodTokens(TimeProvider machine)
{
    /// <summary>How many are kept, in each of two generations.</summary>
    private const int Most = 50_000;

    private readonly Recent<UInt128, Good> kept = new(Most, _ => 1);

    private sealed record Good(ClaimsPrincipal Who, string Issuer, TokenValidationParameters Rules, DateTimeOffset Until);

    /// <summary>Who it speaks for; null where it must be checked, or checked again.</summary>
    public async ValueTask<ClaimsPrincipal?> Find(string token, TrustedIssuers issuers, CancellationToken ct) =>
        kept.Find(Digest(token)) is { } good && machine.GetUtcNow() < good.Until && ReferenceEquals(await issuers.RulesFor(good.Issuer, ct), good.Rules) ? good.Who : null;

    public void Keep(string token, ClaimsPrincipal who, string issuer, TokenValidationParameters rules, DateTime expires) =>
        kept.Keep(Digest(token), new Good(who, issuer, rules, new DateTimeOffset(expires, TimeSpan.Zero) + rules.ClockSkew));

    private static UInt128 Digest(string token)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(token.AsSpan()), digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}

/// <summary>Reads the bearer token of a request. A token without a known role, or an organisation's without its id, is no token.</summary>
public sealed class BearerTokens(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TrustedIssuers issuers, GoodTokens good)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    private static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = false };

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        var text = header["Bearer ".Length..].Trim();
        if (await good.Find(text, issuers, Context.RequestAborted) is { } known) return Is(known);
        if (Read(text) is not { Issuer: { Length: > 0 } issuer } token) return AuthenticateResult.Fail("unreadable");
        if (await issuers.RulesFor(issuer, Context.RequestAborted) is not { } rules) return AuthenticateResult.Fail("unknown issuer");
        var result = await Tokens.ValidateTokenAsync(token, rules);
        if (!result.IsValid || !IsComplete(result.ClaimsIdentity)) return AuthenticateResult.Fail("invalid");
        var who = new CallingPrincipal(new CaseSensitiveClaimsIdentity(result.ClaimsIdentity.Claims, SchemeName)); // the validator's own holds the token
        good.Keep(text, who, issuer, rules, token.ValidTo);
        return Is(who);
    }

    private static AuthenticateResult Is(ClaimsPrincipal who) => AuthenticateResult.Success(new AuthenticationTicket(who, SchemeName));

    /// <summary>Null where it is none. Nothing in it is believed yet.</summary>
    private static JsonWebToken? Read(string text)
    {
        try
        {
            return Tokens.CanReadToken(text) ? Tokens.ReadJsonWebToken(text) : null;
        }
        catch (Exception error) when (error is ArgumentException or SecurityTokenException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static bool IsComplete(ClaimsIdentity identity) => identity.FindFirst("role")?.Value switch
    {
        Roles.Operator => true,
        Roles.Member => identity.FindFirst("sub")?.Value is { Length: > 0 and <= 200 },
        Roles.Union or Roles.Platform or Roles.Authority or Roles.Auditor => Guid.TryParse(identity.FindFirst("org")?.Value, out _),
        _ => false,
    };
}
