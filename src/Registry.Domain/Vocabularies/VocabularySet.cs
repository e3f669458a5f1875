namespace Registry.Domain.Vocabularies;

/// <summary>The five vocabularies that every code of the contract comes from.</summary>
public sealed class VocabularySet(IReadOnlyList<VocabularyFile> files)
{
    public Vocabulary Purposes { get; } = Of("purposes", files);
    public Vocabulary DataCategories { get; } = Of("data-categories", files);
    public Vocabulary Sectors { get; } = Of("sectors", files);
    public Vocabulary Territories { get; } = Of("territories", files);
    public Vocabulary LegalBases { get; } = Of("legal-bases", files);

    public IEnumerable<Vocabulary> All => [Purposes, DataCategories, Sectors, Territories, LegalBases];

    private static Vocabulary Of(string name, IReadOnlyList<VocabularyFile> files) =>
        new(name, [.. files.Where(file => file.Vocabulary == name)]);
}
