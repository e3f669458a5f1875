using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Terms;

/// <summary>
/// The resolution of an effective term written a second time, from the text of the rules and from nothing else: it climbs the
/// vocabularies' files by itself, goes through every agreement step by step, and shares no line with the product.
/// </summary>
internal sealed class NaiveResolver(VocabularySet codes)
{
    public sealed record Found(
        string Decision, string Rule, DateOnly? Max, DateOnly? Min, string Recipients, string Safeguards, int? MinGroup, Generalisation? Coarsest, string Bases, string Clauses);

    private readonly IReadOnlyList<VocabularyEntry> categories = [.. codes.DataCategories.Entries], purposes = [.. codes.Purposes.Entries];
    private readonly IReadOnlyList<VocabularyEntry> sectors = [.. codes.Sectors.Entries], territories = [.. codes.Territories.Entries];

    public Found Resolve(Question q, IReadOnlyList<Concluded> agreements, IReadOnlyList<Membership> memberships, IReadOnlyList<LawFloor> floors)
    {
        // 1. A floor in force for country, date and status that forbids and reaches the question.
        var inForce = floors.Where(f => Holds(f, q)).ToList();
        foreach (var floor in inForce)
        {
            if (floor.MinRetention is null) return Plain("Forbidden", "law-floor", floor.Source);
        }
        // 2. Agreements that have effect on the day and whose scope contains sector, territory and status; which of them bind.
        var bound = new List<(Concluded A, DataTerm T)>();
        var elsewhere = new List<(Concluded A, DataTerm T)>();
        foreach (var a in agreements)
        {
            if (q.On < a.From) continue;
            if (a.Denounced is { } denounced && q.On >= denounced.On ? q.On > denounced.Until : q.On >= a.To) continue;
            if (!Above(sectors, q.Sector.Code).Any(a.Sectors.Contains) || !Above(territories, q.Territory.Code).Any(a.Territories.Contains) || !a.Statuses.Contains(q.Status)) continue;
            // Its author is free once its own denunciation has run out; here that ends the agreement for all.
            var signed = a.Signed.Any(s => s.By == q.Platform
                || (s.Side == Side.Platforms && memberships.Any(m => m.Organisation == s.By && m.From <= q.On && (m.To is null || m.To > s.On))));
            if (signed) bound.AddRange(a.Terms.Select(t => (a, t)));
            else if (a.Extended is { } extended && q.On >= extended.From) bound.AddRange(a.Terms.Where(t => !extended.Without.Contains(t.Clause)).Select(t => (a, t)));
            else elsewhere.AddRange(a.Terms.Select(t => (a, t)));
        }
        // 3. Any term of any binding agreement that forbids and reaches it.
        var forbidding = bound.Where(x => Forbids(x.T, q)).ToList();
        if (forbidding.Count > 0) return Plain("Forbidden", "prohibition", Names(forbidding));
        // 4. and 5. What is permitted, folded.
        var permitting = bound.Where(x => Permits(x.T, q)).ToList();
        if (permitting.Count > 0) return Fold(q, permitting, inForce);
        var others = elsewhere.Where(x => Permits(x.T, q) || Forbids(x.T, q)).ToList();
        return others.Count > 0 ? Plain("NotBound", "not-bound", Names(others)) : Plain("NotAgreed", "silence", "");
    }

    private Found Fold(Question q, List<(Concluded A, DataTerm T)> all, List<LawFloor> floors)
    {
        var (permitting, aside, decided) = Conflict(q, all);
        DateOnly? max = null, min = null;
        HashSet<string>? recipients = null, bases = null;
        var safeguards = new HashSet<string>();
        int? group = null;
        Generalisation? coarsest = null;
        foreach (var (_, term) in permitting)
        {
            if (term.MaxRetention is { } longest && (max is null || Period.Parse(longest)!.After(q.On) < max)) max = Period.Parse(longest)!.After(q.On);
            if (term.MinRetention is { } shortest && (min is null || Period.Parse(shortest)!.After(q.On) > min)) min = Period.Parse(shortest)!.After(q.On);
            if (recipients is null) recipients = [.. term.Recipients ?? []];
            else recipients.IntersectWith(term.Recipients ?? []);
            if (bases is null) bases = [.. term.LegalBasis ?? []];
            else bases.IntersectWith(term.LegalBasis ?? []);
            safeguards.UnionWith(term.Safeguards ?? []);
            if (term.MinGroup is { } g && !(group >= g)) group = g;
            if (term.Generalisation is { } c && !(coarsest >= c)) coarsest = c;
        }
        var (decision, rule) = ("Allowed", decided);
        var clauses = Names(permitting) + Names(aside).Insert(0, aside.Count > 0 ? " aside " : "");
        if (bases!.Count > 0 && floors.Where(f => f.MinRetention is not null).MaxBy(f => Period.Parse(f.MinRetention!)!.After(q.On)) is { } law)
        {
            // What the law has kept is kept, and it decides where a minimum is above the maximum.
            var least = Period.Parse(law.MinRetention!)!.After(q.On);
            var before = (min, max);
            if (min is null || min < least) min = least;
            if (max < least) max = least;
            if (min > max) (min, max) = (least, least);
            if ((min, max) != before) (rule, clauses) = ("law-retention", clauses + " " + law.Source);
        }
        var asked = q.Retention?.After(q.On);
        if (bases.Count == 0) (decision, rule) = ("Conflict", "no-common-legal-basis");
        else if (min is not null && max is not null && min > max) (decision, rule) = ("Conflict", "minimum-above-maximum");
        else if (q.Recipient is { } to && !recipients!.Contains(to) && !(to == "platform" && recipients.Count == 0)) (decision, rule) = ("NotAgreed", "recipient-not-listed");
        else if (asked is not null && max is not null && asked > max) (decision, rule) = ("Forbidden", "retention-above-maximum");
        else if (asked is not null && min is not null && asked < min) (decision, rule) = ("Forbidden", "retention-below-minimum");
        else if (q.GroupSize is { } size && group is { } fewest && size < fewest) (decision, rule) = ("Forbidden", "group-below-minimum");
        return new Found(decision, rule, max, min, Joined(recipients!), Joined(safeguards), group, coarsest, Joined(bases), clauses);
    }

    /// <summary>Within one rule set, a company's agreements before a branch's, or the other way round, as that rule set says.</summary>
    private (List<(Concluded A, DataTerm T)> Holding, List<(Concluded A, DataTerm T)> Aside, string Rule) Conflict(Question q, List<(Concluded A, DataTerm T)> all)
    {
        var aside = new List<(Concluded A, DataTerm T)>();
        var rule = "most-protective";
        foreach (var set in new[] { "FR-BRANCH", "TEST-BRANCH" })
        {
            var company = all.Where(x => x.A.RuleSet == set && x.A.Nature == Nature.Agreement && x.A.Level == Level.Platform).ToList();
            var branch = all.Where(x => x.A.RuleSet == set && x.A.Nature == Nature.Agreement && x.A.Level != Level.Platform).ToList();
            if (company.Count == 0 || branch.Count == 0) continue;
            if (set == "FR-BRANCH") rule = "company-prevails";
            else rule = AsGood(q, company.Select(x => x.A), branch.Select(x => x.A)) ? "equivalent-guarantees" : "branch-prevails";
            aside.AddRange(rule == "branch-prevails" ? company : branch);
        }
        return (all.Where(x => !aside.Contains(x)).ToList(), aside, rule);
    }

    private bool AsGood(Question q, IEnumerable<Concluded> company, IEnumerable<Concluded> branch)
    {
        string Root(string category) => Above(categories, category).Single(c => categories.Single(e => e.Code == c).Parents.Count == 0);
        List<DataTerm> OfTheMatter(IEnumerable<Concluded> side) => [.. side.Distinct().SelectMany(a => a.Terms).Where(t => t.Decision == TermDecision.Allowed && Root(t.Category) == Root(q.Category.Code))];
        var (ours, theirs) = (OfTheMatter(company), OfTheMatter(branch));
        DateOnly Longest(List<DataTerm> terms) => terms.Max(t => t.MaxRetention is { } max ? Period.Parse(max)!.After(q.On) : DateOnly.MaxValue);
        DateOnly Shortest(List<DataTerm> terms) => terms.Min(t => t.MinRetention is { } min ? Period.Parse(min)!.After(q.On) : q.On);
        bool Always(List<DataTerm> terms, string safeguard) => terms.All(t => (t.Safeguards ?? []).Contains(safeguard));
        return Longest(ours) <= Longest(theirs) && Shortest(ours) >= Shortest(theirs)
            && ours.SelectMany(t => t.Recipients ?? []).All(r => theirs.Any(t => (t.Recipients ?? []).Contains(r)))
            && theirs.SelectMany(t => t.Safeguards ?? []).All(s => !Always(theirs, s) || Always(ours, s))
            && ours.Min(t => t.MinGroup ?? 0) >= theirs.Min(t => t.MinGroup ?? 0)
            && ours.Min(t => t.Generalisation ?? Generalisation.None) >= theirs.Min(t => t.Generalisation ?? Generalisation.None);
    }

    private bool Holds(LawFloor f, Question q)
    {
        if (f.From is null || q.On < f.From || q.On >= f.To) return false;
        if (f.Country is not null && !q.Territory.Code.StartsWith(f.Country, StringComparison.Ordinal)) return false;
        if (f.Statuses.Count > 0 && !f.Statuses.Any(s => s == q.Status)) return false;
        return (f.Category is null || Above(categories, q.Category.Code).Contains(f.Category)) && (f.Purpose is null || Above(purposes, q.Purpose.Code).Contains(f.Purpose))
            && (f.Recipient is null || f.Recipient == q.Recipient);
    }

    /// <summary>A prohibition reaches the codes below those that it names, on every axis.</summary>
    private bool Forbids(DataTerm t, Question q)
    {
        if (t.Decision != TermDecision.Forbidden || !Above(categories, q.Category.Code).Contains(t.Category)) return false;
        var named = new List<string> { t.Purpose };
        named.AddRange(t.SubPurposes ?? []);
        if (!named.Any(purpose => Above(purposes, q.Purpose.Code).Contains(purpose))) return false;
        return t.Recipients is null || t.Recipients.Count == 0 || (q.Recipient is not null && t.Recipients.Contains(q.Recipient));
    }

    /// <summary>A permission holds for exactly its purposes, and for narrower categories unless one on the way must be named.</summary>
    private bool Permits(DataTerm t, Question q)
    {
        if (t.Decision != TermDecision.Allowed) return false;
        if (t.Purpose != q.Purpose.Code && !(t.SubPurposes ?? []).Contains(q.Purpose.Code)) return false;
        for (var code = q.Category.Code; ;)
        {
            if (code == t.Category) return true;
            var entry = categories.Single(c => c.Code == code);
            if (entry.ExplicitOnly || entry.Parents.Count == 0) return false;
            code = entry.Parents[0]; // categories have one parent each
        }
    }

    private readonly Dictionary<string, HashSet<string>> climbed = new(StringComparer.Ordinal);

    private HashSet<string> Above(IReadOnlyList<VocabularyEntry> entries, string code)
    {
        if (climbed.TryGetValue(code, out var known)) return known;
        var found = new HashSet<string>();
        var open = new Queue<string>([code]);
        while (open.TryDequeue(out var next))
        {
            if (!found.Add(next)) continue;
            foreach (var parent in entries.Single(e => e.Code == next).Parents) open.Enqueue(parent);
        }
        return climbed[code] = found;
    }

    private static Found Plain(string decision, string rule, string clauses) => new(decision, rule, null, null, "", "", null, null, "", clauses);

    private static string Names(IEnumerable<(Concluded A, DataTerm T)> sources) => string.Join(' ', sources.Select(s => $"{s.A.Id}/{s.T.Clause}").Order(StringComparer.Ordinal));

    private static string Joined(IEnumerable<string> codes) => string.Join(' ', codes.Order(StringComparer.Ordinal));
}
