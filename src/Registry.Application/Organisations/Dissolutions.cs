using Registry.Domain.Kernel;
using Registry.EventStore;
using Registry.EventStore.Views;

namespace Registry.Application.Organisations;

/// <summary>The day an organisation was dissolved on. Everybody who deals with it asks, so that those who ask together share a reading.</summary>
public sealed class Dissolutions(ViewReader itself, ViewCatalogue views)
{
    private readonly GroupedReading<OrganisationId, DateOnly?> days = new(
        async organisations => (await new Readings(itself, views).Query<OrganisationView>("by_ids", [organisations.Select(o => o.Value).ToArray()], CancellationToken.None))
            .ToDictionary(found => new OrganisationId(found.View!.Id), found => found.View!.DissolvedOn),
        _ => null);

    /// <summary>Null where it stands, and where there is none.</summary>
    public Task<DateOnly?> On(OrganisationId organisation, CancellationToken ct) => days.Ask(organisation, ct);
}
