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
    private const int MostElsewhere = 3;

    private readonly VocabularySet codes;
    private readonly Law law;
    private readonly Place[] places;
    private readonly KnownAgreement[] candidates;
    private readonly MembershipsKnown own;
    private readonly WorkStatus status;
    private readonly DateOnly day;
    private readonly List<AgreementOnTheDay> bound = [];
    private readonly Floors floors;

    internal Sheet(
        Law law, Floors floors, Place[] places, KnownAgreement[] candidates, MembershipsKnown own, OrganisationId? platform, WorkStatus status, DateOnly day)
    {
        (this.law, codes, this.floors, this.places, this.candidates, this.own, this.status, this.day) = (law, law.Codes, floors, places, candidates, own, status, day);
        foreach (var agreement in candidates)
        {
            if ((platform is { } asked ? agreement.BindingOn(day, asked, own.Memberships) : agreement.HoldingOn(day)) is { } binds) bound.Add(binds);
        }
    }

    /// <summary>For the bound on what is kept at hand: about 25 bytes each.</summary>
    internal int Weight => 16 + bound.Count + candidates.Length;

    /// <summary>The position of the last event that can have changed anything on it.</summary>
    public long Changed => candidates.Length == 0 ? 0 : Math.Max(candidates.Max(a => a.Changed), candidates.Any(Through) ? own.Changed : 0);

    public Answer Ask(Question question)
    {
        var asked = new Subject(codes.DataCategories.Number(question.Category.Code), codes.Purposes.Number(question.Purpose.Code), question.Recipient, codes);
        var coming = Coming(asked);
        LawFloor? keeping = null;
        foreach (var floor in floors.InForce)
        {
            if (!floor.Reaches(asked)) continue;
            if (floor.Law.Forbids) return Answer.Plain(Verdict.Forbidden, "law-floor", [Folding.Because(floor.Law)], [.. coming, .. Folding.Unconfirmed(floor.Law)], 0);
            keeping = Folding.Longer(keeping, floor.Law, day);
        }
        return Decide(question, asked, coming, keeping) ?? Elsewhere(asked, coming);
    }

    /// <summary>Every category and purpose that a clause here names, with what holds of it.</summary>
    public IReadOnlyList<(DataCategory Category, Purpose Purpose, Answer Answer)> Everything(Func<DataCategory, Purpose, Question> asking)
    {
        var subjects = new SortedSet<(string Category, string Purpose)>(Comparer<(string Category, string Purpose)>.Create((x, y) =>
            string.CompareOrdinal(x.Category, y.Category) is not 0 and var first ? first : string.CompareOrdinal(x.Purpose, y.Purpose)));
        foreach (var agreement in bound)
        {
            foreach (var provision in agreement.Provisions.All) subjects.Add((provision.Term.Category, codes.Purposes.CodeOf(provision.Purpose)));
        }
        return [.. subjects.Select(s => (new DataCategory(s.Category), new Purpose(s.Purpose), Ask(asking(new(s.Category), new(s.Purpose)))))];
    }

    private Answer? Decide(Question question, in Subject asked, Warning[] coming, LawFloor? keeping)
    {
        List<Reason>? found = null;
        foreach (var agreement in bound)
        {
            foreach (ref readonly var provision in agreement.Provisions.Forbidding)
            {
                if (provision.Reaches(asked) && !Named(found, provision.Term)) (found ??= []).Add(Reason.Of(agreement, provision.Term, "prohibition"));
            }
        }
        if (found is not null) return Answer.Plain(Verdict.Forbidden, "prohibition", found, Folding.Resting(coming, found), PositionOf(asked));
        foreach (var agreement in bound)
        {
            foreach (ref readonly var provision in agreement.Provisions.Permitting(asked.Purpose))
            {
                if (asked.IsGivenBy(provision.Category)) (found ??= []).Add(Reason.Of(agreement, provision.Term, "permission"));
            }
        }
        return found is null ? null : Folding.Fold(question, found, keeping, law, coming, PositionOf(asked));
    }

    /// <summary>Nothing that binds answers: either somebody else's agreement would, or nobody's.</summary>
    private Answer Elsewhere(in Subject asked, Warning[] coming)
    {
        var (found, position) = ((List<Reason>?)null, PositionOf(asked));
        foreach (var place in places)
        {
            foreach (var giver in codes.DataCategories.Givers(asked.Category))
            {
                if (place.Permitting(giver, asked.Purpose) is { } permitting) Consider(permitting, asked, ref found, ref position);
            }
            foreach (var wider in codes.DataCategories.Above(asked.Category))
            {
                foreach (var (purpose, forbidding) in place.Forbidding(wider))
                {
                    if (asked.IsForPurpose(purpose)) Consider(forbidding, asked, ref found, ref position);
                }
            }
        }
        return found is null
            ? Answer.Plain(Verdict.NotAgreed, "silence", [], coming, position)
            : Answer.Plain(Verdict.NotBound, "not-bound", found, coming, position);
    }

    private void Consider(Speaking speaking, in Subject asked, ref List<Reason>? found, ref long position)
    {
        position = Math.Max(position, speaking.ChangedBy(day, status));
        foreach (var (agreement, term) in speaking.All)
        {
            if (found?.Count >= MostElsewhere) return;
            if (!term.Concerns(asked.Recipient) || !agreement.IsFor(status) || IsBound(agreement) || agreement.HoldingOn(day) is not { } holding) continue;
            if (agreement.StandsIn(holding, term) && !Named(found, term)) (found ??= []).Add(Reason.Of(holding, term, "not-bound"));
        }
    }

    private bool IsBound(KnownAgreement agreement)
    {
        foreach (var binds in bound)
        {
            if (binds.Id == agreement.Facts.Id) return true;
        }
        return false;
    }

    /// <summary>A clause may name two purposes that both stand above what is asked.</summary>
    private static bool Named(List<Reason>? found, DataTerm term)
    {
        if (found is null) return false;
        foreach (var reason in found)
        {
            if (ReferenceEquals(reason.Term, term)) return true;
        }
        return false;
    }

    private long PositionOf(in Subject asked)
    {
        var (last, through) = (0L, false);
        foreach (var agreement in candidates)
        {
            if (!agreement.SpeaksOf(asked)) continue;
            (last, through) = (Math.Max(last, agreement.Changed), through || Through(agreement));
        }
        return through ? Math.Max(last, own.Changed) : last;
    }

    /// <summary>It reaches the platform through an organisation that this one is or was a member of.</summary>
    private bool Through(KnownAgreement agreement)
    {
        foreach (var membership in own.Memberships)
        {
            if (Array.IndexOf(agreement.Signers, membership.Organisation) >= 0) return true;
        }
        return false;
    }

    /// <summary>Whoever asks is told of a rule that is written and not in force yet.</summary>
    private Warning[] Coming(in Subject asked)
    {
        List<Warning>? found = null;
        foreach (var floor in floors.ToCome)
        {
            if (floor.Reaches(asked)) (found ??= []).Add(new Warning("rule-not-in-force", floor.Law.Source));
        }
        return found?.ToArray() ?? [];
    }
}
