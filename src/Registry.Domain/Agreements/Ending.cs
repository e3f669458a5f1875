using Registry.Domain.Kernel;
using Registry.Domain.Calendars;
using Registry.Domain.RuleSets;

namespace Registry.Domain.Agreements;

/// <summary>How a bargain ends: denunciation by its signatories, with notice and survival, and the agreement that takes its place.</summary>
public static class Ending
{
    /// <summary>
    /// Notice starts with the deposit of the denunciation (P). By part of a side it frees its authors only; where a
    /// signatory has lost its representativeness it counts for all once its authors weigh more than half (CT L7343-41 II).
    /// </summary>
    public static Outcome<AgreementEvent> Denounce(Agreement? agreement, Sitting at, DateOnly on, Weights weights)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        if (agreement.Signatories.FirstOrDefault(s => s.By == at.By) is not { } signed) return agreement.PartyOf(at.By) is null ? AgreementRefusals.NotAParty : AgreementRefusals.NotASignatory;
        if (agreement.Denunciations.Any(d => d.By == at.By)) return Outcome<AgreementEvent>.Nothing;
        if (on > at.Today) return AgreementRefusals.InTheFuture("/depositedOn");
        if (agreement.Ending() is not null) return AgreementRefusals.AlreadyDenounced;
        if (agreement.StateOn(on) != AgreementState.InForce) return AgreementRefusals.NotInForce;
        if (agreement.Denunciations.Any(d => d.DepositedOn > on)) return AgreementRefusals.BeforeAnotherAct("/depositedOn");
        var rule = at.Rules.Denunciation(on);
        var term = agreement.ValidityOn(on)!;
        if (rule.IndefiniteOnly && term.To is not null) return AgreementRefusals.FixedTerm(rule.Source);
        var notice = rule.AtTermEnd && term.To is { } end ? end.AddDays(-1) : rule.Notice?.After(on) ?? on;
        var whole = IsWhole(agreement, signed.Side, [.. agreement.Denunciations.Where(d => d.Side == signed.Side).Select(d => d.By), at.By], weights, rule);
        return new AgreementDenounced(
            agreement.Id, at.By, signed.Side, on, whole, notice, at.Rules.Survival(on).Until(notice, agreement.TextOn(on)!.Tabled.Survival), at.At);
    }

    /// <summary>A substitute in force ends the survival of what it replaces.</summary>
    public static Outcome<AgreementEvent> Substitute(Agreement? replaced, AgreementId by, AgreementDeposited deposit) =>
        replaced?.Own?.Deposit is not { } own || replaced.SubstitutedBy is not null || deposit.DepositedOn < own.DepositedOn
            ? Outcome<AgreementEvent>.Nothing
            : new AgreementSubstituted(replaced.Id, by, deposit.DepositedOn, deposit.Validity.From, deposit.At);

    /// <summary>May this negotiation say that it replaces another? One of its parties must have signed that one, under the same law.</summary>
    public static Refusal? MaySubstitute(Agreement replaced, AgreementOpened opened) =>
        replaced.RuleSet == opened.RuleSet && replaced.Signatories.Any(s => opened.Parties.Any(p => p.Organisation == s.By)) ? null : AgreementRefusals.NotASubstitute;

    private static bool IsWhole(Agreement agreement, Side side, HashSet<OrganisationId> authors, Weights weights, DenunciationRule rule)
    {
        var signed = agreement.Signatories.Where(s => s.Side == side).Select(s => s.By).ToList();
        var lost = weights.Of(side) is not null && signed.Any(o => !weights.IsRepresentative(side, o));
        return lost && rule.WhereLost is { } threshold ? threshold.Met(weights.Share(side, authors) ?? 0m) : signed.All(authors.Contains);
    }
}
