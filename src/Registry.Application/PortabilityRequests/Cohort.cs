using Registry.Application.Mandates;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

/// <summary>A mandate that has a place in the cohort, with the columns it reaches and the version that was looked at.</summary>
public sealed record Placed(Mandate Mandate, long Version, IReadOnlyList<int> Covered);

public sealed record Counted(IReadOnlyList<Placed> Eligible, IReadOnlyList<ExcludedCount> Excluded, IReadOnlyList<LineColumn> Columns);

/// <summary>Who of a representative's members has a place in a request, and why the others have none.</summary>
public sealed class Cohort(Readings readings, MandateReadings mandates, Law law, LegalTime clock)
{
    private const int PageSize = 1_000;

    public async Task<Counted> Count(RequestMatter matter, string country, CancellationToken ct)
    {
        var columns = Coverage.Columns(matter, law.Hooks, law.Codes);
        var (eligible, excluded) = (new Dictionary<MemberRef, Placed>(), new Dictionary<string, int>(StringComparer.Ordinal));
        void Exclude(string reason) => excluded[reason] = excluded.GetValueOrDefault(reason) + 1;
        await foreach (var found in Mandates(matter, ct))
        {
            var (placed, why) = await Place(found, matter, columns, clock.Today(country), ct);
            if (placed is null) Exclude(why!);
            else if (!eligible.TryGetValue(placed.Mandate.Deed.Member, out var other)) eligible.Add(placed.Mandate.Deed.Member, placed);
            else
            {
                Exclude("secondMandateOfTheSameMember");
                if (placed.Mandate.GrantedAt > other.Mandate.GrantedAt) eligible[placed.Mandate.Deed.Member] = placed;
            }
        }
        return new Counted([.. eligible.Values], [.. excluded.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new ExcludedCount(e.Key, e.Value))], columns);
    }

    /// <summary>Looks again at some of them: those who still have their place.</summary>
    public async Task<IReadOnlyList<Placed>> Again(IReadOnlyList<Placed> placed, RequestMatter matter, IReadOnlyList<LineColumn> columns, string country, CancellationToken ct)
    {
        var rows = await readings.Query<MandateRow>(
            "named", [matter.Representative.Value, placed.Select(p => p.Mandate.Id.Value).ToArray(), Guid.Empty, placed.Count], ct);
        var still = new List<Placed>();
        foreach (var row in rows)
        {
            if (await Place(row, matter, columns, clock.Today(country), ct) is { Placed: { } found }) still.Add(found);
        }
        return still;
    }

    /// <summary>An offer that the request names is taken up by using it (C. civ. 1985), and counts as if it were.</summary>
    private async Task<(Placed? Placed, string? WhyNot)> Place(Reply<MandateRow> found, RequestMatter matter, IReadOnlyList<LineColumn> columns, DateOnly today, CancellationToken ct)
    {
        var mandate = await mandates.Standing(found.View!.Facts, ct);
        if (!mandate.MayBeUsedBy(matter.Representative)) return (null, "actedForBySubstitute");
        var covered = Coverage.Of(mandate.LiveOn(today), matter, columns, law.Hooks, law.Codes);
        var status = mandate.StatusOn(today);
        var taken = status == MandateStatus.Offered && !matter.Cohort!.All && mandate.Deed.Representative == matter.Representative ? MandateStatus.Active : status;
        var why = Coverage.WhyNot(taken, mandate.Validity, mandate.LiveOn(today), matter, covered, today);
        return why is null ? (new Placed(mandate, found.Revision, covered), null) : (null, why);
    }

    private async IAsyncEnumerable<Reply<MandateRow>> Mandates(RequestMatter matter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (query, arguments) = matter.Cohort!.All
            ? ("acted_for", new object?[] { matter.Representative.Value })
            : ("named", [matter.Representative.Value, matter.Cohort.Mandates.Select(m => m.Value).ToArray()]);
        var after = (string?)"";
        while (after is not null)
        {
            (var rows, after) = await readings.Page<MandateRow>(query, arguments, new PageAsked(PageSize, after), ct);
            foreach (var row in rows) yield return row;
        }
    }
}
