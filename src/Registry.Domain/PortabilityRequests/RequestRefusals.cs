using Registry.Domain.Kernel;

namespace Registry.Domain.PortabilityRequests;

public static class RequestRefusals
{
    public static readonly Refusal Unknown = new("unknown-request", RefusalKind.Unknown);
    public static readonly Refusal Exists = new("request-exists", RefusalKind.Conflict);
    public static readonly Refusal AlreadyFiled = new("already-filed", RefusalKind.Conflict);
    public static readonly Refusal StewardshipNeeded = new("stewardship-needed", RefusalKind.Rule, "/stewardship");
    public static readonly Refusal PurposeNotMandated = new("purpose-not-mandated", RefusalKind.Rule, "/purpose");
    public static readonly Refusal NotFiled = new("not-filed", RefusalKind.Conflict);
    public static readonly Refusal AlreadyReceived = new("already-received", RefusalKind.Conflict);
    public static readonly Refusal ProofNeeded = new("proof-needed", RefusalKind.Rule, "/proof");
    public static readonly Refusal InTheFuture = new("in-the-future", RefusalKind.Rule, "/receivedOn");
    public static readonly Refusal NotReceived = new("not-received", RefusalKind.Conflict);

    public static Refusal TooFewMembers(int count, int minimum) => new("too-few-members", RefusalKind.Rule, "/cohort", count, minimum);

    public static Refusal ForbiddenPurpose(string category, string source) => new("forbidden-purpose", RefusalKind.Rule, "/purpose", category, source);

    public static Refusal BeforeFiling(DateOnly filedOn) => new("before-filing", RefusalKind.Rule, "/receivedOn", filedOn);

    public static Refusal CategoryNotAsked(string category) => new("category-not-asked", RefusalKind.Rule, "/category", category);

    public static Refusal UnknownHook(string pointer, string hook) => new("unknown-hook", RefusalKind.Rule, pointer, hook);

    public static Refusal HookDoesNotCover(string pointer, string category) => new("hook-does-not-cover", RefusalKind.Rule, pointer, category);
}
