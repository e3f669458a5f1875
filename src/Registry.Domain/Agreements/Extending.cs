using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;

namespace Registry.Domain.Agreements;

/// <summary>The extension of a text to those who signed nothing (CT L2261-15, L2261-19, L7343-49): notice, opposition, decision.</summary>
public static class Extending
{
    /// <summary>The authority makes known that it means to extend the text deposited last.</summary>
    public static Outcome<AgreementEvent> Notice(Agreement? agreement, Sitting at, DateOnly on)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        if (agreement.Nature == Nature.Charter || at.Rules.Extension(on) is not { ErgaOmnes: false } rule) return AgreementRefusals.NoExtension;
        if (agreement.Latest is not { } text) return AgreementRefusals.NotDeposited;
        if (on > at.Today) return AgreementRefusals.InTheFuture("/noticeOn");
        if (on < text.Deposit!.DepositedOn) return AgreementRefusals.BeforeAnotherAct("/noticeOn");
        if (agreement.StateOn(on) is AgreementState.Expired or AgreementState.Ended) return AgreementRefusals.AgreementOver;
        if (agreement.Extensions.Any(x => x.Decision is null)) return AgreementRefusals.ExtensionUnderWay;
        return new AgreementExtensionNoticed(agreement.Id, agreement.Extensions.Count + 1, text.Version, on, rule.Until(on, at.Calendar), at.By, at.At);
    }

    /// <summary>Employers' or platforms' organisations that weigh more than half prevent it.</summary>
    public static Outcome<AgreementEvent> Oppose(Agreement? agreement, Sitting at, int number, string reason, DateOnly on, Weights weights)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        if (Find(agreement, number) is not { } extension) return AgreementRefusals.UnknownExtension;
        if (extension.Decision is not null) return AgreementRefusals.AlreadyDecided;
        var until = extension.Notice.OppositionUntil;
        if (weights.Platforms is null) return AgreementRefusals.NothingMeasured;
        if (!weights.IsRepresentative(Side.Platforms, at.By)) return AgreementRefusals.NotRepresentative;
        if (on > at.Today) return AgreementRefusals.InTheFuture("/receivedOn");
        if (on > until || at.Today > until) return AgreementRefusals.OppositionLate(until);
        if (on < extension.Notice.NoticeOn) return AgreementRefusals.BeforeAnotherAct("/receivedOn");
        if (extension.Oppositions.Any(o => o.By == at.By)) return Outcome<AgreementEvent>.Nothing;
        var share = weights.Share(Side.Platforms, extension.Oppositions.Select(o => o.By).Append(at.By)) ?? 0m;
        return new AgreementExtensionOpposed(
            agreement.Id, number, at.By, reason, on, share, at.Rules.Extension(extension.Notice.NoticeOn)!.Threshold!.Met(share), at.At);
    }

    /// <summary>It takes effect on the day that the decision names, without the clauses that it excludes, and ends with its agreement.</summary>
    public static Outcome<AgreementEvent> Decide(
        Agreement? agreement, Sitting at, int number, bool granted, DateOnly? effectiveFrom, IReadOnlyList<string> excluded, string? reference)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        if (Find(agreement, number) is not { } extension) return AgreementRefusals.UnknownExtension;
        if (extension.Decision is not null) return AgreementRefusals.AlreadyDecided;
        var until = extension.Notice.OppositionUntil;
        if (granted && extension.IsOpposed) return AgreementRefusals.ExtensionOpposed;
        if (granted && at.Today <= until) return AgreementRefusals.WindowOpen(until);
        if (granted && effectiveFrom <= until) return AgreementRefusals.EffectiveBeforeWindow(until);
        if (excluded.Count > 0 && !at.Rules.Extension(extension.Notice.NoticeOn)!.MayExclude) return AgreementRefusals.NoExclusions;
        var clauses = agreement.TermsOf(agreement.Texts.First(t => t.Version == extension.Notice.Version)).Select(t => t.Clause).ToHashSet();
        if (excluded.FirstOrDefault(c => !clauses.Contains(c)) is { } stranger) return AgreementRefusals.NoSuchClause("/excludedClauses", stranger);
        return new AgreementExtensionDecided(
            agreement.Id, number, granted, at.Today, granted ? effectiveFrom ?? at.Today : null, granted ? excluded : [], reference, at.By, at.At);
    }

    private static Extension? Find(Agreement agreement, int number) => agreement.Extensions.FirstOrDefault(x => x.Notice.Number == number);
}
