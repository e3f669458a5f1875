using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Registry.Api.Tests.Http;

/// <summary>A small OIDC issuer on loopback: discovery, keys, and tokens under its key.</summary>
internal sealed class OidcIssuer
{
    private readonly ECDsaSecurityKey key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "k1" };

    public OidcIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Authority, jwks_uri = Authority + "/keys" }));
        app.MapGet("/keys", () => Results.Json(new { keys = new[] { Public() } }));
        app.StartAsync().GetAwaiter().GetResult();
        Authority = app.Urls.First();
    }

    public string Authority { get; }

    public string Token(string audience, string role, string subject, TimeSpan lasts) => Signed(audience, role, subject, lasts, new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256));

    /// <summary>The published key taken for the secret of an HMAC.</summary>
    public string SignedWithWhatIsPublished(string role, string subject) => Signed("the-registry", role, subject, TimeSpan.FromMinutes(5), new SigningCredentials(
        new SymmetricSecurityKey(key.ECDsa.ExportSubjectPublicKeyInfo()) { KeyId = key.KeyId }, SecurityAlgorithms.HmacSha256));

    public string SignedBy(SecurityKey other, string role, string subject) => Signed("the-registry", role, subject, TimeSpan.FromMinutes(5), new SigningCredentials(other, SecurityAlgorithms.HmacSha256));

    public string Unsigned(string role, string subject) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Authority, Audience = "the-registry", Claims = new Dictionary<string, object> { ["role"] = role, ["sub"] = subject },
    });

    private string Signed(string audience, string role, string subject, TimeSpan lasts, SigningCredentials by) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Authority, Audience = audience, Expires = TimeProvider.System.GetUtcNow().Add(lasts).UtcDateTime, Claims = new Dictionary<string, object> { ["role"] = role, ["sub"] = subject },
        SigningCredentials = by,
    });

    private object Public()
    {
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(key);
        return new { kty = jwk.Kty, crv = jwk.Crv, x = jwk.X, y = jwk.Y, kid = key.KeyId, use = "sig", alg = "ES256" };
    }
}
