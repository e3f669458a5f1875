using MediatR;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Organisations;

public sealed record ListRepresentativeness(string? Sector, string? Territory, DateOnly? On) : IRequest<Reply<Page<RepresentativenessView>>>;

public sealed class ListRepresentativenessHandler(Readings readings, Law law, LegalTime clock)
    : IRequestHandler<ListRepresentativeness, Reply<Page<RepresentativenessView>>>
{
    public async Task<Reply<Page<RepresentativenessView>>> Handle(ListRepresentativeness q, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var sector = q.Sector is null ? (Sector?)null : codes.Sector(q.Sector, "?sector");
        var territory = q.Territory is null ? (Territory?)null : codes.Territory(q.Territory, "?territory");
        if (codes.Refused is { } refused) return refused;
        var day = q.On ?? clock.Today(territory?.Country ?? "EU");
        var rows = await readings.Query<RepresentativenessView>("measured", [LegalDates.Text(day)], ct);
        return new Page<RepresentativenessView>(
            [.. rows.Select(r => r.View!).Where(v => (sector is null || v.Sector == sector.Value.Code) && (territory is null || v.Territory == territory.Value.Code))
                .DistinctBy(v => (v.Sector, v.Territory, v.Side, v.RuleSet))], null);
    }
}
