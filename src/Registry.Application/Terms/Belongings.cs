using Registry.Domain.Organisations;
using Registry.Domain.Terms;
using Registry.EventStore.Streams;

namespace Registry.Application.Terms;

/// <summary>An organisation's memberships, from its events.</summary>
internal static class Belongings
{
    /// <summary>Null for an organisation that is a member of none.</summary>
    public static MembershipsKnown? Of(IReadOnlyList<StoredEvent> heard, EventCatalogue events) =>
        Known([.. events.Read<OrganisationEvent>(heard)], heard);

    private static MembershipsKnown? Known(IReadOnlyList<OrganisationEvent> happened, IReadOnlyList<StoredEvent> heard) =>
        happened.Aggregate((Organisation?)null, Organisation.Evolve) is { MemberOf.Count: > 0 } organisation
            ? new MembershipsKnown(
                organisation.Id, [.. organisation.MemberOf.Select(b => new Membership(b.To, b.From, b.Until))],
                happened.Zip(heard).Where(e => FreshTerms.Belonging.Contains(e.First.GetType())).Max(e => e.Second.Position))
            : null;
}
