using Registry.Domain.Agreements;

namespace Registry.Domain.Terms;

/// <summary>The clauses of one place that permit, or forbid, one category for one purpose in some text of an agreement.</summary>
internal sealed class Speaking((KnownAgreement Agreement, DataTerm Term)[] all)
{
    private readonly DateOnly latest = all.Max(s => s.Agreement.From);
    private readonly long changed = all.Max(s => s.Agreement.Changed);
    private readonly int statuses = all.Aggregate(-1, (common, s) => common & s.Agreement.Statuses);

    public ReadOnlySpan<(KnownAgreement Agreement, DataTerm Term)> All => all;

    /// <summary>The position of the last event of the agreements that had begun by a day and speak of a status.</summary>
    public long ChangedBy(DateOnly day, WorkStatus status)
    {
        if (latest <= day && EachIsFor(status)) return changed;
        var last = 0L;
        foreach (var (agreement, _) in all)
        {
            if (agreement.From <= day && agreement.IsFor(status)) last = Math.Max(last, agreement.Changed);
        }
        return last;
    }

    private bool EachIsFor(WorkStatus status) => (statuses & (1 << (int)status)) != 0;
}

/// <summary>The agreements that name one sector and one territory, by what some text of theirs permits or forbids.</summary>
internal sealed class Place
{
    private readonly Dictionary<int, Speaking> permitting;

    /// <summary>By category, then in the order of the purposes' numbers.</summary>
    private readonly Dictionary<int, (int Purpose, Speaking Speaking)[]> forbidding;

    public Place(IReadOnlyList<KnownAgreement> all)
    {
        (All, Open) = (all, [.. all.Where(a => a.MayBindAnybody)]);
        permitting = BySubject(all, TermDecision.Allowed);
        forbidding = BySubject(all, TermDecision.Forbidden).GroupBy(s => CategoryOf(s.Key))
            .ToDictionary(g => g.Key, g => g.Select(s => (PurposeOf(s.Key), s.Value)).OrderBy(s => s.Item1).ToArray());
    }

    public IReadOnlyList<KnownAgreement> All { get; }

    /// <summary>Those that may bind a platform which signed nothing.</summary>
    public IReadOnlyList<KnownAgreement> Open { get; }

    public Speaking? Permitting(int category, int purpose) => permitting.GetValueOrDefault(Subject(category, purpose));

    /// <summary>What is forbidden of a category, for one purpose after the other.</summary>
    public ReadOnlySpan<(int Purpose, Speaking Speaking)> Forbidding(int category) => forbidding.GetValueOrDefault(category);

    private static int Subject(int category, int purpose) => (category << 16) | purpose;

    private static int CategoryOf(int subject) => subject >> 16;

    private static int PurposeOf(int subject) => subject & 0xFFFF;

    private static Dictionary<int, Speaking> BySubject(IReadOnlyList<KnownAgreement> all, TermDecision decision)
    {
        var found = new Dictionary<int, List<(KnownAgreement, DataTerm)>>();
        foreach (var agreement in all)
        {
            foreach (var (term, category, purpose) in agreement.Ever.All)
            {
                if (term.Decision != decision) continue;
                if (!found.TryGetValue(Subject(category, purpose), out var known)) found[Subject(category, purpose)] = known = [];
                known.Add((agreement, term));
            }
        }
        return found.ToDictionary(group => group.Key, group => new Speaking([.. group.Value]));
    }
}
