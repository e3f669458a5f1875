using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Terms;

/// <summary>Every effective term that a platform is under, in a sector and a place, for a status, on a day.</summary>
public sealed record ReadTerms(string Sector, string Territory, Guid? Platform, WorkStatus Status, DateOnly? On, DateTimeOffset? KnownAt) : IRequest<Reply<TermsRead>>;

/// <summary>What holds of one category for one purpose.</summary>
public sealed record EffectiveTermView(
    string Category, string Purpose, Verdict Decision, string? MaxRetention, string? MinRetention, IReadOnlyList<string> Recipients, IReadOnlyList<string> Safeguards, int? MinGroup,
    Generalisation? Generalisation, IReadOnlyList<string> LegalBases, IReadOnlyList<Obligation> Obligations, string Rule, Bilingual Explanation, IReadOnlyList<Warning> Warnings,
    IReadOnlyList<ReasonView> Sources);

/// <param name="Position">Of the last event that changed any of it.</param>
public sealed record TermsView(IReadOnlyList<EffectiveTermView> Items, DateOnly AsOf, long Position)
{
    private WrittenJson? written;

    [JsonIgnore]
    public WrittenJson Written => written ??= new WrittenJson(this);
}

/// <param name="Terms">What is answered.</param>
/// <param name="ReadTo">How far the node had read that answered.</param>
public sealed record TermsRead(TermsView Terms, long ReadTo);

public sealed class ReadTermsHandler(FreshTerms fresh, TermsThen then, Deciding deciding, Law law) : IRequestHandler<ReadTerms, Reply<TermsRead>>
{
    /// <summary>One view for a sheet, for as long as the sheet is kept at hand.</summary>
    private static readonly ConditionalWeakTable<Sheet, TermsView> Views = [];

    public async Task<Reply<TermsRead>> Handle(ReadTerms q, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        if (deciding.NotSettled(q.KnownAt) is { } early) codes.Refuse(early.At("?knownAt"));
        var (sector, territory) = (codes.Sector(q.Sector, "?sector"), codes.Territory(q.Territory, "?territory"));
        if (codes.Refused is { } refused) return refused;
        var on = deciding.Day(q.On, q.KnownAt, territory);
        var now = await fresh.Now(ct);
        var terms = deciding.IsPast(on, q.KnownAt, territory) ? await then.Of(q.Platform, sector, territory, on, q.KnownAt, new PastRead(), ct) : now.Terms;
        var sheet = terms.SheetOf(q.Platform is { } platform ? new OrganisationId(platform) : null, sector.Code, territory.Code, q.Status, on);
        return new TermsRead(Views.GetValue(sheet, s => View(s, q, sector, territory, on)), now.Told);
    }

    private TermsView View(Sheet sheet, ReadTerms q, Sector sector, Territory territory, DateOnly on)
    {
        Question Asking(DataCategory category, Purpose purpose) =>
            new(new OrganisationId(q.Platform ?? Guid.Empty), sector, territory, q.Status, category, purpose, null, null, null, on);
        return new TermsView([.. sheet.Everything(Asking).Select(term => View(term.Answer, Asking(term.Category, term.Purpose)))], on, sheet.Changed);
    }

    private EffectiveTermView View(Answer answer, Question question) => new(
        question.Category.Code, question.Purpose.Code, answer.Verdict, answer.MaxRetention?.Text, answer.MinRetention?.Text, answer.Recipients, answer.Safeguards, answer.MinGroup,
        answer.Generalisation, answer.LegalBases, answer.Obligations, answer.Rule, Explained.Sentence(answer, question, law.Codes), answer.Warnings,
        Explained.Reasons(answer.Because));
}
