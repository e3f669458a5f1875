using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>What a question is about, with its codes as numbers and everything above them marked.</summary>
internal readonly ref struct Subject(int category, int purpose, string? recipient, VocabularySet codes)
{
    private readonly ReadOnlySpan<bool> categories = codes.DataCategories.MarksAbove(category);
    private readonly ReadOnlySpan<bool> givers = codes.DataCategories.MarksOfGivers(category);
    private readonly ReadOnlySpan<bool> purposes = codes.Purposes.MarksAbove(purpose);

    public int Category { get; } = category;

    public int Purpose { get; } = purpose;

    public string? Recipient { get; } = recipient;

    public bool IsOfCategory(int wider) => categories[wider];

    public bool IsForPurpose(int wider) => purposes[wider];

    /// <summary>A permission of that category comes down to this one.</summary>
    public bool IsGivenBy(int wider) => givers[wider];
}
