using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;

namespace Registry.Domain.Agreements;

/// <summary>What a signature or an opposition weighs: the measured weights of each side, null where none were measured.</summary>
public sealed record Weights(RepresentativenessMeasured? Workers, RepresentativenessMeasured? Platforms)
{
    public decimal? Share(Side side, IEnumerable<OrganisationId> organisations) =>
        (side == Side.Workers ? Workers : Platforms)?.Weights
            .Where(w => w.Representative && organisations.Contains(w.Organisation)).Sum(w => w.Percent);

    public bool IsRepresentative(Side side, OrganisationId organisation) =>
        (side == Side.Workers ? Workers : Platforms)?.Weights.Any(w => w.Representative && w.Organisation == organisation) ?? false;
}

/// <summary>From consensus to force: signature by share, notification, opposition, deposit. The rule set says the numbers.</summary>
public static class Conclusion
{
    public static Outcome<AgreementEvent> Sign(
        Agreement? agreement, OrganisationId by, int version, string hash, DateOnly on, string? signature, RuleSet rules, Weights weights,
        DateTimeOffset at)
    {
        if (agreement?.PartyOf(by) is not { } party) return Agreement.NotYours(agreement);
        if (agreement.Agreed is null) return AgreementRefusals.NoConsensus;
        if (agreement.Agreed.Version != version || agreement.Agreed.TermsHash != hash) return AgreementRefusals.NotTheTabledText;
        if (agreement.Deposit is not null || agreement.IsOpposed) return AgreementRefusals.SignatureClosed;
        if (agreement.Signatures.Any(s => s.By == by)) return Outcome<AgreementEvent>.Nothing;
        if (weights.Workers is null && agreement.Nature == Nature.Agreement) return AgreementRefusals.NothingMeasured;
        if (party.Side == Side.Workers && !weights.IsRepresentative(Side.Workers, by)) return AgreementRefusals.NotRepresentative;

        var signers = agreement.Signatures.Select(s => new Party(s.By, s.Side)).Append(party).ToList();
        var workers = weights.Share(Side.Workers, Of(signers, Side.Workers)) ?? 0m;
        var enough = agreement.Nature == Nature.Charter
            || (rules.Signature(on).Met(workers) && Of(signers, Side.Platforms).Count() >= rules.PlatformOrganisations(on));
        return new AgreementSigned(
            agreement.Id, version, hash, by, party.Side, on, workers, weights.Share(Side.Platforms, Of(signers, Side.Platforms)), enough, signature, at);
    }

    /// <summary>Opposition runs from the latest notification (P), so that a later one moves the window and never shortens it.</summary>
    public static Outcome<AgreementEvent> Notify(
        Agreement? agreement, OrganisationId by, DateOnly on, DateOnly today, RuleSet rules, HolidayCalendar calendar, DateTimeOffset at) =>
        agreement?.PartyOf(by) switch
        {
            null => Agreement.NotYours(agreement),
            _ when !agreement!.IsSigned => AgreementRefusals.NotSigned,
            _ when agreement.Deposit is not null || agreement.IsOpposed => AgreementRefusals.AlreadyDecided,
            _ when on > today => AgreementRefusals.InTheFuture("/notifiedOn"),
            _ when on < agreement.Signatures.Max(s => s.SignedOn) => AgreementRefusals.BeforeSignature("/notifiedOn"),
            _ when today > agreement.OppositionUntil => AgreementRefusals.AlreadyDecided,
            _ when agreement.NotifiedOn >= on => Outcome<AgreementEvent>.Nothing,
            _ => new AgreementNotified(agreement.Id, on, rules.Opposition(on)?.Until(on, calendar), by, at),
        };

    /// <summary>Written and reasoned, inside the window (CT L2231-8); it kills the agreement once its authors weigh enough.</summary>
    public static Outcome<AgreementEvent> Oppose(
        Agreement? agreement, OrganisationId by, string reason, DateOnly receivedOn, DateOnly today, RuleSet rules, Weights weights,
        DateTimeOffset at)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        if (agreement.NotifiedOn is not { } notified || agreement.Deposit is not null) return AgreementRefusals.NotNotified;
        if (rules.Opposition(notified) is not { } opposition || agreement.OppositionUntil is not { } until) return AgreementRefusals.NoOpposition;
        if (!weights.IsRepresentative(Side.Workers, by)) return AgreementRefusals.NotRepresentative;
        if (agreement.Signatures.Any(s => s.By == by)) return AgreementRefusals.SignatoryOpposes;
        if (receivedOn > today) return AgreementRefusals.InTheFuture("/receivedOn");
        // Its author cannot date its own receipt: what comes in after the window is late, whatever it says.
        if (receivedOn > until || today > until) return AgreementRefusals.OppositionLate(until);
        if (receivedOn < notified) return AgreementRefusals.BeforeNotification;
        if (agreement.Oppositions.Any(o => o.By == by)) return Outcome<AgreementEvent>.Nothing;
        var share = weights.Share(Side.Workers, agreement.Oppositions.Select(o => o.By).Append(by)) ?? 0m;
        return new AgreementOppositionReceived(agreement.Id, by, reason, receivedOn, share, opposition.Threshold.Met(share), at);
    }

    /// <summary>After the window for opposition (CT L2231-6); in force the day after, unless the parties stipulate (L2261-1, L7343-39).</summary>
    public static Outcome<AgreementEvent> Deposit(
        Agreement? agreement, OrganisationId by, DateOnly on, DateOnly today, DateOnly? effectiveFrom, RuleSet rules, DateTimeOffset at) =>
        agreement?.PartyOf(by) switch
        {
            null => Agreement.NotYours(agreement),
            _ when agreement!.IsOpposed => AgreementRefusals.Opposed,
            _ when agreement.Deposit is not null => AgreementRefusals.AlreadyDeposited,
            _ when agreement.NotifiedOn is null => AgreementRefusals.NotNotified,
            _ when on > today => AgreementRefusals.InTheFuture("/depositedOn"),
            _ when on < agreement.NotifiedOn => AgreementRefusals.BeforeNotification,
            _ when agreement.OppositionUntil is { } until && on <= until => AgreementRefusals.WindowOpen(until),
            _ when effectiveFrom < on => AgreementRefusals.EffectiveBeforeDeposit,
            _ => new AgreementDeposited(agreement.Id, on, Lasting(agreement, rules, effectiveFrom ?? on.AddDays(rules.DaysToForce(on))), by, at),
        };

    /// <summary>Silent on its duration, it lasts what the rule set says, counted from its entry into force (P).</summary>
    private static Validity Lasting(Agreement agreement, RuleSet rules, DateOnly from)
    {
        var said = agreement.Agreed!.Duration;
        if (said == TabledText.Indefinite) return new Validity(from, null);
        var period = said is null ? rules.SilentDuration(from) : Period.Parse(said);
        return new Validity(from, period?.After(from));
    }

    private static IEnumerable<OrganisationId> Of(IEnumerable<Party> signers, Side side) =>
        signers.Where(p => p.Side == side).Select(p => p.Organisation);
}
