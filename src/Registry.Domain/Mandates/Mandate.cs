using System.Diagnostics;
using Registry.Domain.Kernel;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Mandates;

public enum MandateStatus
{
    Offered,
    Active,
    Paused,
    Withdrawn,
    Superseded,
    Renounced,
    Expired,
    Ended,
}

public enum ScopeState
{
    Live,
    Withdrawn,
    Superseded,
}

/// <summary>Who speaks: the member, or the representative that writes the member's word down.</summary>
public sealed record Speaker(MemberRef? Member, OrganisationId? Representative);

/// <summary>A scope and what became of it; from a day on where other hands take it over.</summary>
public sealed record HeldScope(Scope Scope, ScopeState State, DateOnly? From)
{
    public ScopeState On(DateOnly day) => From > day ? ScopeState.Live : State;
}

/// <summary>A proof of the member's own, by its digest.</summary>
public sealed record MemberProof(Guid Id, string DocumentHash, DateOnly MadeOn);

/// <summary>A mandate as its events tell it. What it is on a day follows from them, and no job moves it.</summary>
/// <param name="Said">What was last said of the whole; expiry and the end of every scope are not said.</param>
/// <param name="Ended">The day on which its end was recorded: from that day on its retention is counted, whenever it was that ended it.</param>
/// <param name="Quiet">The last day on which the member stopped its use; nothing older lets it be used again.</param>
public sealed record Mandate(
    MandateId Id, MandateDeed Deed, MandateStatus Said, Validity Validity, IReadOnlyList<HeldScope> Scopes, DateTimeOffset GrantedAt, DateTimeOffset? AcceptedAt,
    DateTimeOffset? WithdrawnAt, EndCause? Cause, DateOnly? Ended, OrganisationId? Substitute, IReadOnlyList<MemberProof> Proofs, bool Recorded, DateOnly? Quiet = null)
    : IEvolve<Mandate, MandateEvent>
{
    public static Mandate? Evolve(Mandate? mandate, MandateEvent happened) => happened switch
    {
        MandateGranted e => From(e.Mandate, e.Deed, MandateStatus.Offered, e.At),
        MandateRecorded e => From(e.Mandate, e.Deed, MandateStatus.Active, e.At) with { AcceptedAt = e.At, Recorded = true },
        MandateAccepted e => mandate! with { Said = MandateStatus.Active, AcceptedAt = e.At },
        MandateWithdrawn e => mandate!.Without(e),
        MandatePaused e => mandate! with { Said = MandateStatus.Paused, Quiet = Day(e.At) },
        MandateResumed => mandate! with { Said = MandateStatus.Active },
        MandateRenewed e => mandate! with { Validity = mandate.Validity with { To = e.To }, Deed = mandate.Deed with { Language = e.Language, TextVersion = e.TextVersion, TextHash = e.TextHash } },
        MandateSuperseded e => mandate!.With(e.Scopes, ScopeState.Superseded, e.From),
        MandateSupersessionLifted e => mandate!.With(e.Scopes, ScopeState.Live, null),
        MandateRenounced e => mandate! with { Substitute = null, Said = MandateStatus.Renounced, Ended = Day(e.At) },
        MandateEnded e => mandate! with { Substitute = null, Said = MandateStatus.Ended, Cause = e.Cause, Ended = Day(e.At) },
        MandateEntrusted e => mandate! with { Substitute = e.Substitute },
        MandateTakenBack => mandate! with { Substitute = null },
        MandateProofAdded e => mandate! with { Proofs = [.. mandate.Proofs, new MemberProof(e.Proof, e.DocumentHash, e.MadeOn)] },
        MemberInvited or MemberLinked => mandate!,
        _ => throw new UnreachableException($"Mandate has no arm for {happened.GetType().Name}"),
    };

    /// <summary>What may still be used on a day.</summary>
    public IReadOnlyList<Scope> LiveOn(DateOnly day) => [.. Scopes.Where(s => s.On(day) == ScopeState.Live).Select(s => s.Scope)];

    /// <summary>What lines that were filed under it still rest on: running out and renunciation cancel none, for what was asked in time stands for the person.</summary>
    public IReadOnlyList<Scope> ReachOn(DateOnly day) => Said is MandateStatus.Withdrawn or MandateStatus.Ended ? [] : LiveOn(day);

    /// <summary>Where it stands on a day: a scope of it must live, and its time must not be over.</summary>
    public MandateStatus StatusOn(DateOnly day) => Said switch
    {
        MandateStatus.Withdrawn or MandateStatus.Renounced or MandateStatus.Ended => Said,
        _ when Scopes.All(s => s.On(day) != ScopeState.Live) => Scopes.Any(s => s.State == ScopeState.Superseded) ? MandateStatus.Superseded : MandateStatus.Withdrawn,
        _ when Validity.To <= day => MandateStatus.Expired,
        _ => Said,
    };

    /// <summary>The day from which on it can no longer be used, as far as it is known.</summary>
    public DateOnly OverFrom()
    {
        var last = Scopes.All(s => s.State != ScopeState.Live) && Scopes.Max(s => s.From) is { } taken && taken < Validity.To ? taken : Validity.To!.Value;
        return Ended < last ? Ended.Value : last; // an end after its time was over lengthens nothing
    }

    /// <summary>The last day on which it is kept, as proof of the consent (C. civ. 2224; policy).</summary>
    public DateOnly KeptUntil() => OverFrom().AddYears(MandatePolicy.YearsKept);

    /// <summary>By one pair of hands at a time: the representative's, or those it entrusted it to.</summary>
    public bool MayBeUsedBy(OrganisationId organisation) => (Substitute ?? Deed.Representative) == organisation;

    /// <summary>A representative that is no more acts for nobody: its mandates ended with it.</summary>
    public Mandate WithoutRepresentative(DateOnly? dissolved, DateOnly today) =>
        dissolved is { } on && on <= today && StatusOn(on) is (MandateStatus.Offered or MandateStatus.Active or MandateStatus.Paused) ? this with { Said = MandateStatus.Ended } : this;

    /// <summary>Granted by the member it is an offer until the representative accepts (C. civ. 1984).</summary>
    public static Outcome<MandateEvent> Grant(
        Mandate? mandate, MandateId id, MandateDeed deed, VocabularySet codes, DateOnly today, DateTimeOffset at) =>
        mandate is not null ? MandateRefusals.Exists
        : MandatePolicy.Check(deed, codes, today) is { } refused ? refused
        : new MandateGranted(id, deed, at);

    public static Outcome<MandateEvent> Record(
        Mandate? mandate, MandateId id, MandateDeed deed, VocabularySet codes, DateOnly today, DateTimeOffset at) =>
        mandate is not null ? MandateRefusals.Exists
        : deed.Evidence is null ? MandateRefusals.EvidenceNeeded
        : deed.Evidence.CapturedOn > today ? MandateRefusals.InTheFuture("/evidence/capturedOn")
        : MandatePolicy.Check(deed, codes, today) is { } refused ? refused
        : new MandateRecorded(id, deed, at);

    /// <param name="mandate">Which.</param>
    /// <param name="by">Who accepts.</param>
    /// <param name="today">The day it is there.</param>
    /// <param name="at">Now.</param>
    /// <param name="tacit">By using it.</param>
    public static Outcome<MandateEvent> Accept(Mandate? mandate, OrganisationId by, DateOnly today, DateTimeOffset at, bool tacit = false) => mandate switch
    {
        null => MandateRefusals.Unknown,
        _ when mandate.Deed.Representative != by => MandateRefusals.Unknown,
        _ => mandate.StatusOn(today) switch
        {
            MandateStatus.Offered => new MandateAccepted(mandate.Id, at, tacit ? true : null),
            MandateStatus.Active or MandateStatus.Paused => Outcome<MandateEvent>.Nothing,
            var over => MandateRefusals.Over(over),
        },
    };

    /// <summary>The member ends it, or one scope of it: heard at any time, also of what has run out or was given back, because a request may still be open.</summary>
    public static Outcome<MandateEvent> Withdraw(
        Mandate? mandate, Speaker by, ScopeId? scope, DateOnly? receivedOn, MandateEvidence? evidence, DateOnly today, DateTimeOffset at) => mandate switch
    {
        null => MandateRefusals.Unknown,
        _ when !mandate.IsHeardFrom(by) => MandateRefusals.Unknown, // not yours to know about
        _ when MandatePolicy.Dated(receivedOn, evidence, today) is { } refused => refused,
        { Said: MandateStatus.Withdrawn or MandateStatus.Ended } => Outcome<MandateEvent>.Nothing, // asking twice is harmless
        _ when scope is { } named && mandate.Deed.Scopes.All(s => s.Id != named) => MandateRefusals.UnknownScope,
        _ when mandate.Scopes.All(s => (scope is { } one && s.Scope.Id != one) || s.State == ScopeState.Withdrawn) => Outcome<MandateEvent>.Nothing,
        _ => new MandateWithdrawn(mandate.Id, scope, receivedOn, evidence, at),
    };

    public static Outcome<MandateEvent> Pause(Mandate? mandate, Speaker by, DateOnly? receivedOn, MandateEvidence? evidence, DateOnly today, DateTimeOffset at) => mandate switch
    {
        null => MandateRefusals.Unknown,
        _ when !mandate.IsHeardFrom(by) => MandateRefusals.Unknown,
        _ when MandatePolicy.Dated(receivedOn, evidence, today) is { } refused => refused,
        _ => mandate.StatusOn(today) switch
        {
            MandateStatus.Active => new MandatePaused(mandate.Id, receivedOn, evidence, at),
            MandateStatus.Paused => Outcome<MandateEvent>.Nothing,
            MandateStatus.Offered => MandateRefusals.NotAccepted,
            var over => MandateRefusals.Over(over),
        },
    };

    /// <summary>The representative writes down more power for itself only on evidence.</summary>
    public static Outcome<MandateEvent> Resume(Mandate? mandate, Speaker by, DateOnly? receivedOn, MandateEvidence? evidence, DateOnly today, DateTimeOffset at) => mandate switch
    {
        null => MandateRefusals.Unknown,
        _ when !mandate.IsHeardFrom(by) => MandateRefusals.Unknown,
        _ when MandatePolicy.Dated(receivedOn, evidence, today) is { } refused => refused,
        _ => mandate.StatusOn(today) switch
        {
            MandateStatus.Active => Outcome<MandateEvent>.Nothing,
            MandateStatus.Paused when by.Member is null && evidence is null => MandateRefusals.EvidenceNeeded,
            MandateStatus.Paused when by.Member is null && evidence!.CapturedOn < mandate.Quiet => MandateRefusals.OldEvidence,
            MandateStatus.Paused => new MandateResumed(mandate.Id, receivedOn, evidence, at),
            MandateStatus.Offered => MandateRefusals.NotAccepted,
            var over => MandateRefusals.Over(over),
        },
    };

    /// <summary>Never silent: the member says it anew, under the text of today, for twelve months from today at most.</summary>
    public static Outcome<MandateEvent> Renew(Mandate? mandate, Speaker by, DateOnly? to, MandateText? text, string? textHash, GuardianConsent? guardian, DateOnly? receivedOn, MandateEvidence? evidence, DateOnly today, DateTimeOffset at)
    {
        if (mandate is null || !mandate.IsHeardFrom(by)) return MandateRefusals.Unknown;
        if (MandatePolicy.Dated(receivedOn, evidence, today) is { } refused) return refused;
        if (mandate.StatusOn(today) is not (MandateStatus.Active or MandateStatus.Paused) and var status) return status == MandateStatus.Offered ? MandateRefusals.NotAccepted : MandateRefusals.Over(status);
        if (by.Member is null && evidence is null) return MandateRefusals.EvidenceNeeded;
        if (by.Member is null && (evidence!.DocumentHash == mandate.Deed.Evidence?.DocumentHash || evidence.CapturedOn < mandate.Quiet)) return MandateRefusals.OldEvidence;
        if (mandate.Deed.Guardian is not null && guardian is null) return MandateRefusals.GuardianNeeded;
        if (guardian?.SignedOn > today) return MandateRefusals.InTheFuture("/guardian/signedOn");
        if (text is null) return MandateRefusals.UnknownText;
        var (last, wanted) = (today.AddMonths(MandatePolicy.LongestMonths), to ?? today.AddMonths(MandatePolicy.LongestMonths));
        if (wanted > last) return MandateRefusals.TooLong(MandatePolicy.LongestMonths).At("/to");
        if (wanted == mandate.Validity.To) return Outcome<MandateEvent>.Nothing; // asking twice is harmless
        if (wanted < mandate.Validity.To) return MandateRefusals.ShorterThanBefore;
        return new MandateRenewed(mandate.Id, wanted, text.Language, text.Version, textHash!, receivedOn, evidence, at);
    }

    /// <summary>The representative gives it back (C. civ. 2007), or declines the offer.</summary>
    public static Outcome<MandateEvent> Renounce(Mandate? mandate, OrganisationId by, DateOnly today, DateTimeOffset at) => mandate switch
    {
        null => MandateRefusals.Unknown,
        _ when mandate.Deed.Representative != by => MandateRefusals.Unknown,
        _ => mandate.StatusOn(today) switch
        {
            MandateStatus.Offered or MandateStatus.Active or MandateStatus.Paused => new MandateRenounced(mandate.Id, at),
            MandateStatus.Renounced => Outcome<MandateEvent>.Nothing,
            var over => MandateRefusals.Over(over),
        },
    };

    /// <summary>Death and guardianship end it by law (C. civ. 2003), also what has run out meanwhile.</summary>
    public static Outcome<MandateEvent> End(Mandate? mandate, OrganisationId by, EndCause cause, DateOnly on, MandateEvidence evidence, DateOnly today, DateTimeOffset at) => mandate switch
    {
        null => MandateRefusals.Unknown,
        _ when mandate.Deed.Representative != by => MandateRefusals.Unknown,
        _ when on > today => MandateRefusals.InTheFuture("/on"),
        { Said: MandateStatus.Ended } => Outcome<MandateEvent>.Nothing,
        _ => mandate.StatusOn(today) switch
        {
            MandateStatus.Offered or MandateStatus.Active or MandateStatus.Paused or MandateStatus.Expired => new MandateEnded(mandate.Id, cause, on, evidence, at),
            var over => MandateRefusals.Over(over),
        },
    };

    /// <summary>Only to whom the member named, and no further: whoever is entrusted entrusts nobody.</summary>
    public static Outcome<MandateEvent> Entrust(Mandate? mandate, OrganisationId by, OrganisationId substitute, DateOnly today, DateTimeOffset at) => mandate switch
    {
        null => MandateRefusals.Unknown,
        _ when mandate.Substitute == by => MandateRefusals.NoFurther,
        _ when mandate.Deed.Representative != by => MandateRefusals.Unknown,
        _ when mandate.StatusOn(today) is not (MandateStatus.Active or MandateStatus.Paused) and var status => status == MandateStatus.Offered ? MandateRefusals.NotAccepted : MandateRefusals.Over(status),
        _ when !mandate.Deed.SubDelegates.Contains(substitute) => MandateRefusals.NotDelegable,
        _ when mandate.Substitute == substitute => Outcome<MandateEvent>.Nothing,
        _ => new MandateEntrusted(mandate.Id, substitute, at),
    };

    public static Outcome<MandateEvent> TakeBack(Mandate? mandate, OrganisationId by, DateTimeOffset at) => mandate switch
    {
        null => MandateRefusals.Unknown,
        _ when mandate.Deed.Representative != by => MandateRefusals.Unknown,
        { Substitute: null } => Outcome<MandateEvent>.Nothing,
        _ => new MandateTakenBack(mandate.Id, mandate.Substitute.Value, at),
    };

    public static Outcome<MandateEvent> AddProof(Mandate? mandate, MemberRef? by, MemberProof proof, DateOnly today, DateTimeOffset at) => mandate switch
    {
        null => MandateRefusals.Unknown,
        _ when mandate.Deed.Member != by => MandateRefusals.Unknown,
        _ when proof.MadeOn > today => MandateRefusals.InTheFuture("/madeOn"),
        _ when mandate.Proofs.Any(p => p.DocumentHash == proof.DocumentHash) => Outcome<MandateEvent>.Nothing,
        { Proofs.Count: >= MandatePolicy.MostProofs } => MandateRefusals.TooManyProofs(MandatePolicy.MostProofs),
        _ => new MandateProofAdded(mandate.Id, proof.Id, proof.DocumentHash, proof.MadeOn, at),
    };

    /// <summary>For a record on paper: who granted it online is signed in already.</summary>
    public static Outcome<MandateEvent> Invite(Mandate? mandate, OrganisationId by, DateOnly until, DateTimeOffset at) => mandate switch
    {
        null => MandateRefusals.Unknown,
        _ when mandate.Deed.Representative != by => MandateRefusals.Unknown,
        { Recorded: false } => MandateRefusals.GrantedOnline,
        _ => new MemberInvited(mandate.Id, until, at),
    };

    public static Outcome<MandateEvent> Link(Mandate? mandate, DateTimeOffset at) => mandate is null ? MandateRefusals.Unknown : new MemberLinked(mandate.Id, at);

    /// <summary>Takes scopes away because of another mandate, and says nothing of it.</summary>
    internal Outcome<MandateEvent> Supersede(IReadOnlyList<ScopeId> scopes, DateOnly from, DateTimeOffset at) =>
        scopes.Count == 0 ? Outcome<MandateEvent>.Nothing : new MandateSuperseded(Id, scopes, from, at);

    private bool IsHeardFrom(Speaker speaker) => speaker.Member == Deed.Member || speaker.Representative == Deed.Representative;

    private static Mandate From(MandateId id, MandateDeed deed, MandateStatus said, DateTimeOffset at) =>
        new(id, deed, said, deed.Validity, [.. deed.Scopes.Select(s => new HeldScope(s, ScopeState.Live, null))], at, null, null, null, null, null, [], false);

    private Mandate Without(MandateWithdrawn withdrawn)
    {
        var scopes = Scopes.Select(s => withdrawn.Scope is null || s.Scope.Id == withdrawn.Scope ? s with { State = ScopeState.Withdrawn, From = null } : s).ToList();
        var left = scopes.Any(s => s.State == ScopeState.Live || s.From > Day(withdrawn.At));
        return this with { Scopes = scopes, Substitute = left ? Substitute : null, Said = left ? Said : MandateStatus.Withdrawn, WithdrawnAt = left ? WithdrawnAt : withdrawn.At, Ended = left ? Ended : Day(withdrawn.At) };
    }

    private Mandate With(IReadOnlyList<ScopeId> scopes, ScopeState state, DateOnly? from) =>
        this with { Scopes = [.. Scopes.Select(s => scopes.Contains(s.Scope.Id) ? s with { State = state, From = from } : s)] };

    private static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);
}
