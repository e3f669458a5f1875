using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Registry.Application;

/// <summary>An answer that keeps its JSON: it is answered as it was written before.</summary>
public interface IWritten
{
    int Length { get; }

    void WriteTo(IBufferWriter<byte> output);
}

/// <summary>JSON that was written once, with its digest.</summary>
public sealed class WrittenJson(object view) : IWritten
{
    private string? tag;

    public byte[] Bytes { get; } = JsonSerializer.SerializeToUtf8Bytes(view, view.GetType(), RegistryJson.Answered);

    public int Length => Bytes.Length;

    /// <summary>Tells its text from another.</summary>
    public string Tag => tag ??= TagOf(Bytes);

    public void WriteTo(IBufferWriter<byte> output) => output.Write(Bytes);

    /// <summary>A strong ETag (RFC 9110 8.8.3): 32 hexadecimal digits of the SHA-256.</summary>
    private static string TagOf(ReadOnlySpan<byte> bytes) => $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"";
}
