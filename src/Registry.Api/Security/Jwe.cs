using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace Registry.Api.Security;

/// <summary>
/// A text encrypted to somebody's public key: JWE in compact form (RFC 7516) with A256GCM, its key by RSA-OAEP-256 or ECDH-ES
/// (RFC 7518). The library at hand writes neither A256GCM nor an ECDH-ES that it reads again.
/// </summary>
public static class Jwe
{
    private const int KeySize = 32, NonceSize = 12, TagSize = 16, SmallestRsa = 2048;

    public static string Encrypt(JsonWebKey to, string text) => to.Kty == JsonWebAlgorithmsKeyTypes.RSA ? ByRsa(to, text) : ByAgreement(to, text);

    /// <summary>An RSA key of 2048 bits or more, or a point on one of the curves P-256, P-384 and P-521.</summary>
    public static bool CanUse(JsonWebKey key)
    {
        if (key.Kty == JsonWebAlgorithmsKeyTypes.RSA)
        {
            using var rsa = Rsa(key);
            return rsa.KeySize >= SmallestRsa;
        }
        if (key.Kty != JsonWebAlgorithmsKeyTypes.EllipticCurve || key.Crv is not ("P-256" or "P-384" or "P-521")) return false;
        using var point = Point(key);
        return true;
    }

    /// <summary>The Concat KDF of RFC 7518 section 4.6.2, for keys of up to 256 bits.</summary>
    public static byte[] Derive(byte[] agreed, string algorithm, byte[] partyU, byte[] partyV, int size)
    {
        using var input = new MemoryStream();
        void Number(int number)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, number);
            input.Write(bytes);
        }
        Number(1);
        input.Write(agreed);
        foreach (var part in new[] { Encoding.ASCII.GetBytes(algorithm), partyU, partyV })
        {
            Number(part.Length);
            input.Write(part);
        }
        Number(size * 8);
        return SHA256.HashData(input.ToArray())[..size];
    }

    private static string ByRsa(JsonWebKey to, string text)
    {
        using var rsa = Rsa(to);
        var key = RandomNumberGenerator.GetBytes(KeySize);
        return Compact(new JsonObject { ["alg"] = "RSA-OAEP-256", ["enc"] = "A256GCM", ["kid"] = to.Kid }, rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256), key, text);
    }

    /// <summary>Each message has a key of its own.</summary>
    private static string ByAgreement(JsonWebKey to, string text)
    {
        using var once = ECDiffieHellman.Create(Curve(to));
        using var theirs = Point(to);
        var point = once.ExportParameters(false).Q;
        var header = new JsonObject
        {
            ["alg"] = "ECDH-ES", ["enc"] = "A256GCM", ["kid"] = to.Kid,
            ["epk"] = new JsonObject { ["kty"] = "EC", ["crv"] = to.Crv, ["x"] = Base64UrlEncoder.Encode(point.X), ["y"] = Base64UrlEncoder.Encode(point.Y) },
        };
        return Compact(header, [], Derive(once.DeriveRawSecretAgreement(theirs.PublicKey), "A256GCM", [], [], KeySize), text);
    }

    private static RSA Rsa(JsonWebKey key) => RSA.Create(new RSAParameters { Modulus = Base64UrlEncoder.DecodeBytes(key.N), Exponent = Base64UrlEncoder.DecodeBytes(key.E) });

    private static ECDiffieHellman Point(JsonWebKey key) =>
        ECDiffieHellman.Create(new ECParameters { Curve = Curve(key), Q = new ECPoint { X = Base64UrlEncoder.DecodeBytes(key.X), Y = Base64UrlEncoder.DecodeBytes(key.Y) } });

    private static ECCurve Curve(JsonWebKey key) => key.Crv switch { "P-384" => ECCurve.NamedCurves.nistP384, "P-521" => ECCurve.NamedCurves.nistP521, _ => ECCurve.NamedCurves.nistP256 };

    private static string Compact(JsonObject header, byte[] wrapped, byte[] key, string text)
    {
        if (header["kid"] is null) header.Remove("kid");
        var head = Base64UrlEncoder.Encode(header.ToJsonString());
        var (nonce, plain) = (RandomNumberGenerator.GetBytes(NonceSize), Encoding.UTF8.GetBytes(text));
        var (cipher, tag) = (new byte[plain.Length], new byte[TagSize]);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, cipher, tag, Encoding.ASCII.GetBytes(head));
        return string.Join('.', head, Base64UrlEncoder.Encode(wrapped), Base64UrlEncoder.Encode(nonce), Base64UrlEncoder.Encode(cipher), Base64UrlEncoder.Encode(tag));
    }
}
