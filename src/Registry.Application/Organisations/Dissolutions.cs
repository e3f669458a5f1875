using Registry.Domain.Kernel;
using Registry.EventStore.Views;

namespace Registry.Application.Organisations;

/// <summary>The day an organisation was dissolved on. Everybody who deals with it asks, so that those who ask together share a reading.</summary>
public sealed class Dissolutions(ViewReader itself, ViewCatalogue views)
{
    private readonly SharedReading<OrganisationId, DateOnly?> days = new(async organisation =>
        (await new Readings(itself, views).View<OrganisationView>(organisation.Value, CancellationToken.None))?.DissolvedOn);

    /// <summary>Null where it stands, and where there is none.</summary>
    public Task<DateOnly?> On(OrganisationId organisation, CancellationToken ct) => days.Ask(organisation, ct);
}
