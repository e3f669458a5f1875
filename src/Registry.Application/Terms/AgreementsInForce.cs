using Registry.Application.Agreements;
using Registry.Application.Organisations;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;

namespace Registry.Application.Terms;

/// <summary>The agreements that hold on a day, and whether they bind a platform.</summary>
public sealed class AgreementsInForce(Readings readings, Law law)
{
    /// <summary>Those whose scope holds the sector, the place and the status asked about, and the position of the last event that made them so.</summary>
    public async Task<(IReadOnlyList<AgreementOnTheDay> Agreements, long Position)> For(Question question, CancellationToken ct)
    {
        var memberships = await Memberships(question.Platform, ct);
        var standing = (await In(question, ct)).Where(a => a.Scope.Statuses.Contains(question.Status)).ToList();
        var position = standing.Count == 0 ? 0 : await readings.Count<AgreementRow>("last_position", [standing.Select(a => a.Id.Value).ToArray()], ct);
        return ([.. standing.Select(a => Standing.Of(a, question.On, question.Platform, memberships))], position);
    }

    /// <summary>Every agreement that binds a platform, in whatever sector and place.</summary>
    public async Task<IReadOnlyList<AgreementOnTheDay>> Binding(OrganisationId platform, DateOnly day, CancellationToken ct)
    {
        var memberships = await Memberships(platform, ct);
        return [.. (await On(day, ct)).Select(a => Standing.Of(a, day, platform, memberships)).Where(agreement => agreement.Binds)];
    }

    /// <summary>Those that name the sector or what stands above it, and the place or what stands above that.</summary>
    private async Task<IEnumerable<Agreement>> In(Question question, CancellationToken ct)
    {
        var sectors = law.Codes.Sectors.AncestorsOrSelf(question.Sector.Code).Select(s => SearchWords.Code(SearchWords.Sector, s));
        var territories = law.Codes.Territories.AncestorsOrSelf(question.Territory.Code).Select(t => SearchWords.Code(SearchWords.Territory, t));
        var words = $"({string.Join(" | ", sectors)}) & ({string.Join(" | ", territories)})";
        return HaveEffect(await readings.Query<AgreementRow>("in_effect_of", [WeighedSides.Text(question.On), words], ct), question.On);
    }

    private async Task<IEnumerable<Agreement>> On(DateOnly day, CancellationToken ct) =>
        HaveEffect(await readings.Query<AgreementRow>("in_effect", [WeighedSides.Text(day)], ct), day);

    private static IEnumerable<Agreement> HaveEffect(IEnumerable<Reply<AgreementRow>> rows, DateOnly day) =>
        rows.Select(r => r.View!.Facts).Where(a => a.StateOn(day).HasEffect() && a.Elsewhere is null);

    private async Task<IReadOnlyList<Membership>> Memberships(OrganisationId platform, CancellationToken ct) =>
        [.. ((await readings.View<OrganisationView>(platform.Value, ct))?.MemberOf ?? []).Select(m => new Membership(new OrganisationId(m.Organisation), m.From, m.To))];
}
