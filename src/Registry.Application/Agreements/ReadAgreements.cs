using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Agreements;

/// <summary>An agreement on a day (today where none is named), as known now or at an instant.</summary>
public sealed record GetAgreement(Guid Id, DateOnly? On, DateTimeOffset? KnownAt) : IRequest<Reply<AgreementView>>;

public sealed record ListAgreements(string? Sector, string? Territory, Guid? Organisation, AgreementState? State, DateOnly? On, string? Words, PageAsked Page)
    : IRequest<Reply<Page<AgreementView>>>;

public sealed class GetAgreementHandler(Readings readings, AgreementStory story, Law law, LegalTime clock) : IRequestHandler<GetAgreement, Reply<AgreementView>>
{
    public async Task<Reply<AgreementView>> Handle(GetAgreement q, CancellationToken ct)
    {
        if (await readings.Find<AgreementRow>(q.Id, ct) is not { View: { } row } found) return AgreementRefusals.Unknown;
        if (q.KnownAt > clock.Now - AgreementStory.Settling) return AgreementRefusals.NotSettled((int)AgreementStory.Settling.TotalSeconds);
        var country = law.RuleSets[row.Facts.RuleSet].Country;
        var on = q.On ?? (q.KnownAt is { } known ? clock.DayOf(known, country) : clock.Today(country));
        // Every act was recorded by today and is of that day or before, so that today's facts are those of any later day.
        if (q.KnownAt is null && on >= clock.Today(country)) return found.As(view => view.Facts.On(on));
        var facts = AgreementStory.Facts(await story.Of(q.Id, ct), on, q.KnownAt);
        return facts is null ? AgreementRefusals.Unknown : found.As(_ => facts.On(on));
    }
}

public sealed class ListAgreementsHandler(Readings readings, AgreementStory story, Law law, LegalTime clock) : IRequestHandler<ListAgreements, Reply<Page<AgreementView>>>
{
    private const int Step = 200;
    private const int MostExamined = 2_000;

    public async Task<Reply<Page<AgreementView>>> Handle(ListAgreements q, CancellationToken ct)
    {
        var search = new AgreementSearch(law.Codes);
        var past = q.On < clock.Today("EU");
        var asked = search.Query(q, past);
        if (search.Refused is { } refused) return refused;
        var effectOn = LegalDates.Text(q.On ?? clock.Today("EU"));
        var (items, step) = (new List<AgreementView>(), q.Page with { Limit = Math.Min(q.Page.Limit + 1, Step) });
        var (next, examined) = ((string?)"", 0);
        while (next is not null && items.Count <= q.Page.Limit && examined < MostExamined)
        {
            (var rows, next) = await readings.Page<AgreementRow>("search", [asked, past ? "any" : SearchWords.EffectOf(q.State), effectOn], step, ct);
            examined += rows.Count;
            items.AddRange((await OnTheDay(rows, q.On, past, ct)).Where(view => q.State is null || view.State == q.State));
            step = step with { After = next, Limit = Step };
        }
        return items.Count > q.Page.Limit
            ? new Page<AgreementView>(items[..q.Page.Limit], items[q.Page.Limit - 1].Id.ToString())
            : new Page<AgreementView>(items, next); // more may stand behind what was examined: a page may be short
    }

    private async Task<IEnumerable<AgreementView>> OnTheDay(List<Reply<AgreementRow>> rows, DateOnly? on, bool past, CancellationToken ct)
    {
        if (!past) return rows.Select(r => r.View!.Facts.On(on ?? clock.Today(law.RuleSets[r.View.Facts.RuleSet].Country)));
        var stories = await story.Of([.. rows.Select(r => r.View!.Id)], ct);
        return rows.Select(r => AgreementStory.Facts(stories[r.View!.Id], on!.Value, null)?.On(on.Value)).OfType<AgreementView>();
    }
}

/// <summary>Turns what is asked of a list into one query over words and codes: each part must be met, by any of its alternatives.</summary>
internal sealed class AgreementSearch(VocabularySet codes)
{
    private const int MostWords = 10;
    private const int ShortestWord = 3;

    private readonly CodeReading reading = new(codes);

    public Refusal? Refused => reading.Refused;

    /// <summary>Empty where no word and no code narrows the list.</summary>
    public string Query(ListAgreements q, bool past)
    {
        var parts = new List<IEnumerable<string>>();
        // A sector or a place finds what stands in it and below it.
        if (q.Sector is { } sector) parts.Add(Below(SearchWords.Sector, codes.Sectors, reading.Sector(sector, "?sector").Code));
        if (q.Territory is { } territory) parts.Add(Below(SearchWords.Territory, codes.Territories, reading.Territory(territory, "?territory").Code));
        if (q.Organisation is { } organisation) parts.Add([SearchWords.Code(SearchWords.Organisation, organisation.ToString())]);
        if (q.State is { } state && !past && SearchWords.StagesOf(state) is { Count: > 0 } stages) parts.Add(stages.Select(stage => SearchWords.Code(SearchWords.Stage, stage)));
        foreach (var word in SearchWords.In(q.Words ?? "").Where(w => w.Length >= ShortestWord).Take(MostWords)) parts.Add(Named(Stem(word)));
        return string.Join(" & ", parts.Select(any => $"({string.Join(" | ", any)})"));
    }

    private static IEnumerable<string> Below(char of, Vocabulary vocabulary, string code) =>
        vocabulary.Codes.Where(c => vocabulary.Covers(code, c)).DefaultIfEmpty(code).Select(c => SearchWords.Code(of, c));

    /// <summary>A word of the title, or of the French or English name of a category or purpose that the terms name.</summary>
    private IEnumerable<string> Named(string stem) => codes.DataCategories.Entries.Concat(codes.Purposes.Entries)
        .Where(entry => SearchWords.In(entry.Label.En).Concat(SearchWords.In(entry.Label.Fr)).Any(word => word.StartsWith(stem, StringComparison.Ordinal)))
        .Select(entry => SearchWords.Code(SearchWords.Term, entry.Code)).Prepend($"{SearchWords.Title}{stem}:*");

    /// <summary>The plural finds the singular.</summary>
    private static string Stem(string word) => word.Length > ShortestWord + 1 && word[^1] is 's' or 'x' ? word[..^1] : word;
}
