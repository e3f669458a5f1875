using System.Globalization;
using Registry.Application.Mandates;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

/// <summary>What a mandate's place in a request is, whoever's it is: the columns that it reaches, who is to have the answer, and until when the representative sees it.</summary>
public sealed record Place(IReadOnlyList<int> Covered, Recipient DeliverTo, DateOnly Until, bool Offered);

/// <summary>A mandate that has a place in the cohort, at the version that was looked at: no more of it, for there may be a hundred thousand.</summary>
public sealed record Placed(MandateId Mandate, MemberRef Member, long Version, Place Place, DateTimeOffset GrantedAt);

public sealed record Counted(IReadOnlyList<Placed> Eligible, IReadOnlyList<ExcludedCount> Excluded, IReadOnlyList<LineColumn> Columns);

/// <summary>Who of a representative's members has a place in a request, and why the others have none.</summary>
public sealed class Cohort(Readings readings, MandateReadings mandates, Law law, LegalTime clock)
{
    private const int AtOnce = 1_000;

    public async Task<Counted> Count(RequestMatter matter, string country, CancellationToken ct)
    {
        var asked = Asked(matter, country);
        var found = await Find(matter, matter.Cohort!.All ? null : [.. matter.Cohort.Mandates], ct);
        var places = await Places(asked, found, ct);
        var (eligible, excluded) = (new Dictionary<MemberRef, Placed>(found.Count), new Dictionary<string, int>(StringComparer.Ordinal));
        void Exclude(string reason) => excluded[reason] = excluded.GetValueOrDefault(reason) + 1;
        foreach (var candidate in found)
        {
            var (place, why) = places[candidate.Shape];
            if (place is null)
            {
                Exclude(why!);
                continue;
            }
            var placed = new Placed(candidate.Mandate, candidate.Member, candidate.Version, place, candidate.GrantedAt);
            if (eligible.TryAdd(placed.Member, placed)) continue;
            Exclude("secondMandateOfTheSameMember");
            if (placed.GrantedAt > eligible[placed.Member].GrantedAt) eligible[placed.Member] = placed;
        }
        return new Counted([.. eligible.Values.OrderBy(_ => NewIds.Secret())], // no place tells when somebody joined
             [.. excluded.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new ExcludedCount(e.Key, e.Value))], asked.Columns);
    }

    /// <summary>Looks again at some of them: those who still have their place.</summary>
    public async Task<IReadOnlyList<Placed>> Again(IReadOnlyList<Placed> placed, RequestMatter matter, string country, CancellationToken ct)
    {
        var (asked, found) = (Asked(matter, country), await Find(matter, [.. placed.Select(p => p.Mandate)], ct));
        var places = await Places(asked, found, ct);
        return [.. found.Where(c => places[c.Shape].Place is not null).Select(c => new Placed(c.Mandate, c.Member, c.Version, places[c.Shape].Place!, c.GrantedAt))];
    }

    /// <summary>Of a mandate, before its place is known.</summary>
    private sealed record Candidate(MandateId Mandate, long Version, MemberRef Member, string Shape, DateTimeOffset GrantedAt);

    private async Task<List<Candidate>> Find(RequestMatter matter, IReadOnlyList<MandateId>? named, CancellationToken ct)
    {
        var shapes = new Dictionary<string, string>(StringComparer.Ordinal);
        Candidate Read(IReadOnlyList<object?> row)
        {
            var shape = shapes.TryGetValue((string)row[3]!, out var known) ? known : shapes[(string)row[3]!] = (string)row[3]!;
            return new Candidate(new MandateId((Guid)row[0]!), (long)row[1]!, new MemberRef((Guid)row[2]!), shape, DateTimeOffset.Parse((string)row[4]!, CultureInfo.InvariantCulture));
        }
        return await (named is null
            ? readings.Rows(readings.Named<MandateRow>("cohort"), [matter.Representative.Value], Read, ct)
            : readings.Rows(readings.Named<MandateRow>("cohort_named"), [matter.Representative.Value, named.Select(m => m.Value).ToArray()], Read, ct));
    }

    /// <summary>One mandate of each shape is looked at in full; where that one has moved on meanwhile, the next one is.</summary>
    private async Task<Dictionary<string, (Place? Place, string? WhyNot)>> Places(Question asked, List<Candidate> found, CancellationToken ct)
    {
        var places = new Dictionary<string, (Place?, string?)>(StringComparer.Ordinal);
        var left = found.GroupBy(c => c.Shape).ToDictionary(g => g.Key, g => new Queue<Guid>(g.Select(c => c.Mandate.Value)));
        while (left.Count > 0)
        {
            var turn = left.Take(AtOnce).ToDictionary(l => l.Key, l => l.Value.Dequeue());
            var rows = (await readings.Query<MandateRow>("of_ids", [turn.Values.ToArray()], ct)).ToDictionary(row => row.View!.Id, row => row.View!);
            foreach (var (shape, mandate) in turn)
            {
                var stands = rows.TryGetValue(mandate, out var row) && row.Shape == shape;
                if (stands) places[shape] = Look(asked, await mandates.Standing(row!.Facts, ct));
                else if (left[shape].Count == 0) places[shape] = (null, "changedDuringFiling");
                if (places.ContainsKey(shape)) left.Remove(shape);
            }
        }
        return places;
    }

    private sealed record Question(RequestMatter Matter, IReadOnlyList<LineColumn> Columns, DateOnly Today);

    private Question Asked(RequestMatter matter, string country) => new(matter, Coverage.Columns(matter, law.Hooks, law.Codes), clock.Today(country));

    /// <summary>An offer that the request names is taken up by using it (C. civ. 1985), and counts as if it were.</summary>
    private (Place? Place, string? WhyNot) Look(Question asked, Mandate mandate)
    {
        var (matter, today) = (asked.Matter, asked.Today);
        if (!mandate.MayBeUsedBy(matter.Representative)) return (null, "actedForBySubstitute");
        var live = mandate.LiveOn(today);
        var covered = Coverage.Of(live, matter, asked.Columns, law.Hooks, law.Codes);
        var status = mandate.StatusOn(today);
        var offered = status == MandateStatus.Offered && !matter.Cohort!.All && mandate.Deed.Representative == matter.Representative;
        var why = Coverage.WhyNot(offered ? MandateStatus.Active : status, mandate.Validity, live, matter, covered, today);
        return why is not null ? (null, why)
            : (new Place(covered, mandate.Deed.MayReceiveResponse ? Recipient.Representative : Recipient.Member, mandate.OverFrom(), mandate.Said == MandateStatus.Offered), null);
    }
}
