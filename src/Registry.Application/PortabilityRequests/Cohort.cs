using Registry.Application.Mandates;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

/// <summary>A mandate that has a place in the cohort, with the columns it reaches and the version that was looked at.</summary>
public sealed record Placed(MandateView Mandate, long Version, IReadOnlyList<int> Covered);

public sealed record Counted(IReadOnlyList<Placed> Eligible, IReadOnlyList<ExcludedCount> Excluded, IReadOnlyList<LineColumn> Columns);

/// <summary>Who of a representative's members has a place in a request, and why the others have none.</summary>
public sealed class Cohort(Readings readings, Law law, LegalTime clock)
{
    private const int PageSize = 1_000;

    public async Task<Counted> Count(RequestMatter matter, string country, CancellationToken ct)
    {
        var columns = Coverage.Columns(matter, law.Hooks, law.Codes);
        var (eligible, excluded) = (new Dictionary<MemberRef, Placed>(), new Dictionary<string, int>(StringComparer.Ordinal));
        void Exclude(string reason) => excluded[reason] = excluded.GetValueOrDefault(reason) + 1;
        await foreach (var found in Mandates(matter, ct))
        {
            var placed = Place(found, matter, columns, clock.Today(country), out var why);
            if (placed is null) Exclude(why!);
            else if (!eligible.TryGetValue(placed.Mandate.Member, out var other)) eligible.Add(placed.Mandate.Member, placed);
            else
            {
                Exclude("secondMandateOfTheSameMember");
                if (placed.Mandate.GrantedAt > other.Mandate.GrantedAt) eligible[placed.Mandate.Member] = placed;
            }
        }
        return new Counted([.. eligible.Values], [.. excluded.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new ExcludedCount(e.Key, e.Value))], columns);
    }

    /// <summary>Looks again at some of them: those who still have their place.</summary>
    public async Task<IReadOnlyList<Placed>> Again(IReadOnlyList<Placed> placed, RequestMatter matter, IReadOnlyList<LineColumn> columns, string country, CancellationToken ct)
    {
        var rows = await readings.Query<MandateView>(
            "named", [matter.Representative.Value, placed.Select(p => p.Mandate.Id).ToArray(), Guid.Empty, placed.Count], ct);
        return [.. rows.Select(row => Place(row, matter, columns, clock.Today(country), out _)).OfType<Placed>()];
    }

    private Placed? Place(Reply<MandateView> found, RequestMatter matter, IReadOnlyList<LineColumn> columns, DateOnly today, out string? why)
    {
        var mandate = found.View!;
        var covered = Coverage.Of(mandate.Live, matter, columns, law.Hooks, law.Codes);
        why = Coverage.WhyNot(mandate.Status, mandate.Validity, mandate.Live, matter, covered, today);
        return why is null ? new Placed(mandate, found.Revision, covered) : null;
    }

    private async IAsyncEnumerable<Reply<MandateView>> Mandates(RequestMatter matter, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (query, arguments) = matter.Cohort.All
            ? ("of_representative", new object?[] { matter.Representative.Value })
            : ("named", [matter.Representative.Value, matter.Cohort.Mandates.Select(m => m.Value).ToArray()]);
        var after = (string?)"";
        while (after is not null)
        {
            (var rows, after) = await readings.Page<MandateView>(query, arguments, new PageAsked(PageSize, after), ct);
            foreach (var row in rows) yield return row;
        }
    }
}
