using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Registry.Application.Terms;

/// <summary>
/// Reads stored views so that the same word is one object in memory: a million clauses name a few hundred codes, durations
/// and lists. The pool itself is forgotten with the reading.
/// </summary>
internal sealed class PooledJson
{
    /// <summary>Longer texts are titles and notes, which no two clauses share.</summary>
    private const int Longest = 60;

    private readonly HashSet<string> words = new(StringComparer.Ordinal);
    private readonly HashSet<string[]> lists = new(new SameWords());
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known;
    private readonly JsonSerializerOptions options;

    public PooledJson()
    {
        known = words.GetAlternateLookup<ReadOnlySpan<char>>();
        options = new JsonSerializerOptions(RegistryJson.Stored);
        options.Converters.Insert(0, new Words(this));
        options.Converters.Insert(0, new Lists(this));
    }

    public T Read<T>(byte[] json) => JsonSerializer.Deserialize<T>(json, options)!;

    private string Word(ref Utf8JsonReader reader)
    {
        var length = reader.HasValueSequence ? int.MaxValue : reader.ValueSpan.Length;
        if (length > Longest) return reader.GetString()!;
        Span<char> word = stackalloc char[Longest];
        word = word[..reader.CopyString(word)];
        if (known.TryGetValue(word, out var pooled)) return pooled;
        known.Add(word);
        return known.TryGetValue(word, out pooled) ? pooled : word.ToString();
    }

    /// <summary>Words of one pool are the same where they are one object.</summary>
    private sealed class SameWords : IEqualityComparer<string[]>
    {
        public bool Equals(string[]? one, string[]? other) => one.AsSpan().SequenceEqual(other);

        public int GetHashCode(string[] list)
        {
            var hash = default(HashCode);
            foreach (var word in list) hash.Add(RuntimeHelpers.GetHashCode(word));
            return hash.ToHashCode();
        }
    }

    private sealed class Words(PooledJson pool) : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.Null ? null : pool.Word(ref reader);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    private sealed class Lists(PooledJson pool) : JsonConverter<IReadOnlyList<string>>
    {
        private readonly List<string> read = [];

        public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            read.Clear();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) read.Add(pool.Word(ref reader));
            var list = read.ToArray();
            if (pool.lists.TryGetValue(list, out var pooled)) return pooled;
            pool.lists.Add(list);
            return list;
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.ToArray(), options);
    }
}
