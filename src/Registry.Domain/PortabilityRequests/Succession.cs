using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Domain.PortabilityRequests;

/// <summary>What a person's lines rest on after the mandate that they were filed under, and until when the representative has them in sight.</summary>
/// <param name="Reach">What may still be asked.</param>
/// <param name="Until">The day from which on nobody holds a mandate for them any longer.</param>
/// <param name="DeliverTo">Who is to have the data until then.</param>
public sealed record Succession(IReadOnlyList<Scope> Reach, DateOnly Until, Recipient DeliverTo)
{
    /// <summary>
    /// What the same person said to the same representative anew takes over what was asked under a word that has run out, was
    /// given back or was replaced. What the person took back rests on nothing.
    /// </summary>
    /// <param name="mandate">Under which the lines were filed.</param>
    /// <param name="all">The person's mandates with that representative.</param>
    /// <param name="by">Whose request it is: the representative, or whom it entrusted.</param>
    /// <param name="reaches">Whether scopes reach anything that was asked.</param>
    /// <param name="today">The day it is there.</param>
    public static Succession Of(Mandate mandate, IReadOnlyCollection<Mandate> all, OrganisationId by, Func<IReadOnlyList<Scope>, bool> reaches, DateOnly today)
    {
        var tookBack = mandate.Said is MandateStatus.Withdrawn or MandateStatus.Ended || mandate.Scopes.Any(s => s.State == ScopeState.Withdrawn);
        List<Mandate> others = tookBack ? [] : [.. all.Where(m => m.Id != mandate.Id && m.AcceptedAt is not null && reaches(m.ReachOn(Later(today, m.Validity.From))))];
        // A newer one that was in force when it took the older one's place goes on carrying the lines, as any does that ran out, was paused or given back.
        var replacedOn = mandate.Scopes.Where(s => s.On(today) == ScopeState.Superseded).Min(s => s.From);
        var heirs = others.Where(m => m.Validity.From <= today && (m.StatusOn(today) == MandateStatus.Active || (m.GrantedAt >= mandate.GrantedAt && m.OverFrom() > replacedOn)));
        var (until, holder) = (today, (Mandate?)null);
        var held = others.Prepend(mandate).Where(m => m.Said == MandateStatus.Active && (m.Deed.Representative == by || m.MayBeUsedBy(by))).ToList();
        IEnumerable<Mandate> Next() => held.Where(m => m.Validity.From <= until && m.OverFrom() > until && (holder is null || IsAsOpen(m, holder)));
        for (var next = Next().FirstOrDefault(m => m.Id == mandate.Id) ?? Next().MaxBy(m => m.OverFrom()); next is not null; next = Next().MaxBy(m => m.OverFrom()))
        {
            (until, holder) = (next.OverFrom(), holder ?? next);
        }
        return new Succession(
            [.. mandate.ReachOn(today), .. heirs.SelectMany(heir => heir.ReachOn(today))], until,
            (holder ?? mandate).Deed.MayReceiveResponse ? Recipient.Representative : Recipient.Member);
    }

    /// <summary>Whoever lets the representative have the answer hands on to a word that lets it too; otherwise the person is answered.</summary>
    private static bool IsAsOpen(Mandate next, Mandate holder) => next.Deed.MayReceiveResponse || !holder.Deed.MayReceiveResponse;

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;
}
