using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>
/// The guards at the table. Under GDPR Art. 88 a collective agreement is no legal basis and cannot lower Arts 5, 6 and 9
/// (CJEU C-65/23), so each refusal names its source.
/// </summary>
public static class TermGuards
{
    private const string SaleOfData = "dpv:SellDataToThirdParties";

    public static Refusal? Check(IReadOnlyList<DataTerm> terms, VocabularySet codes, IReadOnlyList<LawFloor> floors, AgreementScope scope, DateOnly day, string at)
    {
        var doubled = terms.GroupBy(t => t.Clause, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        var refusals = terms.SelectMany((term, index) => Of(term, $"{at}/{index}", codes, day).Concat(BelowFloors(term, $"{at}/{index}", codes, floors, scope, day)));
        return Refusal.Together(doubled is null ? refusals : refusals.Prepend(new Refusal("clause-twice", RefusalKind.Rule, at, doubled)));
    }

    private static IEnumerable<Refusal> Of(DataTerm term, string at, VocabularySet codes, DateOnly day)
    {
        if (term.Consideration == Consideration.ServiceAccess) yield return Refused("service-access-as-consideration", at + "/consideration");
        if (term.Consideration == Consideration.Price) yield return Refused("price-on-personal-data", at + "/consideration");
        foreach (var (basis, index) in (term.LegalBasis ?? []).Select((basis, index) => (basis, index)))
        {
            if (codes.LegalBases.Find(basis)?.Refused is not null) yield return Refused("agreement-is-no-legal-basis", $"{at}/legalBasis/{index}");
        }
        if (term.Decision == TermDecision.Forbidden) yield break;
        if (!(term.LegalBasis ?? []).Any(b => b.StartsWith("gdpr:A6-1-", StringComparison.Ordinal))) yield return Refused("no-legal-basis", at + "/legalBasis");
        if (IsSpecial(term.Category, codes) && !term.LegalBasis!.OrEmpty().Any(b => b.StartsWith("gdpr:A9-2-", StringComparison.Ordinal)))
        {
            yield return Refused("special-category-without-basis", at + "/legalBasis");
        }
        if (AllPurposes(term).Any(p => codes.Purposes.Covers(SaleOfData, p))) yield return Refused("sale-of-personal-data", at + "/purpose");
        if (term.MaxRetention is null) yield return Refused("open-ended-retention", at + "/maxRetention");
        if (Reach(term.MinRetention, day) > Reach(term.MaxRetention, day)) yield return Refused("minimum-above-maximum", at + "/minRetention");
    }

    /// <summary>Nobody can agree to what the law forbids somewhere in the scope; a wider permission stands, and the floor is cut out of it when it is asked about.</summary>
    private static IEnumerable<Refusal> BelowFloors(
        DataTerm term, string at, VocabularySet codes, IReadOnlyList<LawFloor> floors, AgreementScope scope, DateOnly day)
    {
        if (term.Decision == TermDecision.Forbidden) yield break;
        var countries = scope.Territories.Select(t => new Territory(t).Country).Distinct().ToList();
        foreach (var floor in floors.Where(f => countries.Any(country => scope.Statuses.Any(status => f.InForce(day, country, status)))))
        {
            if (!AllPurposes(term).Any(purpose => Reaches(floor, term, purpose, codes))) continue;
            if (floor.Forbids) yield return new Refusal("below-law-floor", RefusalKind.Rule, at + "/category", floor.Source);
            else if (Reach(term.MaxRetention, day) < Reach(floor.MinRetention, day)) yield return new Refusal("below-law-floor", RefusalKind.Rule, at + "/maxRetention", floor.Source);
        }
    }

    private static bool Reaches(LawFloor floor, DataTerm term, string purpose, VocabularySet codes) =>
        term.Recipients.OrEmpty().Cast<string?>().DefaultIfEmpty(null).Any(recipient => floor.Reaches(new(term.Category), new(purpose), recipient, codes));

    private static bool IsSpecial(string category, VocabularySet codes) =>
        codes.DataCategories.AncestorsOrSelf(category).Any(c => codes.DataCategories.Find(c)?.Special == true);

    private static IEnumerable<string> AllPurposes(DataTerm term) => term.SubPurposes.OrEmpty().Prepend(term.Purpose);

    /// <summary>Durations are compared by the day they reach.</summary>
    private static DateOnly? Reach(string? duration, DateOnly day) => duration is null ? null : Period.Parse(duration)?.After(day);

    private static Refusal Refused(string code, string pointer) => new(code, RefusalKind.Rule, pointer);

    private static IEnumerable<string> OrEmpty(this IEnumerable<string>? codes) => codes ?? [];
}
