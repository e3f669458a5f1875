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

    private readonly Dictionary<string, string> words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> lists = new(StringComparer.Ordinal);
    private readonly JsonSerializerOptions options;

    public PooledJson()
    {
        options = new JsonSerializerOptions(RegistryJson.Stored);
        options.Converters.Insert(0, new Words(this));
        options.Converters.Insert(0, new Lists(this));
    }

    public T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, options)!;

    private string Pooled(string word)
    {
        if (word.Length > Longest) return word;
        if (words.TryGetValue(word, out var known)) return known;
        words.Add(word, word);
        return word;
    }

    private sealed class Words(PooledJson pool) : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetString() is { } word ? pool.Pooled(word) : null;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    private sealed class Lists(PooledJson pool) : JsonConverter<IReadOnlyList<string>>
    {
        public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var read = new List<string>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) read.Add(pool.Pooled(reader.GetString()!));
            var key = string.Join('\n', read);
            if (pool.lists.TryGetValue(key, out var known)) return known;
            pool.lists.Add(key, read.ToArray());
            return pool.lists[key];
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.ToArray(), options);
    }
}
