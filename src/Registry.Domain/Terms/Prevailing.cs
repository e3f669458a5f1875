using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.RuleSets;

namespace Registry.Domain.Terms;

/// <summary>
/// Where a branch and a company permit the same thing under one rule set, which of them holds. Prohibitions are not asked:
/// each of them holds. A charter is no agreement and prevails over none; it folds with the rest.
/// </summary>
internal static class Prevailing
{
    public const string MostProtective = "most-protective";

    /// <summary>Marks the permissions that do not hold as <c>set-aside</c> and names the rule that decided; of several rule sets that of the last by name.</summary>
    public static string SetAside(List<Reason> because, Question question, Law law)
    {
        if (because.Count == 1 || because.TrueForAll(r => r.Source!.Conflict == ConflictRule.MostProtective)) return MostProtective;
        var rule = MostProtective;
        foreach (var group in because.Where(r => r.Source!.Conflict != ConflictRule.MostProtective && r.Source.Nature == Nature.Agreement).GroupBy(r => r.Source!.RuleSet).OrderBy(g => g.Key, StringComparer.Ordinal).ToList())
        {
            var (company, branch) = (group.Where(r => r.Level == Level.Platform).ToList(), group.Where(r => r.Level != Level.Platform).ToList());
            if (company.Count == 0 || branch.Count == 0) continue;
            (rule, var aside) = group.First().Source!.Conflict == ConflictRule.CompanyPrevails ? ("company-prevails", branch)
                : Guarantees.Of(company, question, law).AreEquivalentTo(Guarantees.Of(branch, question, law)) ? ("equivalent-guarantees", branch)
                : ("branch-prevails", company);
            foreach (var reason in aside) because[because.IndexOf(reason)] = reason with { Rule = "set-aside" };
        }
        return rule;
    }

    public static IEnumerable<Warning> Unconfirmed(List<Reason> because, DateOnly on, Law law) =>
        because.Where(r => r.Rule == "set-aside").Select(r => law.RuleSets[r.Source!.RuleSet].Get("conflict", on)).Where(rule => !rule.Confirmed).Distinct()
            .Select(rule => new Warning("unconfirmed-rule", rule.Source));

    /// <summary>
    /// What a side's agreements guarantee on a whole matter, that is the five-way category: a clause may be weaker than its
    /// counterpart where the whole is not (CT L2253-1: by subject matter, not clause by clause).
    /// </summary>
    private sealed record Guarantees(DateOnly? Longest, DateOnly? Shortest, HashSet<string> Recipients, HashSet<string> Safeguards, int Group, Generalisation Grain, bool Portability, bool Information, bool Review)
    {
        public static Guarantees Of(IEnumerable<Reason> reasons, Question question, Law law)
        {
            var matter = Root(question.Category.Code, law);
            var terms = reasons.Select(r => r.Source!).Distinct().SelectMany(a => a.Provisions.All.ToArray()).Select(p => p.Term).Distinct()
                .Where(t => t.Decision == TermDecision.Allowed && Root(t.Category, law) == matter).ToList();
            var maxima = terms.Select(t => Reach(t.MaxRetention, question.On)).ToList();
            return new Guarantees(
                maxima.Contains(null) ? null : maxima.Max(), terms.Min(t => Reach(t.MinRetention, question.On) ?? question.On),
                [.. terms.SelectMany(t => t.Recipients ?? [])], [.. terms.Select(t => (t.Safeguards ?? []).AsEnumerable()).Aggregate((all, next) => all.Intersect(next))],
                terms.Min(t => t.MinGroup ?? 0), terms.Min(t => t.Generalisation ?? Generalisation.None),
                terms.TrueForAll(t => t.Entitlements?.Portability is not null), terms.TrueForAll(t => t.Entitlements?.Information == true), terms.TrueForAll(t => t.Entitlements?.HumanReview == true));
        }

        public bool AreEquivalentTo(Guarantees branch) =>
            (branch.Longest is null || Longest <= branch.Longest) && Shortest >= branch.Shortest && Recipients.IsSubsetOf(branch.Recipients) && Safeguards.IsSupersetOf(branch.Safeguards)
            && Group >= branch.Group && Grain >= branch.Grain && (Portability || !branch.Portability) && (Information || !branch.Information) && (Review || !branch.Review);

        private static string Root(string category, Law law) => law.Codes.DataCategories.AncestorsOrSelf(category).First(code => law.Codes.DataCategories.Find(code)!.Parents.Count == 0);

        private static DateOnly? Reach(string? duration, DateOnly on) => duration is null ? null : Period.Parse(duration)?.After(on);
    }
}
