using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.PortabilityRequests;

/// <summary>Which columns of a request a mandate reaches: narrower categories, and exactly the purposes that it names.</summary>
public static class Coverage
{
    /// <summary>A request's columns: every asked category under every asked hook that reaches it.</summary>
    public static IReadOnlyList<LineColumn> Columns(RequestMatter matter, HookSet hooks, VocabularySet codes) =>
    [
        .. from category in matter.Categories
           from hook in matter.Hooks
           where hooks.Find(hook)?.Reaches(new DataCategory(category), codes) == true
           select new LineColumn(category, hook),
    ];

    public static IReadOnlyList<int> Of(
        IReadOnlyList<Scope> scopes, RequestMatter matter, IReadOnlyList<LineColumn> columns, HookSet hooks, VocabularySet codes) =>
        [.. Enumerable.Range(0, columns.Count).Where(index => scopes.Any(scope => Reaches(scope, matter, columns[index], hooks, codes)))];

    /// <summary>The first reason for which a mandate has no place in the cohort, or null.</summary>
    public static string? WhyNot(
        MandateStatus status, Validity validity, IReadOnlyList<Scope> live, RequestMatter matter, IReadOnlyList<int> covered, DateOnly today) => status switch
        {
            MandateStatus.Offered => "notAccepted",
            MandateStatus.Paused => "paused",
            MandateStatus.Withdrawn => "withdrawn",
            MandateStatus.Superseded => "superseded",
            MandateStatus.Renounced => "renounced",
            MandateStatus.Ended => "ended",
            MandateStatus.Expired => "expired",
            _ when today < validity.From => "notYetValid",
            _ when validity.To <= today => "expired",
            _ when live.All(s => !s.Controllers.Contains(matter.Platform)) => "otherController",
            _ when live.All(s => !s.Purposes.Contains(matter.Purpose)) => "purposeNotCovered",
            _ when covered.Count == 0 => "categoriesOrRightsNotCovered",
            _ => null,
        };

    private static bool Reaches(Scope scope, RequestMatter matter, LineColumn column, HookSet hooks, VocabularySet codes) =>
        scope.Controllers.Contains(matter.Platform)
        && scope.Purposes.Contains(matter.Purpose)
        && hooks.Find(column.Hook) is { Right: { } exercised } && scope.Rights.Any(right => right.ToString().Equals(exercised, StringComparison.OrdinalIgnoreCase))
        && scope.Categories.Any(category => codes.DataCategories.Covers(category, column.Category));
}
