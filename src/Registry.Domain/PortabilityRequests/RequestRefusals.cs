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
    public static readonly Refusal Withdrawn = new("request-withdrawn", RefusalKind.Conflict);
    public static readonly Refusal Closed = new("request-closed", RefusalKind.Conflict);
    public static readonly Refusal NothingToEscalate = new("nothing-to-escalate", RefusalKind.Conflict);
    public static readonly Refusal LinesStillOpen = new("lines-still-open", RefusalKind.Conflict);
    public static readonly Refusal NoMemberLines = new("no-member-lines", RefusalKind.Rule, "/cohort");
    public static readonly Refusal CohortNeeded = new("cohort-needed", RefusalKind.Rule, "/cohort");
    public static readonly Refusal HooksDoNotMix = new("hooks-do-not-mix", RefusalKind.Rule, "/hooks");

    public static Refusal TooFewMembers(int count, int minimum) => new("too-few-members", RefusalKind.Rule, "/cohort", count, minimum);

    public static Refusal TooManyActs(int most) => new("too-many-acts", RefusalKind.Conflict, null, most);

    public static Refusal TooManyMembers(int count, int maximum) => new("too-many-members", RefusalKind.Rule, "/cohort", count, maximum);

    public static Refusal ForbiddenPurpose(string category, string source) => new("forbidden-purpose", RefusalKind.Rule, "/purpose", category, source);

    public static Refusal BeforeFiling(DateOnly filedOn) => new("before-filing", RefusalKind.Rule, "/receivedOn", filedOn);

    public static Refusal BeforeReceipt(string pointer, DateOnly receivedOn) => new("before-receipt", RefusalKind.Rule, pointer, receivedOn);

    public static Refusal CategoryNotAsked(string category) => new("category-not-asked", RefusalKind.Rule, "/category", category);

    public static Refusal NotRelational(string category) => new("not-relational", RefusalKind.Rule, "/lines", category);

    public static Refusal UnknownHook(string pointer, string hook, string known) => new("unknown-hook", RefusalKind.Rule, pointer, hook, known);

    public static Refusal HookNotInForce(string pointer, string hook, string country, string source) => new("hook-not-in-force", RefusalKind.Rule, pointer, hook, country, source);

    public static Refusal HookDoesNotBind(string pointer, string hook, string scheme) => new("hook-does-not-bind", RefusalKind.Rule, pointer, hook, scheme);

    public static Refusal WrongClaimant(string pointer, string hook, string claimants, string source) => new("wrong-claimant", RefusalKind.Rule, pointer, hook, claimants, source);

    public static Refusal HookDoesNotCover(string pointer, string category) => new("hook-does-not-cover", RefusalKind.Rule, pointer, category);

    public static Refusal NecessityIncomplete(string pointer, string category) => new("necessity-incomplete", RefusalKind.Rule, pointer, category);

    public static Refusal RetentionTooLong(string longest) => new("retention-too-long", RefusalKind.Rule, "/stewardship/retention", longest);

    public static Refusal UnknownDelivery(string pointer, Guid delivery) => new("unknown-delivery", RefusalKind.Rule, pointer, delivery);

    public static Refusal BeforeDelivery(DateOnly on) => new("before-delivery", RefusalKind.Rule, "/on", on);

    public static Refusal UnknownGround(string ground, string known) => new("unknown-ground", RefusalKind.Rule, "/ground", ground, known);

    public static Refusal HoldTooLong(DateOnly last, string article) => new("hold-too-long", RefusalKind.Rule, "/until", last, article);

    public static Refusal AlreadyOver(string pointer) => new("already-over", RefusalKind.Rule, pointer);

    public static Refusal DateInTheFuture(string pointer) => new("in-the-future", RefusalKind.Rule, pointer);
}
