using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Vocabularies;

/// <summary>A vocabulary with its hierarchy, its sources and its licences.</summary>
public sealed record ReadVocabulary(string Name) : IRequest<Reply<VocabularyView>>;

public sealed record VocabularyView(string Vocabulary, IReadOnlyList<SchemeView> Schemes, IReadOnlyList<VocabularyEntry> Terms);

public sealed record SchemeView(string Scheme, string Version, string Source, string Licence);

public sealed class ReadVocabularyHandler(Law law) : IRequestHandler<ReadVocabulary, Reply<VocabularyView>>
{
    private static readonly Refusal Unknown = new("unknown-vocabulary", RefusalKind.Unknown);

    public Task<Reply<VocabularyView>> Handle(ReadVocabulary q, CancellationToken ct) =>
        Task.FromResult<Reply<VocabularyView>>(law.Codes.All.FirstOrDefault(v => v.Name == q.Name) is { } found
            ? new VocabularyView(found.Name, [.. found.Files.Select(f => new SchemeView(f.Scheme, f.Version, f.Source, f.Licence))], [.. found.Files.SelectMany(f => f.Terms)])
            : Unknown);
}
