using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Registry.Application.Instance;

namespace Registry.Api.Security;

/// <summary>
/// The issuer of an evaluation instance. It is the only one that checks its own tokens, so that one key signs and checks
/// (HS256, RFC 7518 section 3.2); it stands in the data folder. The issuer's clock is the machine's.
/// </summary>
public sealed class EmbeddedIssuer(DataFolder data, TimeProvider machine)
{
    public const string Name = "registry";
    public const string Audience = "registry";
    public const string KeyName = "issuer-key";
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>The least that RFC 7518 allows for HS256, in bytes.</summary>
    private const int KeySize = 32;

    /// <summary>One object for the life of the process: what is prepared for a key is kept by the object.</summary>
    public SecurityKey Key { get; } = new SymmetricSecurityKey(data.Key(KeyName, KeySize)) { KeyId = "embedded" };

    public string Token(string role, string? org, string? sub)
    {
        var now = machine.GetUtcNow();
        var claims = new Dictionary<string, object> { ["role"] = role };
        if (org is not null) claims["org"] = org;
        if (sub is not null) claims["sub"] = sub;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Name, Audience = Audience, IssuedAt = now.UtcDateTime, Expires = now.Add(Lifetime).UtcDateTime, Claims = claims,
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.HmacSha256),
        });
    }
}
