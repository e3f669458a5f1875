using Registry.Application.Agreements;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;
using Registry.EventStore.Streams;

namespace Registry.Application.Terms;

/// <summary>What one call has read of the past: what it asks again is not read again.</summary>
public sealed class PastRead
{
    internal Dictionary<(Sector, Territory), IReadOnlyList<IReadOnlyList<Told>>> Stories { get; } = [];

    internal Dictionary<Guid, IReadOnlyList<StoredEvent>> Organisations { get; } = [];

    internal Dictionary<(Guid?, Sector, Territory, DateOnly, DateTimeOffset?), AgreedTerms> Terms { get; } = [];
}

/// <summary>
/// The agreed terms of a past day, or as they were known at an instant: folded from the streams of the agreements that name
/// the sector and the place, and asked by the same rules as those of today.
/// </summary>
public sealed class TermsThen(Readings readings, AgreementStory story, EventLog log, EventCatalogue events, Law law)
{
    public async Task<AgreedTerms> Of(Guid? platform, Sector sector, Territory territory, DateOnly on, DateTimeOffset? knownAt, PastRead read, CancellationToken ct)
    {
        var key = (platform, sector, territory, on, knownAt);
        if (read.Terms.TryGetValue(key, out var terms)) return terms;
        if (!read.Stories.TryGetValue((sector, territory), out var stories)) read.Stories[(sector, territory)] = stories = await Stories(sector, territory, ct);
        var agreements = stories.Select(told => Then(told, on, knownAt)).OfType<AgreementKnown>();
        return read.Terms[key] = AgreedTerms.None(law).With(agreements, platform is { } asked ? await Memberships(asked, knownAt, read, ct) : []);
    }

    private static AgreementKnown? Then(IReadOnlyList<Told> told, DateOnly on, DateTimeOffset? knownAt) =>
        AgreementStory.Facts(told, on, knownAt) is { Own.Deposit: not null } facts
            ? new AgreementKnown(facts, told.Where(t => t.On <= on && !(t.RecordedAt > knownAt) && FreshTerms.EndsAndBeginnings.Contains(t.Event.GetType())).Max(t => t.Position))
            : null;

    /// <summary>Of those that name the sector or what stands above it, and the place or what stands above that.</summary>
    private async Task<IReadOnlyList<IReadOnlyList<Told>>> Stories(Sector sector, Territory territory, CancellationToken ct)
    {
        var sectors = law.Codes.Sectors.AncestorsOrSelf(sector.Code).Select(s => SearchWords.Code(SearchWords.Sector, s));
        var territories = law.Codes.Territories.AncestorsOrSelf(territory.Code).Select(t => SearchWords.Code(SearchWords.Territory, t));
        var words = $"({string.Join(" | ", sectors)}) & ({string.Join(" | ", territories)})";
        var found = await readings.Rows(readings.Named<AgreementRow>("dealing_with"), [words], row => (Guid)row[0]!, ct);
        return [.. (await story.Of(found, ct)).Values];
    }

    private async Task<IEnumerable<MembershipsKnown>> Memberships(Guid platform, DateTimeOffset? knownAt, PastRead read, CancellationToken ct)
    {
        if (!read.Organisations.TryGetValue(platform, out var heard)) read.Organisations[platform] = heard = (await log.FetchStream(platform, ct)).Events;
        return Belongings.Of([.. heard.Where(e => !(e.At > knownAt))], events) is { } told ? [told] : [];
    }
}
