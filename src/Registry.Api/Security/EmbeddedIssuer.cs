using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Registry.Application.Instance;

namespace Registry.Api.Security;

/// <summary>The issuer of an evaluation instance: ES256 under a key in the data folder. Its clock is the machine's.</summary>
public sealed class EmbeddedIssuer : IDisposable
{
    public const string Name = "registry";
    public const string Audience = "registry";
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly ECDsa key = ECDsa.Create();
    private readonly TimeProvider machine;

    public EmbeddedIssuer(DataFolder data, TimeProvider machine)
    {
        this.machine = machine;
        key.ImportFromPem(data.Secret("issuer", MakeKey));
        Key = new ECDsaSecurityKey(key) { KeyId = "embedded" };
    }

    /// <summary>One object for the life of the process: what is prepared for a key is kept by the object.</summary>
    public SecurityKey Key { get; }

    public string Token(string role, string? org, string? sub)
    {
        var now = machine.GetUtcNow();
        var claims = new Dictionary<string, object> { ["role"] = role };
        if (org is not null) claims["org"] = org;
        if (sub is not null) claims["sub"] = sub;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Name, Audience = Audience, IssuedAt = now.UtcDateTime, Expires = now.Add(Lifetime).UtcDateTime, Claims = claims,
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
        });
    }

    public void Dispose() => key.Dispose();

    private static string MakeKey()
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return made.ExportPkcs8PrivateKeyPem();
    }
}
