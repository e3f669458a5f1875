using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>A mandate as it stands on the day that is asked about.</summary>
public sealed record MandateOnTheDay(MandateStatus Status, Validity Validity, IReadOnlyList<Scope> Live);

/// <summary>What was agreed, and what one person mandated: an answer is allowed where both allow it.</summary>
public static class Mandated
{
    /// <summary>What is not allowed stays so; what the person's mandate does not reach was not agreed to by that person.</summary>
    public static Answer Within(Answer answer, MandateOnTheDay mandate, Question question, VocabularySet codes) =>
        answer.Verdict == Verdict.Allowed && WhyNot(mandate, question, codes) is { } rule ? answer with { Verdict = Verdict.NotAgreed, Rule = rule } : answer;

    /// <summary>A platform is told that a mandate does not hold, never why: it may tell that the person chose somebody else.</summary>
    public static Answer ForPlatform(Answer answer) =>
        answer.Rule is "mandate-paused" or "mandate-superseded" or "mandate-renounced" or "mandate-ended" or "mandate-withdrawn" ? answer with { Rule = "mandate-not-usable" } : answer;

    private static string? Over(MandateStatus status) => status switch
    {
        MandateStatus.Paused => "mandate-paused",
        MandateStatus.Withdrawn => "mandate-withdrawn",
        MandateStatus.Superseded => "mandate-superseded",
        MandateStatus.Renounced => "mandate-renounced",
        MandateStatus.Expired => "mandate-expired",
        MandateStatus.Ended => "mandate-ended",
        _ => null,
    };

    /// <summary>Narrower categories, and exactly the purposes that it names.</summary>
    private static string? WhyNot(MandateOnTheDay mandate, Question question, VocabularySet codes)
    {
        if (mandate.Status == MandateStatus.Offered) return "mandate-not-accepted";
        if (Over(mandate.Status) is { } over) return over;
        if (question.On < mandate.Validity.From) return "mandate-not-yet-valid";
        var here = mandate.Live.Where(s => s.Controllers.Contains(question.Platform)).ToList();
        if (here.Count == 0) return "mandate-other-controller";
        var wanted = here.Where(s => s.Purposes.Contains(question.Purpose.Code)).ToList();
        if (wanted.Count == 0) return "mandate-other-purpose";
        return wanted.Any(s => s.Categories.Any(c => codes.DataCategories.Covers(c, question.Category.Code))) ? null : "mandate-other-category";
    }
}
