using Registry.Domain.Kernel;

namespace Registry.Domain.Organisations;

public static class OrganisationRefusals
{
    public static readonly Refusal Unknown = new("unknown-organisation", RefusalKind.Unknown);

    public static readonly Refusal AlreadyDissolved = new("already-dissolved", RefusalKind.Conflict);

    public static readonly Refusal Exists = new("organisation-exists", RefusalKind.Conflict);

    public static Refusal NotThere(string pointer, Guid id) => new("unknown-organisation-named", RefusalKind.Rule, pointer, id);

    public static Refusal Dissolved(string pointer) => new("organisation-dissolved", RefusalKind.Rule, pointer);

    public static Refusal KeyIdTaken(string kid) => new("key-id-taken", RefusalKind.Conflict, "/kid", kid);

    public static Refusal WrongKind(string pointer, string kind) => new("wrong-kind-of-organisation", RefusalKind.Rule, pointer, kind);

    public static Refusal PercentSum(decimal sum) => new("percent-sum", RefusalKind.Rule, "/weights", sum);

    public static readonly Refusal WeighedTwice = new("weighed-twice", RefusalKind.Rule, "/weights");

    public static readonly Refusal SubdivisionElsewhere = new("subdivision-elsewhere", RefusalKind.Rule, "/subdivision");

    public static readonly Refusal PercentOrVotes = new("percent-or-votes", RefusalKind.Rule, "/weights");

    public static readonly Refusal AlreadyMeasured = new("already-measured", RefusalKind.Conflict);

    public static readonly Refusal NotYourMember = new("not-your-member", RefusalKind.Forbidden);

    public static readonly Refusal MemberOfItself = new("member-of-itself", RefusalKind.Rule, "/organisation");

    public static readonly Refusal NoMember = new("no-member", RefusalKind.Conflict);

    public static readonly Refusal BeforeItLeft = new("before-it-left", RefusalKind.Rule, "/from");

    public static readonly Refusal LeftBeforeItJoined = new("left-before-it-joined", RefusalKind.Rule, "/on");

    public static Refusal BackDatedMembership(string pointer) => new("back-dated", RefusalKind.Rule, pointer);

    public static Refusal MembershipInTheFuture(string pointer) => new("in-the-future", RefusalKind.Rule, pointer);

    public static readonly Refusal OutsideJurisdiction = new("outside-jurisdiction", RefusalKind.Forbidden);
}
