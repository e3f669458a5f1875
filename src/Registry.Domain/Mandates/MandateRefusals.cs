using Registry.Domain.Kernel;

namespace Registry.Domain.Mandates;

public static class MandateRefusals
{
    public static readonly Refusal Unknown = new("unknown-mandate", RefusalKind.Unknown);
    public static readonly Refusal Exists = new("mandate-exists", RefusalKind.Conflict);
    public static readonly Refusal EvidenceNeeded = new("evidence-needed", RefusalKind.Rule, "/evidence");
    public static readonly Refusal OldEvidence = new("old-evidence", RefusalKind.Rule, "/evidence");
    public static readonly Refusal DocumentWithdrawn = new("document-withdrawn", RefusalKind.Rule, "/evidence/documentHash");
    public static readonly Refusal SeparateScopes = new("separate-scopes", RefusalKind.Rule);
    public static readonly Refusal UnknownScope = new("unknown-scope", RefusalKind.Rule, "/scope");
    public static readonly Refusal NotAccepted = new("mandate-not-accepted", RefusalKind.Conflict);
    public static readonly Refusal ShorterThanBefore = new("shorter-than-before", RefusalKind.Rule, "/to");
    public static readonly Refusal NotDelegable = new("not-delegable", RefusalKind.Rule, "/substitute");
    public static readonly Refusal NoFurther = new("no-further-delegation", RefusalKind.Forbidden);
    public static readonly Refusal GrantedOnline = new("granted-online", RefusalKind.Conflict);
    public static readonly Refusal UnknownInvitation = new("unknown-invitation", RefusalKind.Unknown);
    public static readonly Refusal NoEnd = new("mandate-without-end", RefusalKind.Rule, "/validity/to");
    public static readonly Refusal EndsBeforeStart = new("ends-before-start", RefusalKind.Rule, "/validity/to");
    public static readonly Refusal AlreadyOver = new("mandate-already-over", RefusalKind.Rule, "/validity/to");
    public static readonly Refusal NoController = new("no-controller", RefusalKind.Rule);
    public static readonly Refusal NoObject = new("no-object", RefusalKind.Rule);
    public static readonly Refusal GeneralMandate = new("general-mandate", RefusalKind.Rule);
    public static readonly Refusal GuardianNeeded = new("guardian-needed", RefusalKind.Rule, "/guardian");
    public static readonly Refusal UnknownText = new("unknown-mandate-text", RefusalKind.Rule, "/textVersion");

    /// <summary>What can no longer be done, with the state that stands in the way.</summary>
    public static Refusal Over(MandateStatus status) => new(
        status switch
        {
            MandateStatus.Withdrawn => "mandate-withdrawn",
            MandateStatus.Superseded => "mandate-superseded",
            MandateStatus.Renounced => "mandate-renounced",
            MandateStatus.Expired => "mandate-expired",
            MandateStatus.Ended => "mandate-ended",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "is not over"),
        }, RefusalKind.Conflict);

    public static Refusal InTheFuture(string pointer) => new("in-the-future", RefusalKind.Rule, pointer);

    public static Refusal TooManyProofs(int most) => new("too-many-proofs", RefusalKind.Rule, "/documentHash", most);

    public static Refusal BeginsTooLate(int months) => new("begins-too-late", RefusalKind.Rule, "/validity/from", months);

    public static Refusal TooLong(int months) => new("mandate-too-long", RefusalKind.Rule, "/validity/to", months);
}
