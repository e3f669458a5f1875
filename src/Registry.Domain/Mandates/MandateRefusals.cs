using Registry.Domain.Kernel;

namespace Registry.Domain.Mandates;

public static class MandateRefusals
{
    public static readonly Refusal Unknown = new("unknown-mandate", RefusalKind.Unknown);
    public static readonly Refusal Exists = new("mandate-exists", RefusalKind.Conflict);
    public static readonly Refusal EvidenceNeeded = new("evidence-needed", RefusalKind.Rule, "/evidence");
    public static readonly Refusal UnknownScope = new("unknown-scope", RefusalKind.Rule, "/scope");
    public static readonly Refusal Withdrawn = new("mandate-withdrawn", RefusalKind.Conflict);
    public static readonly Refusal Expired = new("mandate-expired", RefusalKind.Conflict);
    public static readonly Refusal NoEnd = new("mandate-without-end", RefusalKind.Rule, "/validity/to");
    public static readonly Refusal EndsBeforeStart = new("ends-before-start", RefusalKind.Rule, "/validity/to");
    public static readonly Refusal AlreadyOver = new("mandate-already-over", RefusalKind.Rule, "/validity/to");
    public static readonly Refusal NoController = new("no-controller", RefusalKind.Rule);
    public static readonly Refusal NoObject = new("no-object", RefusalKind.Rule);
    public static readonly Refusal GeneralMandate = new("general-mandate", RefusalKind.Rule);
    public static readonly Refusal GuardianNeeded = new("guardian-needed", RefusalKind.Rule, "/guardian");
    public static readonly Refusal UnknownText = new("unknown-mandate-text", RefusalKind.Rule, "/textVersion");

    public static Refusal TooLong(int months) => new("mandate-too-long", RefusalKind.Rule, "/validity/to", months);
}
