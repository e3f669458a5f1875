using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>
/// The effective term: law floor, then every agreement that binds, folded to the most protective. A prohibition is
/// inherited on every axis that it names; a permission never by purpose, because in DPV a sale is a provision of service.
/// </summary>
public static class Resolution
{
    public static Answer Resolve(Question question, IReadOnlyList<AgreementOnTheDay> agreements, IReadOnlyList<LawFloor> floors, VocabularySet codes)
    {
        var warnings = floors.Where(f => f.From is null && f.AppliesTo(question.Territory.Country, question.Status) && Reaches(f, question, codes))
            .Select(f => new Warning("rule-not-in-force", f.Source)).ToList();
        return Decide(question, agreements, floors, codes) is var answer && warnings.Count > 0 ? answer with { Warnings = [.. answer.Warnings, .. warnings] } : answer;
    }

    private static Answer Decide(Question question, IReadOnlyList<AgreementOnTheDay> agreements, IReadOnlyList<LawFloor> floors, VocabularySet codes)
    {
        var floor = floors.FirstOrDefault(f =>
            f.InForce(question.On, question.Territory.Country, question.Status) && Reaches(f, question, codes));
        if (floor is not null) return Answer.Plain(Verdict.Forbidden, "law-floor", [new Reason(null, null, null, null, floor.Source)]) with { Warnings = Unconfirmed(floor) };

        var clauses = agreements.SelectMany(a => a.Terms.Select(t => new Clause(a, t))).ToList();
        var bound = clauses.Where(c => c.Agreement.Binds).ToList();
        var forbidding = bound.Where(c => Forbids(c.Term, question, codes)).Select(c => c.Because("prohibition")).ToList();
        if (forbidding.Count > 0) return Answer.Plain(Verdict.Forbidden, "prohibition", forbidding);

        var permitting = bound.Where(c => Permits(c.Term, question, codes)).ToList();
        if (permitting.Count > 0) return Folding.Fold(question, permitting);

        var elsewhere = clauses.Where(c => !c.Agreement.Binds && (Permits(c.Term, question, codes) || Forbids(c.Term, question, codes))).ToList();
        return elsewhere.Count > 0
            ? Answer.Plain(Verdict.NotBound, "not-bound", [.. elsewhere.Select(c => c.Because("not-bound"))])
            : Answer.Plain(Verdict.NotAgreed, "silence", []);
    }

    /// <summary>Whoever rests on a rule whose text nobody has read is told so.</summary>
    private static IReadOnlyList<Warning> Unconfirmed(LawFloor floor) => floor.Confirmed ? [] : [new Warning("unconfirmed-rule", floor.Source)];

    private static bool Reaches(LawFloor floor, Question question, VocabularySet codes) =>
        floor.Reaches(question.Category, question.Purpose, question.Recipient, codes);

    /// <summary>A prohibition reaches what it names and everything below; named recipients narrow it to them.</summary>
    public static bool Forbids(DataTerm term, DataCategory category, Purpose purpose, string? recipient, VocabularySet codes) =>
        term.Decision == TermDecision.Forbidden
        && codes.DataCategories.Covers(term.Category, category.Code)
        && Purposes(term).Any(named => codes.Purposes.Covers(named, purpose.Code))
        && (term.Recipients is not { Count: > 0 } recipients || (recipient is not null && recipients.Contains(recipient)));

    private static bool Forbids(DataTerm term, Question question, VocabularySet codes) =>
        Forbids(term, question.Category, question.Purpose, question.Recipient, codes);

    private static bool Permits(DataTerm term, Question question, VocabularySet codes) =>
        term.Decision == TermDecision.Allowed
        && Purposes(term).Contains(question.Purpose.Code)
        && Inherits(term.Category, question.Category.Code, codes.DataCategories);

    /// <summary>A permission comes down from an ancestor unless something on the way must be named explicitly.</summary>
    private static bool Inherits(string from, string to, Vocabulary categories) =>
        categories.Covers(from, to)
        && !categories.AncestorsOrSelf(to).Except(categories.AncestorsOrSelf(from)).Any(c => categories.Find(c)?.ExplicitOnly == true);

    private static IEnumerable<string> Purposes(DataTerm term) => (term.SubPurposes ?? []).Prepend(term.Purpose);
}

/// <summary>A term with the agreement that it stands in.</summary>
internal sealed record Clause(AgreementOnTheDay Agreement, DataTerm Term)
{
    public Reason Because(string rule) => new(Agreement.Id, Agreement.Version, Term.Clause, Agreement.Level, rule);
}
