using Registry.Application.Mandates;
using Registry.Application.Members;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.Terms;
using Registry.EventStore.Streams;

namespace Registry.Application.Terms;

/// <summary>A mandate that an answer told something about.</summary>
/// <param name="Mandate">Which.</param>
/// <param name="Request">The request that named it to a platform; null for its representative and its member.</param>
/// <param name="Purpose">What it is read for; null where a member reads itself.</param>
public sealed record MandateSeen(MandateId Mandate, RequestId? Request, string? Purpose)
{
    /// <summary>One disclosure for each request and purpose, however many questions were asked.</summary>
    public static IEnumerable<Disclosure> Disclosures(Asking by, IReadOnlyList<MandateSeen> seen) =>
        seen.Where(s => s.Purpose is not null).GroupBy(s => (s.Request, s.Purpose))
            .Select(g => new Disclosure(by.Organisation!.Value, g.Key.Purpose!, Disclosing.Membership, Of([.. g.Select(s => s.Mandate).Distinct()], g.Key.Request)));

    private static Disclosed Of(IReadOnlyList<MandateId> mandates, RequestId? request) => new(mandates, request, mandates.Count);
}

/// <summary>Mandates that questions name. To all but the member, the representative and a platform that a filed request names with it, there is none.</summary>
public sealed class MandatesAsked(EventLog log, EventCatalogue events, Readings readings, People people, LegalTime clock)
{
    public async Task<(MandateOnTheDay Mandate, MandateSeen Seen)?> Find(Guid id, Asking by, DateOnly on, DateTimeOffset? knownAt, CancellationToken ct)
    {
        var heard = events.Read<MandateEvent>((await log.FetchStream(id, ct)).Events).ToList();
        if (heard.Aggregate((MandateView?)null, MandateView.Evolve) is not { } mandate || mandate.KeptUntil < clock.Today("EU")) return null;
        if (await SeenBy(by, mandate, ct) is not { } seen) return null;
        var then = heard.Where(e => clock.DayOf(e.At, "EU") <= on && !(e.At > knownAt)).Aggregate((MandateView?)null, MandateView.Evolve);
        return then is null ? null : (new MandateOnTheDay(then.Status, then.Validity, then.Live), seen);
    }

    private async Task<MandateSeen?> SeenBy(Asking by, MandateView mandate, CancellationToken ct)
    {
        var id = new MandateId(mandate.Id);
        if (by.Organisation is not { } organisation)
        {
            var own = by.Subject is { } subject && (await people.OfSubject(subject, ct)).Any(row => row.Member == mandate.Member);
            return own ? new MandateSeen(id, null, null) : null;
        }
        if (mandate.Representative == organisation.Value) return new MandateSeen(id, null, Disclosing.OwnMembers);
        await foreach (var row in readings.Stream(readings.Named<LineBlockView>("blocks_of_mandate"), [mandate.Id], ct))
        {
            // Rows of other parties' requests are not given; of its own, only those that are filed.
            if (await readings.View<RequestView>((Guid)row[1]!, ct) is { } request && request.Matter.Platform == organisation && request.IsKnownTo(organisation))
            {
                return new MandateSeen(id, new RequestId(request.Id), request.Matter.Purpose);
            }
        }
        return null;
    }
}
