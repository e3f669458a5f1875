using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

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

    private readonly TokenValidationParameters? own = embedded is null ? null : Rules(EmbeddedIssuer.Name, EmbeddedIssuer.Audience, [embedded.Key]);

    /// <summary>The rules that a token of this issuer must meet; null for an issuer that nobody trusts.</summary>
    public async Task<TokenValidationParameters?> RulesFor(string issuer, CancellationToken ct)
    {
        if (issuer == EmbeddedIssuer.Name && own is not null) return own;
        if (!known.TryGetValue(issuer.TrimEnd('/'), out var trusted)) return null;
        var metadata = await trusted.Metadata.GetConfigurationAsync(ct);
        return Rules(metadata.Issuer, trusted.Issuer.Audience, metadata.SigningKeys);
    }

    private static TokenValidationParameters Rules(string issuer, string audience, IEnumerable<SecurityKey> keys) => new()
    {
        ValidIssuer = issuer, ValidAudience = audience, IssuerSigningKeys = keys, ClockSkew = TimeSpan.FromSeconds(30), RequireExpirationTime = true,
        ValidAlgorithms = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"],
    };
}

/// <summary>Reads the bearer token of a request. A token without a known role, or an organisation's without its id, is no token.</summary>
public sealed class BearerTokens(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TrustedIssuers issuers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    private static readonly JsonWebTokenHandler Tokens = new() { MapInboundClaims = false };

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        var text = header["Bearer ".Length..].Trim();
        if (IssuerOf(text) is not { } issuer) return AuthenticateResult.Fail("unreadable");
        if (await issuers.RulesFor(issuer, Context.RequestAborted) is not { } rules) return AuthenticateResult.Fail("unknown issuer");
        var result = await Tokens.ValidateTokenAsync(text, rules);
        return result.IsValid && IsComplete(result.ClaimsIdentity)
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(result.ClaimsIdentity), SchemeName))
            : AuthenticateResult.Fail("invalid");
    }

    /// <summary>Who says that they made the token; null where it is none.</summary>
    private static string? IssuerOf(string text)
    {
        try
        {
            return Tokens.CanReadToken(text) ? Tokens.ReadJsonWebToken(text).Issuer : null;
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
