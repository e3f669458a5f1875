using Registry.Domain.Kernel;

namespace Registry.Domain.Agreements;

public static class AgreementRefusals
{
    public static readonly Refusal Unknown = new("unknown-agreement", RefusalKind.Unknown);
    public static readonly Refusal Exists = new("agreement-exists", RefusalKind.Conflict);
    public static readonly Refusal NotAParty = new("not-a-party", RefusalKind.Forbidden);
    public static readonly Refusal OpenerIsNoParty = new("opener-is-no-party", RefusalKind.Rule, "/parties");
    public static readonly Refusal PartyTwice = new("party-twice", RefusalKind.Rule, "/parties");
    public static readonly Refusal TwoSides = new("two-sides-needed", RefusalKind.Rule, "/parties");
    public static readonly Refusal OneSide = new("charter-has-one-side", RefusalKind.Rule, "/parties");
    public static readonly Refusal AlreadyAgreed = new("already-agreed", RefusalKind.Conflict);
    public static readonly Refusal NotYourTurn = new("not-your-turn", RefusalKind.Conflict);
    public static readonly Refusal NotTheTabledText = new("not-the-tabled-text", RefusalKind.Conflict);
    public static readonly Refusal OtherSideAccepts = new("other-side-accepts", RefusalKind.Conflict);
    public static readonly Refusal NoConsensus = new("no-consensus", RefusalKind.Conflict);
    public static readonly Refusal SignatureClosed = new("signature-closed", RefusalKind.Conflict);
    public static readonly Refusal NothingMeasured = new("nothing-measured", RefusalKind.Conflict);
    public static readonly Refusal NotRepresentative = new("not-representative", RefusalKind.Rule);
    public static readonly Refusal NotSigned = new("not-signed", RefusalKind.Conflict);
    public static readonly Refusal AlreadyDecided = new("already-decided", RefusalKind.Conflict);
    public static readonly Refusal NotNotified = new("not-notified", RefusalKind.Conflict);
    public static readonly Refusal NoOpposition = new("no-opposition", RefusalKind.Conflict);
    public static readonly Refusal SignatoryOpposes = new("signatory-opposes", RefusalKind.Rule);
    public static readonly Refusal BeforeNotification = new("before-notification", RefusalKind.Rule);
    public static readonly Refusal Opposed = new("agreement-opposed", RefusalKind.Conflict);
    public static readonly Refusal AlreadyDeposited = new("already-deposited", RefusalKind.Conflict);
    public static readonly Refusal EffectiveBeforeDeposit = new("effective-before-deposit", RefusalKind.Rule, "/effectiveFrom");

    public static Refusal InTheFuture(string pointer) => new("in-the-future", RefusalKind.Rule, pointer);

    public static Refusal BeforeSignature(string pointer) => new("before-signature", RefusalKind.Rule, pointer);

    public static Refusal OppositionLate(DateOnly until) => new("opposition-late", RefusalKind.Rule, "/receivedOn", until);

    public static Refusal WindowOpen(DateOnly until) => new("opposition-window-open", RefusalKind.Conflict, "/depositedOn", until);
}
