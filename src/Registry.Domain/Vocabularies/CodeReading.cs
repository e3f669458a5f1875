using Registry.Domain.Kernel;

namespace Registry.Domain.Vocabularies;

/// <summary>Turns the codes of one act into current codes and keeps the pointers of those that no vocabulary holds.</summary>
public sealed class CodeReading(VocabularySet vocabularies)
{
    private readonly List<Refusal> unknown = [];

    /// <summary>Where the codes stand that are read next, before each of their own pointers.</summary>
    public string Within { get; set; } = "";

    public Refusal? Refused => Refusal.Together(unknown);

    public Purpose Purpose(string code, string pointer) => new(Read(vocabularies.Purposes, code, pointer));

    public DataCategory Category(string code, string pointer) => new(Read(vocabularies.DataCategories, code, pointer));

    public Sector Sector(string code, string pointer) => new(Read(vocabularies.Sectors, code, pointer));

    public Territory Territory(string code, string pointer) => new(Read(vocabularies.Territories, code, pointer));

    public string LegalBasis(string code, string pointer) => Read(vocabularies.LegalBases, code, pointer);

    public static IReadOnlyList<T> Each<T>(IEnumerable<string>? codes, string pointer, Func<string, string, T> read) =>
        [.. (codes ?? []).Select((code, index) => read(code, $"{pointer}/{index}")).Distinct()];

    public void Refuse(Refusal refusal) => unknown.Add(refusal with { Pointer = Within + refusal.Pointer });

    private string Read(Vocabulary vocabulary, string code, string pointer)
    {
        if (vocabulary.Current(code) is { } current) return current;
        unknown.Add(new Refusal("unknown-code", RefusalKind.Rule, Within + pointer, code, vocabulary.Name));
        return code;
    }
}
