using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>
/// What holds for one platform in one sector and place, for one status, on one day: law floor first, then every agreement
/// that binds, folded. A prohibition is inherited on every axis that it names; a permission never by purpose.
/// </summary>
public sealed class Sheet
{
    /// <summary>Of agreements that deal with something and do not bind, so many clauses are named.</summary>
    private const int MostElsewhere = 20;

    private readonly VocabularySet codes;
    private readonly Law law;
    private readonly IReadOnlyList<Place> places;
    private readonly IReadOnlyList<KnownAgreement> candidates;
    private readonly MembershipsKnown own;
    private readonly WorkStatus status;
    private readonly DateOnly day;
    private readonly HashSet<AgreementId> binding = [];
    private readonly Dictionary<int, List<Bound>> permitting = [];
    private readonly Dictionary<int, List<Bound>> forbidding = [];
    private readonly IReadOnlyList<LawFloor> floors;
    private readonly IReadOnlyList<LawFloor> floorsToCome;

    internal Sheet(
        Law law, IReadOnlyList<Place> places, IReadOnlyList<KnownAgreement> candidates, MembershipsKnown own, OrganisationId? platform, string territory, WorkStatus status, DateOnly day)
    {
        (this.law, codes, this.places, this.own, this.status, this.day) = (law, law.Codes, places, own, status, day);
        this.candidates = [.. candidates.Where(a => a.From <= day)];
        foreach (var agreement in this.candidates) Take(platform is { } asked ? agreement.BindingOn(day, asked, own.Memberships) : agreement.HoldingOn(day));
        var country = new Territory(territory).Country;
        floors = [.. law.Floors.Where(f => f.InForce(day, country, status))];
        floorsToCome = [.. law.Floors.Where(f => f.From is null && f.AppliesTo(country, status))];
    }

    private readonly record struct Bound(AgreementOnTheDay Agreement, Provision Provision);

    internal int Weight { get; private set; } = 20;

    /// <summary>The position of the last event that can have changed anything on it.</summary>
    public long Changed => candidates.Count == 0 ? 0 : Math.Max(candidates.Max(a => a.Changed), candidates.Any(Through) ? own.Changed : 0);

    public Answer Ask(Question question)
    {
        var (category, purpose) = (codes.DataCategories.Number(question.Category.Code), codes.Purposes.Number(question.Purpose.Code));
        var coming = Coming(question);
        foreach (var floor in floors)
        {
            if (floor.Forbids && Reaches(floor, question)) return Answer.Plain(Verdict.Forbidden, "law-floor", [Folding.Because(floor)], [.. coming, .. Folding.Unconfirmed(floor)], 0);
        }
        return Forbidden(question, category, purpose, coming) ?? Allowed(question, category, purpose, coming) ?? Elsewhere(question, category, purpose, coming);
    }

    /// <summary>Every category and purpose that a clause here names, with what holds of it.</summary>
    public IReadOnlyList<(DataCategory Category, Purpose Purpose, Answer Answer)> Everything(Func<DataCategory, Purpose, Question> asking)
    {
        var bound = permitting.Values.Concat(forbidding.Values).SelectMany(group => group).Select(b => b.Provision);
        return
        [
            .. bound.Select(p => (Category: new DataCategory(p.Term.Category), Purpose: new Purpose(codes.Purposes.CodeOf(p.Purpose)))).Distinct()
                .OrderBy(s => s.Category.Code, StringComparer.Ordinal).ThenBy(s => s.Purpose.Code, StringComparer.Ordinal)
                .Select(s => (s.Category, s.Purpose, Ask(asking(s.Category, s.Purpose)))),
        ];
    }

    private void Take(AgreementOnTheDay? agreement)
    {
        if (agreement is null) return;
        binding.Add(agreement.Id);
        foreach (var provision in agreement.Provisions)
        {
            var of = provision.Term.Decision == TermDecision.Allowed ? permitting : forbidding;
            if (!of.TryGetValue(provision.Purpose, out var group)) of[provision.Purpose] = group = [];
            group.Add(new Bound(agreement, provision));
        }
        Weight += agreement.Provisions.Length;
    }

    private Answer? Forbidden(Question question, int category, int purpose, Warning[] coming)
    {
        if (forbidding.Count == 0) return null;
        List<Reason>? found = null;
        foreach (var above in codes.Purposes.Above(purpose))
        {
            if (!forbidding.TryGetValue(above, out var group)) continue;
            foreach (var (agreement, provision) in group)
            {
                if (!provision.Forbids(category, purpose, question.Recipient, codes) || found?.Exists(r => ReferenceEquals(r.Term, provision.Term)) == true) continue;
                (found ??= []).Add(Reason.Of(agreement, provision.Term, "prohibition"));
            }
        }
        return found is null ? null : Answer.Plain(Verdict.Forbidden, "prohibition", found, Folding.Resting(coming, found), PositionOf(category, purpose));
    }

    private Answer? Allowed(Question question, int category, int purpose, Warning[] coming)
    {
        if (!permitting.TryGetValue(purpose, out var group)) return null;
        List<Reason>? found = null;
        foreach (var (agreement, provision) in group)
        {
            if (codes.DataCategories.Inherits(provision.Category, category)) (found ??= []).Add(Reason.Of(agreement, provision.Term, "permission"));
        }
        return found is null ? null : Folding.Fold(question, found, floors, law, coming, PositionOf(category, purpose));
    }

    /// <summary>Nothing that binds answers: either somebody else's agreement would, or nobody's.</summary>
    private Answer Elsewhere(Question question, int category, int purpose, Warning[] coming)
    {
        List<KnownAgreement>? speaking = null;
        foreach (var place in places) place.AddSpeaking(category, purpose, law, ref speaking);
        var position = PositionOf(category, purpose);
        if (speaking is null) return Answer.Plain(Verdict.NotAgreed, "silence", [], coming, position);
        List<Reason>? found = null;
        foreach (var agreement in speaking.Distinct().Where(a => a.From <= day && a.Facts.Scope.Statuses.Contains(status)).OrderBy(a => a.Facts.Id.Value))
        {
            position = Math.Max(position, agreement.Changed);
            if (found?.Count >= MostElsewhere || binding.Contains(agreement.Facts.Id) || agreement.HoldingOn(day) is not { } holding) continue;
            foreach (var provision in holding.Provisions)
            {
                if (!provision.Permits(category, purpose, codes) && !provision.Forbids(category, purpose, question.Recipient, codes)) continue;
                if (found is null || !ReferenceEquals(found[^1].Term, provision.Term)) (found ??= []).Add(Reason.Of(holding, provision.Term, "not-bound"));
            }
        }
        return found is null
            ? Answer.Plain(Verdict.NotAgreed, "silence", [], coming, position)
            : Answer.Plain(Verdict.NotBound, "not-bound", found, coming, position);
    }

    private long PositionOf(int category, int purpose)
    {
        var (last, through) = (0L, false);
        foreach (var agreement in candidates)
        {
            if (!agreement.SpeaksOf(category, purpose)) continue;
            (last, through) = (Math.Max(last, agreement.Changed), through || Through(agreement));
        }
        return through ? Math.Max(last, own.Changed) : last;
    }

    /// <summary>It reaches the platform through an organisation that this one is or was a member of.</summary>
    private bool Through(KnownAgreement agreement)
    {
        foreach (var membership in own.Memberships)
        {
            if (agreement.Signers.Contains(membership.Organisation)) return true;
        }
        return false;
    }

    /// <summary>Whoever asks is told of a rule that is written and not in force yet.</summary>
    private Warning[] Coming(Question question)
    {
        List<Warning>? found = null;
        foreach (var floor in floorsToCome)
        {
            if (Reaches(floor, question)) (found ??= []).Add(new Warning("rule-not-in-force", floor.Source));
        }
        return found?.ToArray() ?? [];
    }

    private bool Reaches(LawFloor floor, Question question) => floor.Reaches(question.Category, question.Purpose, question.Recipient, codes);
}
