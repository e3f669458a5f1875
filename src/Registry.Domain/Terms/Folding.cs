using Registry.Domain.Calendars;

namespace Registry.Domain.Terms;

/// <summary>Several permissions make one: the shortest maximum, the longest minimum, only the recipients and bases that all name.</summary>
internal static class Folding
{
    public static Answer Fold(Question question, IReadOnlyList<Clause> permitting)
    {
        var terms = permitting.Select(c => c.Term).ToList();
        var folded = new Answer(
            Verdict.Allowed, "most-protective",
            Durations(terms, t => t.MaxRetention).MinBy(p => p.After(question.On)),
            Durations(terms, t => t.MinRetention).MaxBy(p => p.After(question.On)),
            Shared(terms, t => t.Recipients),
            [.. terms.SelectMany(t => t.Safeguards ?? []).Distinct().Order(StringComparer.Ordinal)],
            terms.Max(t => t.MinGroup), terms.Max(t => t.Generalisation), Shared(terms, t => t.LegalBasis),
            [.. terms.Select(t => t.Entitlements).OfType<Entitlements>().Distinct()],
            [.. permitting.Select(c => c.Because("permission"))], []);
        return Contradiction(folded, question.On) ?? Condition(folded, question) ?? folded;
    }

    private static Answer? Contradiction(Answer folded, DateOnly on)
    {
        if (folded.LegalBases.Count == 0) return folded with { Verdict = Verdict.Conflict, Rule = "no-common-legal-basis" };
        return folded.MinRetention?.After(on) > folded.MaxRetention?.After(on)
            ? folded with { Verdict = Verdict.Conflict, Rule = "minimum-above-maximum" }
            : null;
    }

    private static Answer? Condition(Answer folded, Question question) => question switch
    {
        { Recipient: { } recipient } when !Receives(folded, recipient) => folded with { Verdict = Verdict.NotAgreed, Rule = "recipient-not-listed" },
        { Retention: { } asked } when asked.After(question.On) > folded.MaxRetention?.After(question.On) => Failed(folded, "retention-above-maximum"),
        { Retention: { } asked } when asked.After(question.On) < folded.MinRetention?.After(question.On) => Failed(folded, "retention-below-minimum"),
        { GroupSize: { } size } when size < folded.MinGroup => Failed(folded, "group-below-minimum"),
        _ => null,
    };

    private static Answer Failed(Answer folded, string rule) => folded with { Verdict = Verdict.Forbidden, Rule = rule };

    /// <summary>Without any recipient named, the controller alone.</summary>
    private static bool Receives(Answer folded, string recipient) =>
        folded.Recipients.Contains(recipient) || (recipient == "platform" && folded.Recipients.Count == 0);

    private static IEnumerable<Period> Durations(IEnumerable<DataTerm> terms, Func<DataTerm, string?> duration) =>
        terms.Select(duration).OfType<string>().Select(Period.Parse).OfType<Period>();

    private static List<string> Shared(List<DataTerm> terms, Func<DataTerm, IReadOnlyList<string>?> codes) =>
        [.. terms.Skip(1).Aggregate((codes(terms[0]) ?? []).AsEnumerable(), (shared, term) => shared.Intersect(codes(term) ?? [])).Distinct().Order(StringComparer.Ordinal)];
}
