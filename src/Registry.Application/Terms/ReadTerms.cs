using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Terms;

/// <summary>Every effective term that a platform is under, in a sector and a place, for a status, on a day.</summary>
public sealed record ReadTerms(string Sector, string Territory, Guid? Platform, WorkStatus Status, DateOnly? On) : IRequest<Reply<TermsView>>;

public sealed record EffectiveTermView(string Category, string Purpose, DecisionView Effective, IReadOnlyList<ReasonView> Sources);

public sealed record TermsView(IReadOnlyList<EffectiveTermView> Items, DateOnly AsOf, long Position);

public sealed class ReadTermsHandler(AgreementsInForce inForce, Law law, LegalTime clock) : IRequestHandler<ReadTerms, Reply<TermsView>>
{
    public async Task<Reply<TermsView>> Handle(ReadTerms q, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var (sector, territory) = (codes.Sector(q.Sector, "?sector"), codes.Territory(q.Territory, "?territory"));
        if (codes.Refused is { } refused) return refused;
        var on = q.On ?? clock.Today(territory.Country);
        var asked = new Question(new OrganisationId(q.Platform ?? Guid.Empty), sector, territory, q.Status, default, default, null, null, null, on);
        var (agreements, position) = await inForce.For(asked, ct);
        // Without a platform the question is what the texts say, whoever they bind.
        var considered = q.Platform is null ? [.. agreements.Select(a => a with { Binds = true })] : agreements;
        var items = considered.SelectMany(a => a.Terms).SelectMany(t => (t.SubPurposes ?? []).Prepend(t.Purpose).Select(purpose => (t.Category, purpose))).Distinct()
            .OrderBy(pair => pair, Comparer<(string, string)>.Create((x, y) => string.CompareOrdinal(x.Item1 + " " + x.Item2, y.Item1 + " " + y.Item2)))
            .Select(pair => Effective(asked with { Category = new(pair.Category), Purpose = new(pair.purpose) }, considered, position));
        return new TermsView([.. items], on, position);
    }

    private EffectiveTermView Effective(Question question, IReadOnlyList<AgreementOnTheDay> agreements, long position)
    {
        var view = Answering.Of(Resolution.Resolve(question, agreements, law.Floors, law.Codes), question, position, law.Codes);
        return new EffectiveTermView(question.Category.Code, question.Purpose.Code, view, view.Because);
    }
}
