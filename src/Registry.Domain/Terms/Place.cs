using Registry.Domain.Agreements;

namespace Registry.Domain.Terms;

/// <summary>Agreements of one place that permit, or forbid, one category for one purpose in some text of theirs.</summary>
internal sealed class Speaking(KnownAgreement[] all)
{
    private readonly DateOnly latest = all.Max(a => a.From);
    private readonly long changed = all.Max(a => a.Changed);
    private readonly int statuses = all.Aggregate(-1, (common, a) => common & a.Statuses);

    public ReadOnlySpan<KnownAgreement> All => all;

    /// <summary>The position of the last event of those that had begun by a day and speak of a status.</summary>
    public long ChangedBy(DateOnly day, WorkStatus status)
    {
        if (latest <= day && EachIsFor(status)) return changed;
        var last = 0L;
        foreach (var agreement in all)
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
    private readonly Dictionary<int, Speaking> forbidding;

    public Place(IReadOnlyList<KnownAgreement> all)
    {
        (All, Open) = (all, [.. all.Where(a => a.MayBindAnybody)]);
        permitting = BySubject(all, TermDecision.Allowed);
        forbidding = BySubject(all, TermDecision.Forbidden);
    }

    public IReadOnlyList<KnownAgreement> All { get; }

    /// <summary>Those that may bind a platform which signed nothing.</summary>
    public IReadOnlyList<KnownAgreement> Open { get; }

    public bool ForbidsAnything => forbidding.Count > 0;

    public Speaking? Permitting(int category, int purpose) => permitting.GetValueOrDefault(Subject(category, purpose));

    public Speaking? Forbidding(int category, int purpose) => forbidding.GetValueOrDefault(Subject(category, purpose));

    private static int Subject(int category, int purpose) => (category << 16) | purpose;

    private static Dictionary<int, Speaking> BySubject(IReadOnlyList<KnownAgreement> all, TermDecision decision)
    {
        var found = new Dictionary<int, List<KnownAgreement>>();
        foreach (var agreement in all)
        {
            foreach (var (term, category, purpose) in agreement.Ever.All)
            {
                if (term.Decision != decision) continue;
                if (!found.TryGetValue(Subject(category, purpose), out var known)) found[Subject(category, purpose)] = known = [];
                if (known.Count == 0 || known[^1] != agreement) known.Add(agreement);
            }
        }
        return found.ToDictionary(group => group.Key, group => new Speaking([.. group.Value]));
    }
}
