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

/// <summary>Mandates that questions name, read together. To all but the member, the representative and a platform that a filed request names with it, there is none.</summary>
public sealed class MandatesAsked(EventLog log, EventCatalogue events, Readings readings, MandateReadings standing, People people, LegalTime clock)
{
    private sealed record Known(Mandate Now, IReadOnlyList<MandateEvent> Heard);

    /// <summary>What the caller may know of them: how each stood on a day, as known at an instant.</summary>
    public async Task<MandatesSeen> Read(IReadOnlyCollection<Guid> mandates, Asking by, CancellationToken ct)
    {
        var known = new Dictionary<Guid, Known>();
        foreach (var stream in await log.FetchStreams(mandates, ct))
        {
            IReadOnlyList<MandateEvent> heard = [.. events.Read<MandateEvent>(stream.Events)];
            if (heard.Aggregate((Mandate?)null, Mandate.Evolve) is { } mandate && mandate.KeptUntil() >= standing.Today) known.Add(stream.Id, new Known(mandate, heard));
        }
        var seen = by.Organisation is { } organisation ? await SeenBy(organisation, known, ct) : await SeenBy(by.Subject, known, ct);
        var dissolved = new Dictionary<Guid, DateOnly?>();
        foreach (var mandate in known.Values) dissolved[mandate.Now.Id.Value] = await standing.DissolvedOn(mandate.Now.Deed.Representative, ct);
        return new MandatesSeen(seen.ToDictionary(s => s.Mandate.Value, s => (known[s.Mandate.Value].Heard, s, dissolved[s.Mandate.Value])), clock);
    }

    private async Task<IEnumerable<MandateSeen>> SeenBy(string? subject, Dictionary<Guid, Known> known, CancellationToken ct)
    {
        var own = subject is null ? [] : (await people.OfSubject(subject, ct)).Select(row => row.Member).ToHashSet();
        return known.Values.Where(m => own.Contains(m.Now.Deed.Member)).Select(m => new MandateSeen(m.Now.Id, null, null));
    }

    private async Task<IEnumerable<MandateSeen>> SeenBy(OrganisationId organisation, Dictionary<Guid, Known> known, CancellationToken ct)
    {
        var represented = known.Values.ToLookup(m => m.Now.Deed.Representative == organisation);
        var seen = represented[true].Select(m => new MandateSeen(m.Now.Id, null, Disclosing.OwnMembers)).ToList();
        var others = represented[false].Select(m => m.Now.Id.Value).ToArray();
        if (others.Length == 0) return seen;
        // Rows of other parties' requests are not given; of its own, only those that are filed.
        var requests = (await readings.Query<RequestView>("naming", [others], ct)).Select(row => row.View!).Where(r => r.Matter.Platform == organisation && r.Facts.IsKnownTo(organisation)).ToDictionary(r => r.Id);
        var naming = await readings.Rows(readings.Named<LineBlockView>("requests_of_mandates"), [others], row => (Mandate: (Guid)row[0]!, Request: (Guid)row[1]!), ct);
        var first = naming.Order().Where(n => requests.ContainsKey(n.Request)).DistinctBy(n => n.Mandate);
        return seen.Concat(first.Select(n => new MandateSeen(new MandateId(n.Mandate), new RequestId(n.Request), requests[n.Request].Matter.Purpose)));
    }
}

/// <summary>The mandates that a caller may know of.</summary>
public sealed class MandatesSeen(IReadOnlyDictionary<Guid, (IReadOnlyList<MandateEvent> Heard, MandateSeen Seen, DateOnly? Dissolved)> known, LegalTime clock)
{
    /// <summary>How it stood on a day; null where the caller knows of none, or there was none yet.</summary>
    public (MandateOnTheDay Mandate, MandateSeen Seen)? Find(Guid id, DateOnly on, DateTimeOffset? knownAt) =>
        known.TryGetValue(id, out var of)
        && of.Heard.Where(e => clock.DayOf(e.At, "EU") <= on && !IsAfter(e, knownAt)).Aggregate((Mandate?)null, Mandate.Evolve)?.WithoutRepresentative(of.Dissolved, on) is { } then
            ? (new MandateOnTheDay(then.StatusOn(on), then.Validity, then.LiveOn(on)), of.Seen)
            : null;

    /// <summary>When somebody else was chosen is told to the day and no nearer, however often it is asked.</summary>
    private bool IsAfter(MandateEvent happened, DateTimeOffset? knownAt) =>
        happened is MandateSuperseded or MandateSupersessionLifted ? knownAt is { } then && clock.DayOf(happened.At, "EU") > clock.DayOf(then, "EU") : happened.At > knownAt;
}
