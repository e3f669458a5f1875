using Registry.Domain.Agreements;
using Registry.Domain.RuleSets;
using Registry.EventStore.Streams;

namespace Registry.Application.Agreements;

/// <summary>One act as it stands in the log.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Position">Its place in the log.</param>
/// <param name="RecordedAt">When it was recorded; never earlier than its predecessor in the log.</param>
/// <param name="On">The day to which the law attaches it.</param>
public sealed record Told(AgreementEvent Event, long Position, DateTimeOffset RecordedAt, DateOnly On);

/// <summary>
/// The acts of an agreement from the log. What was the case on a day is the fold of the acts of that day and before; what
/// was known of it at an instant, of those recorded by then. Recorded instants never decrease, so that the answer stays.
/// </summary>
public sealed class AgreementStory(EventLog log, EventCatalogue events, Law law, LegalTime clock)
{
    /// <summary>After so long no act of an earlier instant is still on its way into the log.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    public async Task<IReadOnlyList<Told>> Of(Guid agreement, CancellationToken ct) => Read((await log.FetchStream(agreement, ct)).Events);

    /// <summary>Several at once, for a list.</summary>
    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Told>>> Of(IReadOnlyCollection<Guid> agreements, CancellationToken ct) =>
        (await log.FetchStreams(agreements, ct)).ToDictionary(stream => stream.Id, stream => Read(stream.Events));

    /// <summary>The facts of a day as known at an instant; null where there was nothing yet.</summary>
    public static Agreement? Facts(IEnumerable<Told> story, DateOnly on, DateTimeOffset? knownAt) =>
        story.Where(told => told.On <= on && (knownAt is null || told.RecordedAt <= knownAt))
            .SkipWhile(told => told.Event is not (AgreementOpened or AgreementRecordedElsewhere)) // nodes' clocks may differ at midnight
            .Aggregate((Agreement?)null, (facts, told) => Agreement.Evolve(facts, told.Event));

    private IReadOnlyList<Told> Read(IReadOnlyList<StoredEvent> stored)
    {
        var happened = events.Read<AgreementEvent>(stored).ToList();
        if (happened.Count == 0) return [];
        var country = law.RuleSets[Agreement.Evolve(null, happened[0])!.RuleSet].Country;
        return [.. happened.Zip(stored, (e, s) => new Told(e, s.Position, s.At, LegalDays.DayOf(e, clock.DayOf(s.At, country))))];
    }
}
