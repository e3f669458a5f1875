using System.Collections.Immutable;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>What the index is told of an agreement.</summary>
/// <param name="Facts">The fold of its events; without a deposit it is in nobody's way.</param>
/// <param name="Changed">The position of its last event that can change an answer.</param>
public sealed record AgreementKnown(Agreement Facts, long Changed);

/// <summary>What the index is told of an organisation: all its memberships, and the position of the last event about them.</summary>
public sealed record MembershipsKnown(OrganisationId Organisation, Membership[] Memberships, long Changed);

/// <summary>
/// The agreed terms, to be asked. It never changes: what happened since makes another one, so that whoever asks sees one
/// state of the log. What was asked lately is kept, up to a bound.
/// </summary>
public sealed class AgreedTerms
{
    /// <summary>What the sheets that are kept at hand may weigh, in each of two generations: some 20,000 sheets, or 10 MB.</summary>
    private const int Kept = 400_000;

    private const int Many = 1_000, MostFloors = 500;

    private readonly Law law;
    private readonly ImmutableDictionary<AgreementId, KnownAgreement> agreements;
    private readonly ImmutableDictionary<OrganisationId, ImmutableArray<KnownAgreement>> bySigner;
    private readonly ImmutableDictionary<(string Sector, string Territory), Place> places;
    private readonly ImmutableDictionary<OrganisationId, MembershipsKnown> memberships;
    private readonly KnownAgreement[] open;
    private readonly Recent<SheetKey, Sheet> sheets = new(Kept, sheet => sheet.Weight);
    private readonly Recent<(string Country, WorkStatus Status, DateOnly Day), Floors> floors = new(MostFloors, _ => 1);

    private AgreedTerms(
        Law law, ImmutableDictionary<AgreementId, KnownAgreement> agreements, ImmutableDictionary<OrganisationId, ImmutableArray<KnownAgreement>> bySigner,
        ImmutableDictionary<(string, string), Place> places, ImmutableDictionary<OrganisationId, MembershipsKnown> memberships, KnownAgreement[] open) =>
        (this.law, this.agreements, this.bySigner, this.places, this.memberships, this.open) = (law, agreements, bySigner, places, memberships, open);

    private readonly record struct SheetKey(OrganisationId? Platform, int Sector, int Territory, WorkStatus Status, DateOnly Day);

    public int Count => agreements.Count;

    public static AgreedTerms None(Law law) => new(
        law, ImmutableDictionary<AgreementId, KnownAgreement>.Empty, ImmutableDictionary<OrganisationId, ImmutableArray<KnownAgreement>>.Empty,
        ImmutableDictionary<(string, string), Place>.Empty, ImmutableDictionary<OrganisationId, MembershipsKnown>.Empty, []);

    /// <summary>With these agreements and organisations as they are now.</summary>
    public AgreedTerms With(IEnumerable<AgreementKnown> changed, IEnumerable<MembershipsKnown> organisations)
    {
        var known = Understood([.. changed]).ToDictionary(a => a.Id, a => a.Known);
        var gone = known.Keys.Select(id => agreements.GetValueOrDefault(id)).OfType<KnownAgreement>().ToHashSet();
        var fresh = known.Values.OfType<KnownAgreement>().ToList();
        return new AgreedTerms(
            law, agreements.RemoveRange(known.Keys).AddRange(fresh.Select(a => KeyValuePair.Create(a.Facts.Id, a))),
            Regrouped(bySigner, gone, fresh, a => a.Signers, group => group.IsEmpty ? [] : group, group => group),
            Regrouped(places, gone, fresh, PlacesOf, place => place.All, group => new Place(group)),
            memberships.SetItems(organisations.Select(o => KeyValuePair.Create(o.Organisation, o))),
            [.. open.Where(a => !gone.Contains(a)).Concat(fresh.Where(a => a.MayBindAnybody)).OrderBy(a => a.Facts.Id.Value)]);
    }

    /// <summary>The effective term and why. Its codes must be current ones.</summary>
    public Answer Ask(Question question) => SheetOf(question.Platform, question.Sector.Code, question.Territory.Code, question.Status, question.On).Ask(question);

    /// <summary>What holds for a platform in a sector and a place on a day; without a platform what the texts say, whomever they bind.</summary>
    public Sheet SheetOf(OrganisationId? platform, string sector, string territory, WorkStatus status, DateOnly day)
    {
        var key = new SheetKey(platform, law.Codes.Sectors.Number(sector), law.Codes.Territories.Number(territory), status, day);
        return sheets.Find(key) ?? sheets.Keep(key, Compile(key));
    }

    /// <summary>The first clause of an agreement that binds somebody, in whatever sector and place, and forbids something to them.</summary>
    public Reason? Forbidding(OrganisationId who, string category, string purpose, string? recipient, DateOnly day)
    {
        var asked = new Subject(law.Codes.DataCategories.Number(category), law.Codes.Purposes.Number(purpose), recipient, law.Codes);
        var own = MembershipsOf(who);
        foreach (var agreement in SignedFor(who, own, day).Concat(open).Distinct().Select(a => a.BindingOn(day, who, own.Memberships)).OfType<AgreementOnTheDay>())
        {
            foreach (ref readonly var provision in agreement.Provisions.Forbidding)
            {
                if (provision.Reaches(asked)) return Reason.Of(agreement, provision.Term, "prohibition");
            }
        }
        return null;
    }

    private Sheet Compile(SheetKey key)
    {
        var territoryAsked = new Territory(law.Codes.Territories.CodeOf(key.Territory));
        var (sectors, territories) = (law.Codes.Sectors.AncestorsOrSelf(law.Codes.Sectors.CodeOf(key.Sector)), law.Codes.Territories.AncestorsOrSelf(territoryAsked.Code));
        var here = new List<Place>();
        foreach (var sector in sectors)
        {
            foreach (var territory in territories)
            {
                if (places.TryGetValue((sector, territory), out var place)) here.Add(place);
            }
        }
        var own = key.Platform is { } asked ? MembershipsOf(asked) : new MembershipsKnown(default, [], 0);
        var candidates = key.Platform is { } platform
            ? SignedFor(platform, own, key.Day).Where(a => a.Concerns(sectors, territories)).Concat(here.SelectMany(p => p.Open))
            : here.SelectMany(p => p.All);
        var under = (territoryAsked.Country, key.Status, key.Day);
        return new Sheet(law, floors.Find(under) ?? floors.Keep(under, new Floors(law, under.Country, under.Status, under.Day)), [.. here], [.. candidates.Distinct().Where(a => a.From <= key.Day && a.IsFor(key.Status)).OrderBy(a => a.Facts.Id.Value)], own, key.Platform, key.Status, key.Day);
    }

    private IEnumerable<KnownAgreement> SignedFor(OrganisationId who, MembershipsKnown own, DateOnly day) =>
        own.Memberships.Where(m => m.From <= day).Select(m => m.Organisation).Prepend(who).Distinct()
            .SelectMany(organisation => bySigner.TryGetValue(organisation, out var signed) ? signed : []);

    private MembershipsKnown MembershipsOf(OrganisationId platform) => memberships.GetValueOrDefault(platform) ?? new MembershipsKnown(platform, [], 0);

    /// <summary>A node that starts has thousands to understand, each by itself; later they come one by one.</summary>
    private IEnumerable<(AgreementId Id, KnownAgreement? Known)> Understood(AgreementKnown[] all)
    {
        (AgreementId, KnownAgreement?) One(AgreementKnown a) => (a.Facts.Id, a.Facts.Own?.Deposit is null ? null : new KnownAgreement(a.Facts, a.Changed, law));
        return all.Length < Many ? all.Select(One) : all.AsParallel().Select(One);
    }

    private static IEnumerable<(string, string)> PlacesOf(KnownAgreement agreement) =>
        from sector in agreement.Facts.Scope.Sectors from territory in agreement.Facts.Scope.Territories select (sector, territory);

    /// <summary>Only the groups that something enters or leaves are made anew.</summary>
    private static ImmutableDictionary<TKey, TGroup> Regrouped<TKey, TGroup>(
        ImmutableDictionary<TKey, TGroup> groups, HashSet<KnownAgreement> gone, List<KnownAgreement> fresh, Func<KnownAgreement, IEnumerable<TKey>> keys,
        Func<TGroup, IReadOnlyList<KnownAgreement>> all, Func<ImmutableArray<KnownAgreement>, TGroup> group) where TKey : notnull
    {
        var entering = fresh.SelectMany(a => keys(a).Select(key => (key, a))).ToLookup(x => x.key, x => x.a);
        var next = groups.ToBuilder();
        foreach (var key in gone.SelectMany(keys).Concat(entering.Select(g => g.Key)).Distinct())
        {
            ImmutableArray<KnownAgreement> members = [.. (groups.TryGetValue(key, out var known) ? all(known) : []).Where(a => !gone.Contains(a)).Concat(entering[key]).OrderBy(a => a.Facts.Id.Value)];
            if (members.IsEmpty) next.Remove(key);
            else next[key] = group(members);
        }
        return next.ToImmutable();
    }
}
