using Registry.Application.Agreements;
using Registry.Application.Organisations;
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
        var standing = (await On(question.On, ct))
            .Where(view => view.Scope.Sectors.Any(s => law.Codes.Sectors.Covers(s, question.Sector.Code))
                && view.Scope.Territories.Any(t => law.Codes.Territories.Covers(t, question.Territory.Code))
                && view.Scope.Statuses.Contains(question.Status)).ToList();
        var position = standing.Count == 0 ? 0 : await readings.Count<AgreementView>("last_position", [standing.Select(v => v.Id).ToArray()], ct);
        return ([.. standing.Select(view => OnTheDay(view, question.Platform, memberships))], position);
    }

    /// <summary>Every agreement that binds a platform, in whatever sector and place.</summary>
    public async Task<IReadOnlyList<AgreementOnTheDay>> Binding(OrganisationId platform, DateOnly day, CancellationToken ct)
    {
        var memberships = await Memberships(platform, ct);
        return [.. (await On(day, ct)).Select(view => OnTheDay(view, platform, memberships)).Where(agreement => agreement.Binds)];
    }

    private async Task<IEnumerable<AgreementView>> On(DateOnly day, CancellationToken ct) =>
        (await readings.Query<AgreementView>("in_force", [WeighedSides.Text(day)], ct)).Select(r => r.View!).Where(view => view.Terms is not null);

    /// <summary>As signatory, or as a member of a signatory on or after its signature: leaving frees nobody (CT L7343-42).</summary>
    private static AgreementOnTheDay OnTheDay(AgreementView view, OrganisationId platform, IReadOnlyList<MembershipView> memberships) => new(
        new AgreementId(view.Id), view.Version!.Value, view.Level, view.Terms!,
        view.Signatures.Any(s => s.Organisation == platform.Value
            || memberships.Any(m => m.Organisation == s.Organisation && (m.To is null || m.To > s.SignedOn))));

    private async Task<IReadOnlyList<MembershipView>> Memberships(OrganisationId platform, CancellationToken ct) =>
        (await readings.View<OrganisationView>(platform.Value, ct))?.MemberOf ?? [];
}
