using Registry.Application.Agreements;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;
using Registry.EventStore.Streams;

namespace Registry.Application.Terms;

/// <summary>
/// The agreed terms of a past day, or as they were known at an instant: folded from the streams of the agreements that name
/// the sector and the place, and asked by the same rules as those of today.
/// </summary>
public sealed class TermsThen(Readings readings, AgreementStory story, EventLog log, EventCatalogue events, Law law)
{
    public async Task<AgreedTerms> Of(Guid? platform, Sector sector, Territory territory, DateOnly on, DateTimeOffset? knownAt, CancellationToken ct)
    {
        var stories = await story.Of(await Dealing(sector, territory, on, ct), ct);
        var agreements = stories.Values.Select(told => Then(told, on, knownAt)).OfType<AgreementKnown>();
        return AgreedTerms.None(law).With(agreements, platform is { } asked ? await Memberships(asked, knownAt, ct) : []);
    }

    private static AgreementKnown? Then(IReadOnlyList<Told> told, DateOnly on, DateTimeOffset? knownAt) =>
        AgreementStory.Facts(told, on, knownAt) is { Own.Deposit: not null } facts
            ? new AgreementKnown(facts, told.Where(t => t.On <= on && !(t.RecordedAt > knownAt) && FreshTerms.EndsAndBeginnings.Contains(t.Event.GetType())).Max(t => t.Position))
            : null;

    /// <summary>Those that name the sector or what stands above it, and the place or what stands above that.</summary>
    private async Task<List<Guid>> Dealing(Sector sector, Territory territory, DateOnly on, CancellationToken ct)
    {
        var sectors = law.Codes.Sectors.AncestorsOrSelf(sector.Code).Select(s => SearchWords.Code(SearchWords.Sector, s));
        var territories = law.Codes.Territories.AncestorsOrSelf(territory.Code).Select(t => SearchWords.Code(SearchWords.Territory, t));
        var found = new List<Guid>();
        var words = $"({string.Join(" | ", sectors)}) & ({string.Join(" | ", territories)})";
        await foreach (var row in readings.Stream(readings.Named<AgreementRow>("dealing_with"), [words, Organisations.WeighedSides.Text(on)], ct)) found.Add((Guid)row[0]!);
        return found;
    }

    private async Task<IEnumerable<MembershipsKnown>> Memberships(Guid platform, DateTimeOffset? knownAt, CancellationToken ct)
    {
        var heard = (await log.FetchStream(platform, ct)).Events.Where(e => !(e.At > knownAt)).ToList();
        return Belongings.Of(heard, events) is { } told ? [told] : [];
    }
}
