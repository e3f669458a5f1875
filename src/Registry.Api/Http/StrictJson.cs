using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Registry.Application;
using Registry.Domain.Kernel;

namespace Registry.Api.Http;

/// <summary>Reads JSON and says exactly what is wrong with it and where: no unknown or doubled member, no text that PostgreSQL cannot keep.</summary>
public static partial class StrictJson
{
    private const int Deepest = 32;

    public static (object? Value, Refusal? Refused) Read(ReadOnlySpan<byte> json, Type type)
    {
        // Nearly every body is right: it is read once, and gone through sign by sign only where something is wrong or may be.
        if (MayHide(json) && Scan(json) is { } hidden) return (null, hidden);
        try
        {
            return JsonSerializer.Deserialize(json, type, RegistryJson.Answered) is { } value ? (value, null) : (null, Refused("invalid-value", ""));
        }
        catch (JsonException error)
        {
            return (null, Scan(json) ?? Explain(error));
        }
    }

    /// <summary>What the reader of records would not notice: an escaped character that PostgreSQL cannot keep, bytes that are no text, or nothing in a list.</summary>
    private static bool MayHide(ReadOnlySpan<byte> json) => json.IndexOf("\\u"u8) >= 0 || !Utf8.IsValid(json) || HoldsNothing(json);

    private static bool HoldsNothing(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf((byte)'[') < 0 || json.IndexOf("null"u8) < 0) return false;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Deepest });
        var lists = 0UL;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartArray) lists |= 1UL << (reader.CurrentDepth + 1);
                else if (reader.TokenType == JsonTokenType.StartObject) lists &= ~(1UL << (reader.CurrentDepth + 1));
                else if (reader.TokenType == JsonTokenType.Null && (lists & (1UL << reader.CurrentDepth)) != 0) return true;
            }
            return false;
        }
        catch (JsonException)
        {
            return true; // broken: the scan says how
        }
    }

    private static Refusal? Scan(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1_000 });
        var path = new JsonPath();
        try
        {
            while (reader.Read())
            {
                if (path.Take(ref reader) is { } code) return Refused(code, path.Pointer);
                if (reader.CurrentDepth >= Deepest) return Refused("too-deep", path.Pointer);
            }
            return null;
        }
        catch (JsonException)
        {
            return Refused("malformed-json", path.Pointer);
        }
        catch (InvalidOperationException)
        {
            return Refused("invalid-text", path.Pointer); // a lone surrogate, or bytes that are no UTF-8
        }
    }

    private static Refusal Explain(JsonException error)
    {
        var pointer = Pointer(error.Path ?? "$");
        if (error.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
        {
            var name = Quoted().Match(error.Message).Groups[1].Value;
            return Refused("unknown-field", pointer.EndsWith("/" + name, StringComparison.Ordinal) ? pointer : $"{pointer}/{name}");
        }
        if (!error.Message.Contains("missing required properties", StringComparison.Ordinal)) return Refused("invalid-value", pointer);
        var names = error.Message[error.Message.IndexOf("including:", StringComparison.Ordinal)..];
        return Refusal.Together(Quoted().Matches(names).Select(m => Refused("missing-field", $"{pointer}/{m.Groups[1].Value}")))!;
    }

    private static Refusal Refused(string code, string pointer) => new(code, RefusalKind.Invalid, pointer);

    /// <summary><c>$.scopes[0].rights</c> is <c>/scopes/0/rights</c>.</summary>
    private static string Pointer(string path) => Step().Replace(path.TrimStart('$'), m => "/" + (m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Success ? m.Groups[2].Value : m.Groups[3].Value));

    [GeneratedRegex(@"'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\.([^.\[]+)|\['([^']*)'\]|\[(\d+)\]")]
    private static partial Regex Step();

    /// <summary>Where a reader is, as an RFC 6901 pointer, with the names that each open object has had.</summary>
    private sealed class JsonPath
    {
        private readonly Stack<Level> open = [];

        private sealed class Level
        {
            public HashSet<string>? Names { get; init; }

            public int Index { get; set; } = -1;

            public string Name { get; set; } = "";
        }

        public string Pointer => string.Concat(open.Reverse().Select(l => "/" + (l.Names is null ? Math.Max(l.Index, 0).ToString(System.Globalization.CultureInfo.InvariantCulture) : Escaped(l.Name))).Where(s => s != "/"));

        public string? Take(ref Utf8JsonReader reader)
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                open.Pop();
                return null;
            }
            if (reader.TokenType is not JsonTokenType.PropertyName && open.TryPeek(out var level) && level.Names is null) level.Index++;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(new Level { Names = new HashSet<string>(StringComparer.Ordinal) });
                    return null;
                case JsonTokenType.StartArray:
                    open.Push(new Level());
                    return null;
                case JsonTokenType.PropertyName:
                    var holder = open.Peek();
                    holder.Name = reader.GetString()!;
                    return holder.Name.Contains('\0', StringComparison.Ordinal) ? "invalid-text" : holder.Names!.Add(holder.Name) ? null : "duplicate-field";
                case JsonTokenType.Null when open.TryPeek(out var list) && list.Names is null:
                    return "invalid-value"; // no list of the contract holds nothing
                case JsonTokenType.String:
                    return reader.GetString()!.Contains('\0', StringComparison.Ordinal) ? "invalid-text" : null;
                default:
                    return null;
            }
        }

        private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }
}
