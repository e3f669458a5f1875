using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;

namespace Registry.Domain.Agreements;

/// <summary>What a signature or an opposition weighs: the measured weights of each side, null where none were measured.</summary>
public sealed record Weights(RepresentativenessMeasured? Workers, RepresentativenessMeasured? Platforms)
{
    public RepresentativenessMeasured? Of(Side side) => side == Side.Workers ? Workers : Platforms;

    public decimal? Share(Side side, IEnumerable<OrganisationId> organisations) =>
        Of(side)?.Weights.Where(w => w.Representative && organisations.Contains(w.Organisation)).Sum(w => w.Percent);

    public bool IsRepresentative(Side side, OrganisationId organisation) =>
        Of(side)?.Weights.Any(w => w.Representative && w.Organisation == organisation) ?? false;

    /// <summary>Everybody who is told of a signed text.</summary>
    public IEnumerable<OrganisationId> Representative =>
        new[] { Workers, Platforms }.SelectMany(side => side?.Weights ?? []).Where(w => w.Representative).Select(w => w.Organisation).Distinct();
}

/// <summary>From consensus to force: signature by share, notification, opposition, deposit. The rule set says the numbers.</summary>
public static class Conclusion
{
    /// <summary>Signatures weigh what was measured last on or before the day of the latest of them.</summary>
    public static Outcome<AgreementEvent> Sign(Agreement? agreement, Sitting at, int version, string hash, string? signature, Weights weights)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        if (Signer(agreement, at, version, weights) is not { } party) return AgreementRefusals.NotAParty;
        if (agreement.Agreed() is null) return AgreementRefusals.NoConsensus;
        if (agreement.Agreed(version) is not { } text || text.Tabled.TermsHash != hash) return AgreementRefusals.NotTheTabledText;
        if (agreement.HasMoved(text)) return AgreementRefusals.BaseHasMoved;
        if (text.Deposit is not null || text.IsOpposed) return AgreementRefusals.SignatureClosed;
        if (text.Signed(at.By)) return Outcome<AgreementEvent>.Nothing;
        if (weights.Workers is null && agreement.Nature == Nature.Agreement) return AgreementRefusals.NothingMeasured;
        if (party.Side == Side.Workers && agreement.Nature == Nature.Agreement && !weights.IsRepresentative(Side.Workers, at.By)) return AgreementRefusals.NotRepresentative;

        var signers = text.Signatures.Select(s => new Party(s.By, s.Side)).Append(party).ToList();
        var (workers, platforms) = (weights.Share(Side.Workers, Of(signers, Side.Workers)), weights.Share(Side.Platforms, Of(signers, Side.Platforms)));
        var enough = agreement.Nature == Nature.Charter || at.Rules.Signature(at.Today).Met(workers ?? 0m, platforms, Of(signers, Side.Platforms).Count(o => weights.Platforms is null || weights.IsRepresentative(Side.Platforms, o)));
        return new AgreementSigned(agreement.Id, version, hash, at.By, party.Side, at.Today, workers ?? 0m, platforms, enough, signature, at.At);
    }

    /// <summary>
    /// Opposition runs from the latest notification (P): a later one moves the window where somebody new is told. It is counted
    /// from the day of recording, for whoever could oppose must have had the days, whatever date a signatory names.
    /// </summary>
    public static Outcome<AgreementEvent> Notify(Agreement? agreement, Sitting at, int? version, DateOnly on, Weights weights)
    {
        if (agreement is null || !IsInvolved(agreement, at.By)) return Agreement.NotYours(agreement);
        return agreement.Agreed(version) switch
        {
            null when version is not null => AgreementRefusals.NoConsensus,
            null or { IsSigned: false } => AgreementRefusals.NotSigned,
            var text when !text.Signed(at.By) => AgreementRefusals.NotASignatory, // CT L2231-5: the most diligent signatory notifies
            { Deposit: not null } or { IsOpposed: true } => AgreementRefusals.AlreadyDecided,
            _ when on > at.Today => AgreementRefusals.InTheFuture("/notifiedOn"),
            var text when on < text.Signatures.Max(s => s.SignedOn) => AgreementRefusals.BeforeSignature("/notifiedOn"),
            var text when at.Today > text.Notified?.OppositionUntil => AgreementRefusals.AlreadyDecided,
            var text when text.Notified?.Told is { } told && weights.Representative.All(told.Contains) => Outcome<AgreementEvent>.Nothing,
            var text => new AgreementNotified(
                agreement.Id, on, at.Rules.Opposition(at.Today)?.Until(at.Today, at.Calendar), at.By, at.At, text.Version, [.. weights.Representative]),
        };
    }

    /// <summary>Written and reasoned, inside the window (CT L2231-8); it kills the text once its authors weigh enough.</summary>
    public static Outcome<AgreementEvent> Oppose(Agreement? agreement, Sitting at, int? version, string reason, DateOnly receivedOn, Weights weights)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        if (agreement.Agreed(version) is not { Notified: { } notified, Deposit: null } text) return AgreementRefusals.NotNotified;
        if (at.Rules.Opposition(notified.NotifiedOn) is not { } opposition || notified.OppositionUntil is not { } until) return AgreementRefusals.NoOpposition;
        if (!weights.IsRepresentative(Side.Workers, at.By)) return AgreementRefusals.NotRepresentative;
        if (text.Signed(at.By)) return AgreementRefusals.SignatoryOpposes;
        if (receivedOn > at.Today) return AgreementRefusals.InTheFuture("/receivedOn");
        // Its author cannot date its own receipt: what comes in after the window is late, whatever it says.
        if (receivedOn > until || at.Today > until) return AgreementRefusals.OppositionLate(until);
        if (receivedOn < notified.NotifiedOn) return AgreementRefusals.BeforeNotification;
        if (text.Oppositions.Any(o => o.By == at.By)) return Outcome<AgreementEvent>.Nothing;
        var share = weights.Share(Side.Workers, text.Oppositions.Select(o => o.By).Append(at.By)) ?? 0m;
        return new AgreementOppositionReceived(agreement.Id, at.By, reason, receivedOn, share, opposition.Threshold.Met(share), at.At, text.Version);
    }

    /// <summary>After the window for opposition (CT L2231-6); in force the day after, unless the parties stipulate (L2261-1, L7343-39).</summary>
    public static Outcome<AgreementEvent> Deposit(Agreement? agreement, Sitting at, int? version, DateOnly on, DateOnly? effectiveFrom)
    {
        if (agreement is null || !IsInvolved(agreement, at.By)) return Agreement.NotYours(agreement);
        if (agreement.Agreed(version) is not { } text) return version is null ? AgreementRefusals.NotSigned : AgreementRefusals.NoConsensus;
        var from = effectiveFrom ?? on.AddDays(at.Rules.DaysToForce(at.Today));
        return text switch
        {
            { IsOpposed: true } => AgreementRefusals.Opposed,
            { Deposit: not null } => AgreementRefusals.AlreadyDeposited,
            { IsSigned: false } => AgreementRefusals.NotSigned,
            { Notified: null } when NeedsNotice(agreement, at) => AgreementRefusals.NotNotified,
            _ when !text.Signed(at.By) => AgreementRefusals.NotASignatory,
            _ when on > at.Today => AgreementRefusals.InTheFuture("/depositedOn"),
            _ when agreement.HasMoved(text) => AgreementRefusals.BaseHasMoved,
            _ when on < text.Signatures.Max(s => s.SignedOn) => AgreementRefusals.BeforeSignature("/depositedOn"),
            _ when on < text.Notified?.NotifiedOn => AgreementRefusals.BeforeNotification,
            _ when text.Notified?.OppositionUntil is { } until && on <= until => AgreementRefusals.WindowOpen(until),
            _ when effectiveFrom < on => AgreementRefusals.EffectiveBeforeDeposit,
            _ when effectiveFrom > on.AddYears(1) => AgreementRefusals.EffectiveTooLate,
            { Base: { } under } when agreement.Latest!.Version != under => AgreementRefusals.BaseHasMoved,
            { Base: not null } when from < agreement.Latest!.Deposit!.Validity.From => AgreementRefusals.EffectiveBeforeBase,
            { Base: not null } when agreement.StateOn(from) is AgreementState.Expired or AgreementState.Ended => AgreementRefusals.AgreementOver,
            _ => Deposited(agreement, text, at, on, from),
        };
    }

    /// <summary>Silent on its duration, it lasts what the rule set says, counted from its entry into force (P); an amendment as long as its agreement.</summary>
    private static AgreementDeposited Deposited(Agreement agreement, AgreementText text, Sitting at, DateOnly on, DateOnly from)
    {
        var (said, silent) = (text.Tabled.Duration, at.Rules.SilentDuration(from));
        var to = said switch
        {
            TabledText.Indefinite => null,
            null when text.Base is not null => agreement.ValidityOn(from)!.To,
            null => silent.Period?.After(from),
            _ => Period.Parse(said)?.After(from),
        };
        return new AgreementDeposited(
            agreement.Id, on, new Validity(from, to), at.By, at.At, text.Version, to is null ? null : silent.Renews?.Text,
            agreement.Nature == Nature.Agreement && at.Rules.Extension(on)?.ErgaOmnes == true ? true : null);
    }

    private static bool NeedsNotice(Agreement agreement, Sitting at) =>
        agreement.Nature == Nature.Agreement && at.Rules.Deposit(at.Today).AfterOpposition;

    /// <summary>
    /// Only to begin a revision is kept for some (CT L2261-7, L7343-40: who may begin the procedure); what comes of it is signed by
    /// the parties, or by any other representative organisation.
    /// </summary>
    private static Party? Signer(Agreement agreement, Sitting at, int version, Weights weights)
    {
        if (agreement.PartyOf(at.By) is { } party) return party;
        return agreement is { Nature: Nature.Agreement } && agreement.Agreed(version) is { Base: not null } && weights.IsRepresentative(at.Side, at.By) ? new Party(at.By, at.Side) : null;
    }

    private static bool IsInvolved(Agreement agreement, OrganisationId by) =>
        agreement.PartyOf(by) is not null || agreement.Texts.Any(t => t.Signed(by));

    private static IEnumerable<OrganisationId> Of(IEnumerable<Party> signers, Side side) =>
        signers.Where(p => p.Side == side).Select(p => p.Organisation);
}
