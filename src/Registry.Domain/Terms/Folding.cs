using Registry.Domain.Calendars;
using Registry.Domain.RuleSets;

namespace Registry.Domain.Terms;

/// <summary>Several permissions make one: the shortest maximum, the longest minimum, only the recipients and bases that all name.</summary>
internal static class Folding
{
    public static Answer Fold(Question question, List<Reason> because, LawFloor? keeping, Law law, IReadOnlyList<Warning> coming, long position)
    {
        var rule = Prevailing.SetAside(because, question, law);
        Period? longest = null, shortest = null;
        int? group = null;
        Generalisation? coarsest = null;
        foreach (var reason in because)
        {
            if (reason is not { Rule: "permission", Term: { } term }) continue;
            if (term.MaxRetention is { } maximum && Period.Parse(maximum) is { } max && !(longest?.After(question.On) <= max.After(question.On))) longest = max;
            if (term.MinRetention is { } minimum && Period.Parse(minimum) is { } min && !(shortest?.After(question.On) >= min.After(question.On))) shortest = min;
            if (term.MinGroup is { } members && !(group >= members)) group = members;
            if (term.Generalisation is { } grain && !(coarsest >= grain)) coarsest = grain;
        }
        var folded = new Answer(
            Verdict.Allowed, rule, longest, shortest, Shared(because, t => t.Recipients), United(because), group, coarsest, Shared(because, t => t.LegalBasis), Owed(because, question.On),
            because, Resting(rule == Prevailing.MostProtective ? coming : [.. coming, .. Prevailing.Unconfirmed(because, question.On, law)], because), position);
        var settled = Settled(folded, question.On, keeping);
        return settled.Verdict == Verdict.Conflict ? settled : Conditioned(settled, question);
    }

    public static Reason Because(LawFloor floor) => new(null, null, null, null, floor.Source);

    /// <summary>Whoever rests on a rule whose text nobody has read is told so.</summary>
    public static IReadOnlyList<Warning> Unconfirmed(LawFloor floor) => floor.Confirmed ? [] : [new Warning("unconfirmed-rule", floor.Source)];

    public static IReadOnlyList<Warning> Resting(IReadOnlyList<Warning> coming, List<Reason> because)
    {
        List<Warning>? found = null;
        foreach (var reason in because)
        {
            if (reason.Source?.RestsOn is { Count: > 0 } rests) (found ??= [.. coming]).AddRange(rests.Except(found));
        }
        return found ?? coming;
    }

    /// <summary>The parties must say which legal basis holds. What the law has kept is kept, and a minimum above the maximum yields to it; without such a law people must settle it.</summary>
    private static Answer Settled(Answer folded, DateOnly on, LawFloor? keeping)
    {
        if (folded.LegalBases.Count == 0) return folded with { Verdict = Verdict.Conflict, Rule = "no-common-legal-basis" };
        if (keeping is null) return folded.MinRetention?.After(on) > folded.MaxRetention?.After(on) ? folded with { Verdict = Verdict.Conflict, Rule = "minimum-above-maximum" } : folded;
        var least = Period.Parse(keeping.MinRetention!)!;
        var (shortest, longest) = (Longer(folded.MinRetention, least, on), folded.MaxRetention is null ? null : Longer(folded.MaxRetention, least, on));
        if (shortest.After(on) > longest?.After(on)) (shortest, longest) = (least, least);
        if (shortest == folded.MinRetention && longest == folded.MaxRetention) return folded;
        return folded with
        {
            Rule = "law-retention", MaxRetention = longest, MinRetention = shortest, Because = [.. folded.Because, Because(keeping)], Warnings = [.. folded.Warnings, .. Unconfirmed(keeping)],
        };
    }

    /// <summary>Of two laws that have something kept, the one that has it kept longer.</summary>
    public static LawFloor Longer(LawFloor? one, LawFloor other, DateOnly on) =>
        one is not null && Period.Parse(one.MinRetention!)!.After(on) >= Period.Parse(other.MinRetention!)!.After(on) ? one : other;

    private static Period Longer(Period? agreed, Period least, DateOnly on) => agreed?.After(on) >= least.After(on) ? agreed : least;

    private static Answer Conditioned(Answer folded, Question question) => question switch
    {
        { Recipient: { } recipient } when !Receives(folded, recipient) => folded with { Verdict = Verdict.NotAgreed, Rule = "recipient-not-listed" },
        { Retention: { } asked } when asked.After(question.On) > folded.MaxRetention?.After(question.On) => Failed(folded, "retention-above-maximum"),
        { Retention: { } asked } when asked.After(question.On) < folded.MinRetention?.After(question.On) => Failed(folded, "retention-below-minimum"),
        { GroupSize: { } size } when size < folded.MinGroup => Failed(folded, "group-below-minimum"),
        _ => folded,
    };

    private static Answer Failed(Answer folded, string rule) => folded with { Verdict = Verdict.Forbidden, Rule = rule };

    /// <summary>Without any recipient named, the controller alone.</summary>
    private static bool Receives(Answer folded, string recipient) =>
        folded.Recipients.Contains(recipient) || (recipient == "platform" && folded.Recipients.Count == 0);

    private static IReadOnlyList<string> Shared(List<Reason> because, Func<DataTerm, IReadOnlyList<string>?> codes)
    {
        IReadOnlyList<string>? shared = null;
        foreach (var reason in because)
        {
            if (reason is not { Rule: "permission", Term: { } term }) continue;
            var named = codes(term) ?? [];
            shared = shared is null || Same(shared, named) ? named : [.. shared.Intersect(named)];
        }
        return Sorted(shared!);
    }

    private static IReadOnlyList<string> United(List<Reason> because)
    {
        IReadOnlyList<string> united = [];
        foreach (var reason in because)
        {
            if (reason is not { Rule: "permission", Term.Safeguards: { Count: > 0 } named }) continue;
            united = united.Count == 0 || Same(united, named) ? named : [.. united.Union(named)];
        }
        return Sorted(united);
    }

    private static bool Same(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        if (ReferenceEquals(one, other)) return true;
        if (one.Count != other.Count) return false;
        for (var i = 0; i < one.Count; i++)
        {
            if (one[i] != other[i]) return false;
        }
        return true;
    }

    /// <summary>One order for the same answer, whatever the order of the agreements; a list that is in order already is answered itself.</summary>
    private static IReadOnlyList<string> Sorted(IReadOnlyList<string> codes)
    {
        for (var i = 1; i < codes.Count; i++)
        {
            if (string.CompareOrdinal(codes[i - 1], codes[i]) >= 0) return [.. codes.Distinct().Order(StringComparer.Ordinal)];
        }
        return codes;
    }

    /// <summary>What workers may ask for: all of it; a channel that several offer with every format and the shortest delay.</summary>
    private static IReadOnlyList<Obligation> Owed(List<Reason> because, DateOnly on)
    {
        if (!because.Exists(r => r is { Rule: "permission", Term.Entitlements: not null })) return [];
        var owed = because.Where(r => r.Rule == "permission").Select(r => r.Term!.Entitlements).OfType<Entitlements>().ToList();
        var take = owed.Select(e => e.Portability).OfType<PortabilityEntitlement>().GroupBy(p => p.Channel, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new Obligation("portability", [.. g.SelectMany(p => p.Formats).Distinct().Order(StringComparer.Ordinal)], g.MinBy(p => Period.Parse(p.Within)?.After(on))!.Within, g.Key));
        var others = new[] { ("information", owed.Exists(e => e.Information == true)), ("humanReview", owed.Exists(e => e.HumanReview == true)) };
        return [.. take, .. others.Where(o => o.Item2).Select(o => new Obligation(o.Item1))];
    }
}
