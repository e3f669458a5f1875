using System.Security.Cryptography;
using System.Text;
using Registry.EventStore.Streams;

namespace Registry.Application;

/// <summary>Names callers, their keys and their calls by keyed digests: what is kept of a call tells nobody who made it, nor what a key was made of.</summary>
public sealed class CallDigests(byte[] key)
{
    public IdempotencyKey Key(string caller, string named, string method, string path, ReadOnlySpan<byte> body)
    {
        using var request = Request(method, path);
        request.AppendData(body);
        return Key(caller, named, request);
    }

    /// <summary>A request's digest, as its body arrives.</summary>
    public IncrementalHash Request(string method, string path)
    {
        var request = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        request.AppendData(Encoding.UTF8.GetBytes($"{method}\n{path}\n"));
        return request;
    }

    public IdempotencyKey Key(string caller, string named, IncrementalHash request) =>
        new(Digest("caller\n" + caller), Convert.ToHexStringLower(Digest("key\n" + named)), request.GetHashAndReset());

    private byte[] Digest(string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
