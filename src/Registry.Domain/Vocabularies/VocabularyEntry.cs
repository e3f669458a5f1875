namespace Registry.Domain.Vocabularies;

/// <summary>A text in the two languages of the registry.</summary>
public sealed record Bilingual(string En, string Fr);

/// <summary>A code that is known and yet refused, with the rule that refuses it.</summary>
public sealed record RefusedCode(string En, string Fr, string Source);

/// <summary>One term of a vocabulary, as its file says it.</summary>
public sealed record VocabularyEntry(string Code, IReadOnlyList<string> Parents, Bilingual Label)
{
    public Bilingual? Explanation { get; init; }
    public string? ReplacedBy { get; init; }
    public bool ExplicitOnly { get; init; }
    public bool Special { get; init; }

    /// <summary>It relates people to each other, so that one file about many is not taken apart.</summary>
    public bool Relational { get; init; }

    public string? Iri { get; init; }
    public IReadOnlyList<string>? Dpv { get; init; }
    public IReadOnlyList<string>? CorrespondsTo { get; init; }
    public string? Article { get; init; }
    public RefusedCode? Refused { get; init; }
}

/// <summary>One file: a scheme's terms with where they come from.</summary>
public sealed record VocabularyFile(
    string Vocabulary, string Scheme, string Version, string Source, string Licence, IReadOnlyList<VocabularyEntry> Terms);
