using Registry.Domain.Kernel;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Mandates;

/// <summary>
/// A new mandate for the same matter takes the first one's place (C. civ. 2006), unless one of the two says that it stands
/// beside others. The matter is a right over a category for a purpose at a controller; a scope that shares one ends whole.
/// </summary>
public static class Supersession
{
    /// <summary>What the others of the same person lose to a mandate that begins to hold.</summary>
    /// <param name="mandate">The one that begins to hold, by acceptance or by recording.</param>
    /// <param name="other">Another mandate of the same person.</param>
    /// <param name="codes">The words.</param>
    /// <param name="today">The day it is there.</param>
    /// <param name="at">Now.</param>
    public static Outcome<MandateEvent> Of(Mandate mandate, Mandate other, VocabularySet codes, DateOnly today, DateTimeOffset at)
    {
        if (other.Id == mandate.Id || !mandate.Deed.Exclusive || !other.Deed.Exclusive) return Outcome<MandateEvent>.Nothing;
        var isOlderOffer = other.StatusOn(today) == MandateStatus.Offered && other.GrantedAt < mandate.GrantedAt; // the member's later word, and not the quicker hand
        if (!isOlderOffer && other.StatusOn(today) is not (MandateStatus.Active or MandateStatus.Paused)) return Outcome<MandateEvent>.Nothing;
        var from = mandate.Validity.From > today ? mandate.Validity.From : today;
        var live = mandate.LiveOn(from);
        return other.Supersede([.. other.Scopes.Where(s => s.On(from) == ScopeState.Live && live.Any(mine => SharesMatter(mine, s.Scope, codes))).Select(s => s.Scope.Id)], from, at);
    }

    /// <summary>What the others get back where a mandate, or scopes of it, end before their first day.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="after">As it is now.</param>
    /// <param name="other">Another mandate of the same person.</param>
    /// <param name="all">All of them: what a third one takes over on that day stays taken.</param>
    /// <param name="codes">The words.</param>
    /// <param name="today">The day it is there.</param>
    /// <param name="at">Now.</param>
    public static Outcome<MandateEvent> Lifted(Mandate before, Mandate after, Mandate other, IReadOnlyCollection<Mandate> all, VocabularySet codes, DateOnly today, DateTimeOffset at)
    {
        if (other.Id == before.Id || before.Validity.From <= today || before.StatusOn(today) is not (MandateStatus.Active or MandateStatus.Paused)) return Outcome<MandateEvent>.Nothing;
        var stays = after.StatusOn(today) is MandateStatus.Active or MandateStatus.Paused ? after.LiveOn(today) : [];
        var gone = before.LiveOn(today).Where(s => stays.All(left => left.Id != s.Id)).ToList();
        var thirds = all.Where(m => m.Id != before.Id && m.Id != other.Id && m.Deed.Exclusive && m.StatusOn(today) is (MandateStatus.Active or MandateStatus.Paused)).SelectMany(m => m.LiveOn(before.Validity.From)).ToList();
        var back = other.Scopes.Where(s => s.State == ScopeState.Superseded && s.From == before.Validity.From
            && gone.Any(mine => SharesMatter(mine, s.Scope, codes)) && !stays.Any(mine => SharesMatter(mine, s.Scope, codes)) && !thirds.Any(mine => SharesMatter(mine, s.Scope, codes))).Select(s => s.Scope.Id).ToList();
        return back.Count == 0 ? Outcome<MandateEvent>.Nothing : new MandateSupersessionLifted(other.Id, back, at);
    }

    public static bool SharesMatter(Scope one, Scope other, VocabularySet codes) =>
        one.Controllers.Intersect(other.Controllers).Any() && one.Purposes.Intersect(other.Purposes).Any() && one.Rights.Intersect(other.Rights).Any()
        && one.Categories.Any(c => other.Categories.Any(o => codes.DataCategories.Covers(c, o) || codes.DataCategories.Covers(o, c)));
}
