using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Agreements;

/// <summary>An agreement on a day; today where none is named.</summary>
public sealed record GetAgreement(Guid Id, DateOnly? On) : IRequest<Reply<AgreementView>>;

public sealed record ListAgreements(string? Sector, string? Territory, Guid? Organisation, string? State, DateOnly? On, PageAsked Page)
    : IRequest<Reply<Page<AgreementView>>>;

public sealed class GetAgreementHandler(Readings readings, Law law, LegalTime clock) : IRequestHandler<GetAgreement, Reply<AgreementView>>
{
    public async Task<Reply<AgreementView>> Handle(GetAgreement q, CancellationToken ct) =>
        await readings.Find<AgreementView>(q.Id, ct) is { } found
            ? found.As(view => view.On(q.On ?? clock.Today(law.RuleSets[view.RuleSet].Country)))
            : AgreementRefusals.Unknown;
}

public sealed class ListAgreementsHandler(Readings readings, Law law, LegalTime clock) : IRequestHandler<ListAgreements, Reply<Page<AgreementView>>>
{
    public async Task<Reply<Page<AgreementView>>> Handle(ListAgreements q, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var sector = q.Sector is null ? null : codes.Sector(q.Sector, "?sector").Code;
        var territory = q.Territory is null ? null : codes.Territory(q.Territory, "?territory").Code;
        if (codes.Refused is { } refused) return refused;
        var items = new List<AgreementView>();
        var (asked, next) = (q.Page with { Limit = 200 }, (string?)"");
        while (next is not null && items.Count <= q.Page.Limit)
        {
            (var rows, next) = await readings.Page<AgreementView>("page", [], asked, ct);
            items.AddRange(rows.Select(r => r.View!.On(q.On ?? clock.Today(law.RuleSets[r.View!.RuleSet].Country))).Where(view => Matches(view, q, sector, territory)));
            asked = asked with { After = next };
        }
        return items.Count > q.Page.Limit
            ? new Page<AgreementView>(items[..q.Page.Limit], items[q.Page.Limit - 1].Id.ToString())
            : new Page<AgreementView>(items, null);
    }

    /// <summary>A sector or a place finds what stands in it and below it.</summary>
    private bool Matches(AgreementView view, ListAgreements q, string? sector, string? territory) =>
        (sector is null || view.Scope.Sectors.Any(s => law.Codes.Sectors.Covers(sector, s)))
        && (territory is null || view.Scope.Territories.Any(t => law.Codes.Territories.Covers(territory, t)))
        && (q.Organisation is null || view.Parties.Any(p => p.Organisation == q.Organisation))
        && (q.State is null || view.State == q.State);
}
