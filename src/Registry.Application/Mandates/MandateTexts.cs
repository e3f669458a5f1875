using System.Security.Cryptography;
using System.Text;
using MediatR;
using Registry.Domain.Mandates;
using Registry.Domain.RuleSets;

namespace Registry.Application.Mandates;

public sealed record ListMandateTexts(string? Language) : IRequest<Reply<Page<MandateTextView>>>;

/// <param name="Sha256">Of the title, an empty line and the text, in UTF-8: what a mandate under it keeps.</param>
public sealed record MandateTextView(string Version, string Language, DateOnly From, string Title, string Text, IReadOnlyList<string> Consents, string Sha256);

public sealed class ListMandateTextsHandler(Law law) : IRequestHandler<ListMandateTexts, Reply<Page<MandateTextView>>>
{
    public Task<Reply<Page<MandateTextView>>> Handle(ListMandateTexts q, CancellationToken ct) => Task.FromResult<Reply<Page<MandateTextView>>>(new Page<MandateTextView>(
        [.. law.MandateTexts.Where(t => q.Language is null || t.Language == q.Language).Select(t => new MandateTextView(t.Version, t.Language, t.From, t.Title, t.Text, t.Consents, MandateTexts.HashOf(t)))], null));
}

/// <summary>The words that a member signs.</summary>
internal static class MandateTexts
{
    /// <summary>The text of a language as it is signed on a day; null where there is none of that version.</summary>
    public static MandateText? InForce(Law law, string language, string? version, DateOnly today) =>
        law.MandateTexts.Where(t => t.Language == language && t.From <= today && (version is null || t.Version == version)).MaxBy(t => t.From);

    public static string HashOf(MandateText text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{text.Title}\n\n{text.Text}")));
}
