using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Agreements;

/// <summary>How a bargain ends: denunciation by its signatories, with notice and survival, and the agreement that takes its place.</summary>
public static class Ending
{
    /// <summary>
    /// Notice starts with the deposit of the denunciation (P), which its author cannot date back. By part of a side it frees its
    /// authors only; where a signatory has lost its representativeness it has effect once its authors weigh more than half
    /// (CT L7343-41 II), and none before.
    /// </summary>
    /// <param name="agreement">In force.</param>
    /// <param name="at">One of its signatories.</param>
    /// <param name="on">The day of the deposit.</param>
    /// <param name="then">The weights at the signature.</param>
    /// <param name="now">The weights today.</param>
    public static Outcome<AgreementEvent> Denounce(Agreement? agreement, Sitting at, DateOnly on, Weights then, Weights now)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        if (agreement.Signatories.FirstOrDefault(s => s.By == at.By) is not { } signed) return agreement.PartyOf(at.By) is null ? AgreementRefusals.NotAParty : AgreementRefusals.NotASignatory;
        if (on > at.Today) return AgreementRefusals.InTheFuture("/depositedOn");
        if (on < at.Today) return AgreementRefusals.BackDated("/depositedOn");
        if (agreement.Denunciations.Any(d => d.By == at.By && d.Suspended is null && !agreement.SignedSince(d))) return Outcome<AgreementEvent>.Nothing;
        if (agreement.Ending() is not null) return AgreementRefusals.AlreadyDenounced;
        if (agreement.StateOn(on) != AgreementState.InForce) return AgreementRefusals.NotInForce;
        var (rule, term) = (at.Rules.Denunciation(on), agreement.ValidityOn(on)!);
        if (rule.IndefiniteOnly && term.To is not null) return AgreementRefusals.FixedTerm(rule.Source);
        var last = term.To?.AddDays(-1); // a denunciation never prolongs a term
        var notice = rule.AtTermEnd && last is { } end ? end : Earlier(rule.Notice?.After(on) ?? on, rule.AtTermEnd ? null : last)!.Value;
        var survival = at.Rules.Survival(on).Until(notice, agreement.SurvivalOn(on));
        var (whole, suspended) = Weigh(agreement, signed.Side, at.By, rule, then, now);
        return new AgreementDenounced(
            agreement.Id, at.By, signed.Side, on, whole, notice, rule.AtTermEnd ? survival : Earlier(survival, last), at.At, suspended ? true : null);
    }

    /// <summary>A substitute in force ends the survival of what it replaces; of several the first in force does.</summary>
    public static Outcome<AgreementEvent> Substitute(Agreement? replaced, AgreementId by, AgreementDeposited deposit) =>
        replaced?.Own?.Deposit is not { } own || replaced.SubstitutedBy?.From <= deposit.Validity.From || deposit.DepositedOn < own.DepositedOn
            ? Outcome<AgreementEvent>.Nothing
            : new AgreementSubstituted(replaced.Id, by, deposit.DepositedOn, deposit.Validity.From, deposit.At);

    /// <summary>
    /// May this negotiation say that it replaces another? It must be an agreement of one of its signatories, under the same law,
    /// for all whom that one is about.
    /// </summary>
    public static Refusal? MaySubstitute(Agreement replaced, AgreementOpened opened, VocabularySet codes) =>
        replaced.RuleSet == opened.RuleSet && replaced.Nature == Nature.Agreement && opened.Nature == Nature.Agreement
        && replaced.Signatories.Any(s => opened.Parties.Any(p => p.Organisation == s.By))
        && replaced.Scope.Sectors.All(s => opened.Scope.Sectors.Any(wider => codes.Sectors.Covers(wider, s)))
        && replaced.Scope.Territories.All(t => opened.Scope.Territories.Any(wider => codes.Territories.Covers(wider, t)))
        && replaced.Scope.Statuses.All(opened.Scope.Statuses.Contains) ? null : AgreementRefusals.NotASubstitute;

    private static (bool Whole, bool Suspended) Weigh(Agreement agreement, Side side, OrganisationId by, DenunciationRule rule, Weights then, Weights now)
    {
        var signed = agreement.Signatories.Where(s => s.Side == side).Select(s => s.By).ToList();
        var authors = agreement.Denunciations.Where(d => d.Side == side && !agreement.SignedSince(d)).Select(d => d.By).Append(by).ToHashSet();
        var lost = agreement.Nature == Nature.Agreement && signed.Any(o => then.IsRepresentative(side, o) && !now.IsRepresentative(side, o));
        if (!lost || rule.WhereLost is not { } threshold) return (signed.All(authors.Contains), false);
        var enough = threshold.Met(now.Share(side, authors) ?? 0m);
        return (enough, !enough);
    }

    private static DateOnly? Earlier(DateOnly? one, DateOnly? other) => one is null || other < one ? other ?? one : one;
}
