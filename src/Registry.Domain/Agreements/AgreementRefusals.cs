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

    public static readonly Refusal EffectiveBeforeBase = new("effective-before-base", RefusalKind.Rule, "/effectiveFrom");
    public static readonly Refusal EffectiveTooLate = new("effective-too-late", RefusalKind.Rule, "/effectiveFrom");
    public static readonly Refusal TooManyTexts = new("too-many-texts", RefusalKind.Conflict);
    public static readonly Refusal NothingLeft = new("nothing-left", RefusalKind.Rule, "/removed");
    public static readonly Refusal NothingToAmend = new("nothing-to-amend", RefusalKind.Conflict);
    public static readonly Refusal ChangesNothing = new("changes-nothing", RefusalKind.Rule, "/clauses");
    public static readonly Refusal BaseHasMoved = new("base-has-moved", RefusalKind.Conflict);
    public static readonly Refusal AgreementOver = new("agreement-over", RefusalKind.Conflict);
    public static readonly Refusal NotDeposited = new("not-deposited", RefusalKind.Conflict);
    public static readonly Refusal NotASignatory = new("not-a-signatory", RefusalKind.Forbidden);
    public static readonly Refusal NotInForce = new("not-in-force", RefusalKind.Conflict);
    public static readonly Refusal AlreadyDenounced = new("already-denounced", RefusalKind.Conflict);
    public static readonly Refusal NotASubstitute = new("not-a-substitute", RefusalKind.Rule, "/substitutes");
    public static readonly Refusal NoExtension = new("no-extension", RefusalKind.Conflict);
    public static readonly Refusal NoExclusions = new("no-exclusions", RefusalKind.Rule, "/excludedClauses");
    public static readonly Refusal UnknownExtension = new("unknown-extension", RefusalKind.Unknown);
    public static readonly Refusal UnknownVersion = new("unknown-version", RefusalKind.Unknown);
    public static readonly Refusal ExtensionUnderWay = new("extension-under-way", RefusalKind.Conflict);
    public static readonly Refusal ExtensionOpposed = new("extension-opposed", RefusalKind.Conflict);

    public static Refusal OnlySignatoriesRevise(string source) => new("only-signatories-revise", RefusalKind.Forbidden, null, source);

    public static Refusal FixedTerm(string source) => new("fixed-term", RefusalKind.Conflict, null, source);

    public static Refusal NoSuchClause(string pointer, string clause) => new("no-such-clause", RefusalKind.Rule, pointer, clause);

    public static Refusal BeforeAnotherAct(string pointer) => new("before-another-act", RefusalKind.Rule, pointer);

    public static Refusal EffectiveBeforeWindow(DateOnly until) => new("effective-before-window", RefusalKind.Rule, "/effectiveFrom", until);

    public static Refusal NotSettled(int seconds) => new("known-at-not-settled", RefusalKind.Rule, "?knownAt", seconds);

    public static Refusal BackDated(string pointer) => new("back-dated", RefusalKind.Rule, pointer);

    public static Refusal OutsideRuleSet(string pointer, string territory) => new("outside-rule-set", RefusalKind.Rule, pointer, territory);

    public static Refusal InTheFuture(string pointer) => new("in-the-future", RefusalKind.Rule, pointer);

    public static Refusal BeforeSignature(string pointer) => new("before-signature", RefusalKind.Rule, pointer);

    public static Refusal OppositionLate(DateOnly until) => new("opposition-late", RefusalKind.Rule, "/receivedOn", until);

    public static Refusal WindowOpen(DateOnly until) => new("opposition-window-open", RefusalKind.Conflict, "/depositedOn", until);
}
