using System.Security.Cryptography;
using System.Text;
using Registry.EventStore.Streams;

namespace Registry.Application;

/// <summary>Names callers and calls by keyed digests, so that what is kept of a call tells nobody who made it.</summary>
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
        new(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("caller\n" + caller)), named, request.GetHashAndReset());
}
