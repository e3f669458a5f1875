using Registry.Domain.Organisations;
using Registry.Domain.Terms;
using Registry.EventStore.Streams;

namespace Registry.Application.Terms;

/// <summary>An organisation's memberships, from its events.</summary>
internal static class Belongings
{
    /// <summary>Null for an organisation that is a member of none.</summary>
    public static MembershipsKnown? Of(IReadOnlyList<StoredEvent> heard, EventCatalogue events) =>
        events.Read<OrganisationEvent>(heard).Aggregate((Organisation?)null, Organisation.Evolve) is { MemberOf.Count: > 0 } organisation
            ? new MembershipsKnown(organisation.Id, [.. organisation.MemberOf.Select(b => new Membership(b.To, b.From, b.Until))], heard.Where(e => Tells(e, events)).Max(e => e.Position))
            : null;

    private static bool Tells(StoredEvent stored, EventCatalogue events) => events.Read(stored) is OrganisationRegistered or OrganisationJoined or OrganisationLeft;
}
