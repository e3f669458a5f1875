using System.Collections.Concurrent;
using Registry.Domain.Organisations;

namespace Registry.Application.Organisations;

/// <summary>What never changes of an organisation once it is registered: read once, then kept by this node.</summary>
public sealed record OrganisationFacts(OrganisationKind Kind, string Country);

public sealed class KnownOrganisations
{
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<Guid, OrganisationFacts> known = new();

    /// <summary>Null where there is none yet; that is asked again each time.</summary>
    public async Task<OrganisationFacts?> Find(Guid organisation, Readings readings, CancellationToken ct)
    {
        if (known.TryGetValue(organisation, out var facts)) return facts;
        if (await readings.View<OrganisationView>(organisation, ct) is not { } view) return null;
        facts = new OrganisationFacts(view.Kind, view.Country);
        if (known.Count < Most) known.TryAdd(organisation, facts);
        return facts;
    }
}
