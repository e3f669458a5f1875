using Registry.Domain.Kernel;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Mandates;

/// <summary>A mandate must be precise in object and duration (CNIL 2021-070, C. civ. 1988-1989); the longest term is policy.</summary>
public static class MandatePolicy
{
    /// <summary>Policy, no legal text behind it: renewal is explicit.</summary>
    public const int LongestMonths = 12;

    /// <summary>Policy: from this age on a mandate needs no guardian.</summary>
    public const int AgeAlone = 16;

    /// <summary>Policy after C. civ. 2224: for so many years after its end a mandate proves that there was one.</summary>
    public const int YearsKept = 5;

    /// <summary>Policy: for so many days after the end of their last mandate a person's name, contact and accounts are kept.</summary>
    public const int VaultDays = 30;

    /// <summary>Policy: proofs of the member's own in one mandate.</summary>
    public const int MostProofs = 50;

    /// <summary>Policy: for so long an invitation can be taken up.</summary>
    public const int InvitationDays = 30;

    private const string AnyPurpose = "dpv:Purpose";

    public static Refusal? Check(MandateDeed deed, VocabularySet codes, DateOnly today) =>
        Refusal.Together([.. OfValidity(deed.Validity, deed.Evidence?.CapturedOn ?? today, today), .. deed.Scopes.SelectMany((scope, index) => OfScope(scope, $"/scopes/{index}", codes)), .. OfEverything(deed.Scopes, codes)]);

    /// <summary>From 16 on alone, below with a guardian's signature (policy over LIL Art. 45, which says 15).</summary>
    public static Refusal? OfAge(DateOnly? born, GuardianConsent? guardian, DateOnly today) =>
        born is { } day && day.AddYears(AgeAlone) > today && guardian is null ? MandateRefusals.GuardianNeeded
        : guardian?.SignedOn > today ? MandateRefusals.InTheFuture("/guardian/signedOn") : null;

    /// <summary>Nobody's word was received, and no document made, on a day to come.</summary>
    internal static Refusal? Dated(DateOnly? receivedOn, MandateEvidence? evidence, DateOnly today) =>
        receivedOn > today ? MandateRefusals.InTheFuture("/receivedOn") : evidence?.CapturedOn > today ? MandateRefusals.InTheFuture("/evidence/capturedOn") : null;

    private static IEnumerable<Refusal> OfValidity(Validity validity, DateOnly saidOn, DateOnly today)
    {
        if (validity.From > saidOn.AddMonths(LongestMonths)) yield return MandateRefusals.BeginsTooLate(LongestMonths); // no paper is good for year after year
        if (validity.To <= today) yield return MandateRefusals.AlreadyOver;
        if (validity.To is null) yield return MandateRefusals.NoEnd;
        if (validity.To <= validity.From) yield return MandateRefusals.EndsBeforeStart;
        if (validity.To > validity.From.AddMonths(LongestMonths)) yield return MandateRefusals.TooLong(LongestMonths);
    }

    private static IEnumerable<Refusal> OfScope(Scope scope, string at, VocabularySet codes)
    {
        if (scope.Controllers.Count == 0) yield return MandateRefusals.NoController.At(at + "/controllers");
        if (scope.Rights.Count == 0) yield return MandateRefusals.NoObject.At(at + "/rights");
        if (scope.Categories.Count == 0) yield return MandateRefusals.NoObject.At(at + "/categories");
        if (scope.Purposes.Count == 0) yield return MandateRefusals.NoObject.At(at + "/purposes");
        if (scope.Purposes.Contains(AnyPurpose)) yield return MandateRefusals.GeneralMandate.At(at + "/purposes");
        if (scope.Rights.Select(Kind).Distinct().Count() > 1) yield return MandateRefusals.SeparateScopes.At(at + "/rights");
    }

    /// <summary>To exercise rights, to complain and to claim damages are three objects (GDPR Art. 80; CNIL 2021-070): each is given, and taken back, by itself.</summary>
    private static int Kind(MandateRight right) => right is MandateRight.Access or MandateRight.Portability ? 0 : (int)right;

    /// <summary>Everything that may be inherited at all, over all its scopes, is no object.</summary>
    private static IEnumerable<Refusal> OfEverything(IReadOnlyList<Scope> scopes, VocabularySet codes)
    {
        var named = scopes.SelectMany(s => s.Categories).ToHashSet(StringComparer.Ordinal);
        if (codes.DataCategories.Roots.Where(root => !codes.DataCategories.Find(root)!.ExplicitOnly).All(named.Contains)) yield return MandateRefusals.GeneralMandate.At("/scopes/0/categories");
    }
}
