using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Registry.EventStore.Leaves;

/// <summary>
/// JSON in the canonical form of RFC 8785 (JCS) for what the registry stores: objects, arrays, strings, booleans, null
/// and integers up to 2^53. A fraction or an exponent is refused, so that no two programs can print a number differently.
/// </summary>
public static class CanonicalJson
{
    /// <summary>The canonical bytes of a JSON text.</summary>
    /// <exception cref="FormatException">A number is no integer within 2^53.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static byte[] Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    /// <summary>The canonical bytes of a JSON value.</summary>
    public static byte[] Of(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(value, output);
        return output.WrittenSpan.ToArray();
    }

    internal static void Write(JsonElement value, ArrayBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, output);
                break;
            case JsonValueKind.Array:
                WriteArray(value, output);
                break;
            case JsonValueKind.String:
                WriteString(value.GetString()!, output);
                break;
            case JsonValueKind.Number:
                WriteInteger(value, output);
                break;
            default:
                output.Write(value.ValueKind switch { JsonValueKind.True => "true"u8, JsonValueKind.False => "false"u8, _ => "null"u8 });
                break;
        }
    }

    private static void WriteObject(JsonElement value, ArrayBufferWriter<byte> output)
    {
        var properties = new List<(string Name, JsonElement Value)>();
        foreach (var property in value.EnumerateObject()) properties.Add((property.Name, property.Value));
        // RFC 8785 section 3.2.3: names in the order of their UTF-16 code units, which is what ordinal comparison does.
        properties.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
        output.Write("{"u8);
        for (var i = 0; i < properties.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            WriteString(properties[i].Name, output);
            output.Write(":"u8);
            Write(properties[i].Value, output);
        }
        output.Write("}"u8);
    }

    private static void WriteArray(JsonElement value, ArrayBufferWriter<byte> output)
    {
        output.Write("["u8);
        var first = true;
        foreach (var item in value.EnumerateArray())
        {
            if (!first) output.Write(","u8);
            Write(item, output);
            first = false;
        }
        output.Write("]"u8);
    }

    private static void WriteInteger(JsonElement value, ArrayBufferWriter<byte> output)
    {
        if (!value.TryGetInt64(out var number) || Math.Abs(number) > 1L << 53) throw new FormatException($"{value.GetRawText()} is no integer within 2^53");
        number.TryFormat(output.GetSpan(20), out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    /// <summary>Only what JSON must escape is escaped (RFC 8785 section 3.2.2.2).</summary>
    internal static void WriteString(string text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] >= ' ' && text[i] is not ('"' or '\\')) continue;
            WriteUtf8(text.AsSpan(start, i - start), output);
            output.Write(Encoding.ASCII.GetBytes(Escape(text[i])));
            start = i + 1;
        }
        WriteUtf8(text.AsSpan(start), output);
        output.Write("\""u8);
    }

    private static void WriteUtf8(ReadOnlySpan<char> text, ArrayBufferWriter<byte> output)
    {
        if (!text.IsEmpty) output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => $"\\u{(int)c:x4}",
    };
}
