using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;

namespace Registry.Domain.PortabilityRequests;

/// <summary>What a platform may do with a request that was filed with it. What its acts do to lines stands in <see cref="AnsweringLines"/>.</summary>
public static class Replying
{
    /// <summary>Policy: refusals, and notices, of one request; each takes as many lines as it names.</summary>
    public const int MostNotices = 500;

    /// <summary>One names as many lines as it likes: who sends one for each line of a large request is asked to gather them.</summary>
    public const int MostDeliveries = 2_000;

    /// <summary>Nothing is answered before receipt, and nothing after the end.</summary>
    public static Refusal? MayReply(PortabilityRequest? request, OrganisationId by) => request switch
    {
        null => RequestRefusals.Unknown,
        _ when !request.IsAnsweredBy(by) => RequestRefusals.Unknown,
        { Received: null } => RequestRefusals.NotReceived,
        _ => Requesting.Over(request),
    };

    public static Outcome<RequestEvent> Acknowledge(PortabilityRequest? request, OrganisationId by, DateTimeOffset at) =>
        MayReply(request, by) is { } refused ? refused
        : request!.Acknowledged ? Outcome<RequestEvent>.Nothing : new RequestAcknowledged(request.Id, by, at);

    public static Outcome<RequestEvent> AskIdentity(PortabilityRequest? request, OrganisationId by, int lines, DateOnly on, DateTimeOffset at) =>
        MayReply(request, by) is { } refused ? refused
        : lines == 0 ? Outcome<RequestEvent>.Nothing : new IdentityQuestioned(request!.Id, lines, on, at);

    /// <summary>The representative answers for its members, or a member for themselves.</summary>
    public static Outcome<RequestEvent> AnswerIdentity(PortabilityRequest? request, OrganisationId? by, int lines, DateOnly on, DateTimeOffset at) =>
        Requesting.MayTouch(request, by) is { } refused ? refused
        : lines == 0 ? Outcome<RequestEvent>.Nothing : new IdentityAnswered(request!.Id, lines, on, at);

    /// <summary>A notice that came too late stands as evidence and extends nothing.</summary>
    public static Outcome<RequestEvent> Extend(PortabilityRequest? request, OrganisationId by, ExtensionNoticed noticed) => request switch
    {
        _ when MayReply(request, by) is { } refused => refused,
        _ when noticed.NoticeOn > noticed.On => RequestRefusals.DateInTheFuture("/noticeOn"),
        _ when noticed.NoticeOn < request!.Received!.ReceivedOn => RequestRefusals.BeforeReceipt("/noticeOn", request.Received.ReceivedOn),
        _ when noticed is { Lines: 0, Void: 0 } || (noticed.Lines == 0 && request.Extensions.Any(e => e.Lines == 0 && e.On == noticed.On)) => Outcome<RequestEvent>.Nothing, // void once is void enough
        { Extensions.Count: >= MostNotices } => RequestRefusals.TooManyActs(MostNotices),
        _ => noticed,
    };

    /// <summary>How a refusal stands before any line is looked at: what it says, and what it can rest on (GDPR Art. 12(4) and (5)).</summary>
    public static (RefusalStanding Standing, IReadOnlyList<string> Faults) Weigh(RefusalGround ground, string reasons, IReadOnlyList<string> routes, RefusalEvidence? evidence)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(reasons)) faults.Add("noReasons");
        if (routes.All(string.IsNullOrWhiteSpace)) faults.Add("noComplaintRoutes");
        if (faults.Count > 0) return (RefusalStanding.Invalid, faults);
        return ground.Needs == GroundNeeds.MoreThanNumber && evidence?.Elements.Any(e => e != ExcessiveElement.Number) != true
            ? (RefusalStanding.Contested, ["numberAlone"])
            : (RefusalStanding.Valid, []);
    }

    /// <summary>Recorded however it stands: an invalid or contested one refuses nothing and moves no deadline.</summary>
    public static Outcome<RequestEvent> Refuse(PortabilityRequest? request, OrganisationId by, RequestRefused refusal) => request switch
    {
        _ when MayReply(request, by) is { } refused => refused,
        { Own.Count: 0 } when refusal is { Standing: RefusalStanding.Valid, Lines: 0, TooLate: 0 } => Outcome<RequestEvent>.Nothing,
        _ when refusal.Lines == 0 && request!.Refusals.Any(r => (r.On, r.Ground, r.Standing, r.Reasons) == (refusal.On, refusal.Ground, refusal.Standing, refusal.Reasons)) => Outcome<RequestEvent>.Nothing, // said again
        { Refusals.Count: >= MostNotices } => RequestRefusals.TooManyActs(MostNotices),
        _ => refusal,
    };

    public static Outcome<RequestEvent> Match(PortabilityRequest? request, OrganisationId by, MatchesAnswered matches) =>
        MayReply(request, by) is { } refused ? refused
        : matches is { Matched: 0, Unmatched: 0, Ambiguous: 0 } ? Outcome<RequestEvent>.Nothing : matches;

    /// <summary>Also after a withdrawal, where everything is late: what was sent must be destroyed, and that shown.</summary>
    public static Refusal? MayDeliver(PortabilityRequest? request, OrganisationId by, string category) => request switch
    {
        null => RequestRefusals.Unknown,
        _ when !request.IsAnsweredBy(by) => RequestRefusals.Unknown,
        { Received: null } => RequestRefusals.NotReceived,
        { Closed: not null } => RequestRefusals.Closed,
        _ when !request.Matter.Categories.Contains(category) => RequestRefusals.CategoryNotAsked(category),
        _ => null,
    };

    public static Outcome<RequestEvent> Deliver(PortabilityRequest? request, OrganisationId by, DeliveryDeclared delivery) =>
        MayDeliver(request, by, delivery.Category) is { } refused ? refused
        : request!.Deliveries.Count >= MostDeliveries ? RequestRefusals.TooManyActs(MostDeliveries)
        : delivery is { Lines: 0, Late: 0 } && (delivery.Shared is null || request!.Own.All(own => own.Column.Category != delivery.Category)) ? Outcome<RequestEvent>.Nothing // nothing was taken: no delivery was made
        : delivery;

    /// <summary>Null: the member whose lines are looked at.</summary>
    public static Refusal? MayCheck(PortabilityRequest? request, OrganisationId? by, DeliveryId delivery) => request switch
    {
        null => RequestRefusals.Unknown,
        _ when by is { } organisation && request.Matter.Representative != organisation => RequestRefusals.Unknown,
        { Closed: not null } => RequestRefusals.Closed,
        _ when request.Delivery(delivery) is null => RequestRefusals.UnknownDelivery("/delivery", delivery.Value),
        _ => null,
    };

    /// <summary>By the representative, or by a member for their own line.</summary>
    public static Outcome<RequestEvent> Check(PortabilityRequest? request, OrganisationId? by, DeliveryChecked found) => request switch
    {
        _ when MayCheck(request, by, found.Delivery) is { } refused => refused,
        _ when found is { Received: 0, Failed: 0 } => Outcome<RequestEvent>.Nothing,
        _ => found,
    };
}
