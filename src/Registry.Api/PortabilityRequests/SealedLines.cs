using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Registry.Application.PortabilityRequests;

namespace Registry.Api.PortabilityRequests;

/// <summary>
/// What names people in a line, encrypted to the key that the platform published: a JWE in compact form (RFC 7516), RSA-OAEP or
/// ECDH-ES+A256KW with A256CBC-HS512. Without a key it stands as it is.
/// </summary>
internal static class SealedLines
{
    private static readonly JsonWebTokenHandler Tokens = new();

    public static IReadOnlyList<LineView> All(IReadOnlyList<LineView> lines, string? key) => key is null ? lines : [.. lines.Select(Sealing(key))];

    public static async IAsyncEnumerable<LineView> Each(IAsyncEnumerable<LineView> lines, string? key)
    {
        var seal = key is null ? null : Sealing(key);
        await foreach (var line in lines) yield return seal is null ? line : seal(line);
    }

    private static Func<LineView, LineView> Sealing(string jwk)
    {
        var key = new JsonWebKey(jwk);
        return line => line.AccountId is null && line.IdentityAnswer is null ? line : line with
        {
            AccountId = null, IdentityAnswer = null, Identifier = Tokens.EncryptToken(JsonSerializer.Serialize(new { accountId = line.AccountId, identityAnswer = line.IdentityAnswer }), Credentials(key)),
        };
    }

    private static EncryptingCredentials Credentials(JsonWebKey key)
    {
        if (key.Kty == JsonWebAlgorithmsKeyTypes.RSA) return new EncryptingCredentials(key, SecurityAlgorithms.RsaOAEP, SecurityAlgorithms.Aes256CbcHmacSha512);
        var curve = key.Crv switch { "P-384" => System.Security.Cryptography.ECCurve.NamedCurves.nistP384, "P-521" => System.Security.Cryptography.ECCurve.NamedCurves.nistP521, _ => System.Security.Cryptography.ECCurve.NamedCurves.nistP256 };
        var once = new ECDsaSecurityKey(System.Security.Cryptography.ECDsa.Create(curve)); // RFC 7518 section 4.6: a key of one message
        return new EncryptingCredentials(once, SecurityAlgorithms.EcdhEsA256kw, SecurityAlgorithms.Aes256CbcHmacSha512) { KeyExchangePublicKey = key };
    }
}
