using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Registry.EventStore.Leaves;

/// <summary>
/// The leaf of an event: <c>SHA-256(0x00 ‖ entry)</c> (RFC 9162 section 2.1.1), where the entry is the HMAC-SHA-256,
/// under 32 random bytes, of the RFC 8785 form of <c>{at, data, position, stream, type, version}</c>. A leaf reveals
/// nothing to who does not hold its salt.
/// </summary>
public static class Leaf
{
    /// <summary>The length of a salt and of a leaf, in bytes.</summary>
    public const int Size = 32;

    /// <summary>32 random bytes.</summary>
    public static byte[] NewSalt() => RandomNumberGenerator.GetBytes(Size);

    /// <summary>The leaf of one event.</summary>
    /// <param name="salt">32 bytes.</param>
    /// <param name="position">Place in the log, from 1.</param>
    /// <param name="stream">The event's stream.</param>
    /// <param name="version">Version of the stream with this event, from 1.</param>
    /// <param name="type">Stored name of the event.</param>
    /// <param name="at">Recorded instant in whole microseconds; it enters as RFC 3339 in UTC with six decimals.</param>
    /// <param name="data">The event's JSON.</param>
    public static byte[] Of(byte[] salt, long position, Guid stream, long version, string type, DateTimeOffset at, string data) =>
        Of(salt, position, stream, version, type, at, CanonicalJson.Of(data));

    /// <summary>The same of data that is canonical already.</summary>
    internal static byte[] Of(byte[] salt, long position, Guid stream, long version, string type, DateTimeOffset at, byte[] canonical)
    {
        var output = new ArrayBufferWriter<byte>(canonical.Length + 256);
        Ascii(string.Create(CultureInfo.InvariantCulture, $"{{\"at\":\"{at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}\",\"data\":"), output);
        output.Write(canonical);
        Ascii(string.Create(CultureInfo.InvariantCulture, $",\"position\":{position},\"stream\":\"{stream:D}\",\"type\":"), output);
        CanonicalJson.WriteString(type, output);
        Ascii(string.Create(CultureInfo.InvariantCulture, $",\"version\":{version}}}"), output);

        Span<byte> entry = stackalloc byte[1 + Size];
        entry[0] = 0x00;
        HMACSHA256.HashData(salt, output.WrittenSpan, entry[1..]);
        return SHA256.HashData(entry);
    }

    private static void Ascii(string text, ArrayBufferWriter<byte> output) =>
        output.Advance(Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
}
