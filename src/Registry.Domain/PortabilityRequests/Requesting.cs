using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.PortabilityRequests;

/// <summary>Who asks whom: what the hooks of a request depend on.</summary>
/// <param name="Claimant">Its kind.</param>
/// <param name="Countries">Of the platform, and of the claimant: a national right binds whoever works there with, or from there (CT L7341-1 with CGI 242 bis, from memory).</param>
/// <param name="PlatformIdentifiers">What the directory says of the platform.</param>
/// <param name="Today">The day it is where the act is due.</param>
public sealed record ClaimContext(OrganisationKind Claimant, IReadOnlyList<string> Countries, IReadOnlyList<Identifier> PlatformIdentifiers, DateOnly Today);

/// <summary>What a representative may do with its request.</summary>
public static class Requesting
{
    /// <summary>Policy: what was delivered is kept for its purpose, and for so long at most.</summary>
    public const int LongestRetentionMonths = 12;

    /// <summary>What is to be put right is not answered by what answers a copy (GDPR Art. 16).</summary>
    private const string Correction = "gdpr:A16";

    /// <summary>Policy: so many days after somebody withdrew, or after something came too late, its data are destroyed.</summary>
    public const int ErasureDays = 30;

    public static Outcome<RequestEvent> Draft(PortabilityRequest? request, RequestDrafted drafted, Law law, ClaimContext claim) =>
        request is not null ? RequestRefusals.Exists
        : CheckMatter(drafted.Matter, law, claim) is { } refused ? refused
        : drafted;

    /// <summary>What is wrong with what is asked; null where nothing is.</summary>
    public static Refusal? CheckMatter(RequestMatter matter, Law law, ClaimContext claim)
    {
        var hooks = matter.Hooks.Select((code, index) => (code, pointer: $"/hooks/{index}", hook: law.Hooks.Find(code))).ToList();
        return Refusal.Together(
        [
            .. hooks.SelectMany(h => OfHook(h.code, h.pointer, h.hook, law.Hooks, claim)),
            .. hooks.Select(h => h.hook?.IsCollective).OfType<bool>().Distinct().Count() > 1 || (matter.Hooks.Contains(Correction) && matter.Hooks.Count > 1) ? [RequestRefusals.HooksDoNotMix] : Array.Empty<Refusal>(),
            .. matter.Categories.Select((category, index) => (category, index))
                .Where(c => hooks.All(h => h.hook is not null) && hooks.All(h => !h.hook!.Reaches(new DataCategory(c.category), law.Codes)))
                .Select(c => RequestRefusals.HookDoesNotCover($"/categories/{c.index}", c.category)),
            .. OfCohort(matter, law.Hooks), .. OfNecessity(matter), .. OfStewardship(matter),
        ]);
    }

    /// <summary>A body's own right: no member stands behind it.</summary>
    public static bool IsOwn(RequestMatter matter, HookSet hooks) => matter.Hooks.All(code => hooks.Find(code)?.IsCollective == true);

    /// <summary>Whether the draft may be filed at all, before its cohort is counted.</summary>
    public static Refusal? MayFile(PortabilityRequest? request, OrganisationId by, HookSet hooks) => request switch
    {
        null => RequestRefusals.Unknown,
        _ when request.Matter.Representative != by => RequestRefusals.Unknown,
        { Withdrawn: not null } => RequestRefusals.Withdrawn,
        { Filed: not null } => RequestRefusals.AlreadyFiled,
        { Matter.Stewardship: null } when !IsOwn(request.Matter, hooks) => RequestRefusals.StewardshipNeeded,
        _ => null,
    };

    public static Outcome<RequestEvent> File(PortabilityRequest? request, OrganisationId by, RequestFiled filed, HookSet hooks) =>
        MayFile(request, by, hooks) is { } refused ? refused
        : filed.Own is not null ? filed
        : filed.Count < request!.Matter.MinMembers ? RequestRefusals.TooFewMembers(filed.Count, request.Matter.MinMembers)
        : filed.Count > PortabilityRequest.MostMembers ? RequestRefusals.TooManyMembers(filed.Count, PortabilityRequest.MostMembers)
        : filed;

    /// <summary>The platform says when it received the request, or the union proves it; a proof of an earlier day prevails over the platform's word.</summary>
    public static Outcome<RequestEvent> Receive(
        PortabilityRequest? request, OrganisationId by, DateOnly receivedOn, ReceiptProof? proof, DateOnly today, DateTimeOffset at, IReadOnlyList<RefusalId>? late = null) => request switch
        {
            null => RequestRefusals.Unknown,
            _ when !request.IsKnownTo(by) => RequestRefusals.Unknown,
            { Filed: null } => RequestRefusals.NotFiled,
            _ when Over(request) is { } over => over,
            { Received: { } before } when before.ReceivedOn == receivedOn => Outcome<RequestEvent>.Nothing,
            _ when request.Matter.Representative == by && proof is null => RequestRefusals.ProofNeeded,
            { Received: { } before } when by != request.Matter.Representative || before.By == by || receivedOn > before.ReceivedOn => RequestRefusals.AlreadyReceived,
            _ when receivedOn > today => RequestRefusals.InTheFuture,
            _ when receivedOn < request.Filed.FiledOn => RequestRefusals.BeforeFiling(request.Filed.FiledOn),
            _ => new RequestReceived(request.Id, receivedOn, by, proof, at, late is { Count: > 0 } ? late : null),
        };

    /// <summary>Takes the whole request back; what was delivered stays lawful and is erased in its time.</summary>
    public static Outcome<RequestEvent> Withdraw(PortabilityRequest? request, OrganisationId by, int open, DateOnly on, DateTimeOffset at) => request switch
    {
        _ when NotTheirs(request, by) is { } refused => refused,
        { Closed: not null } => RequestRefusals.Closed,
        { Withdrawn: not null } => Outcome<RequestEvent>.Nothing,
        _ => new RequestWithdrawn(request!.Id, open, on, at),
    };

    /// <summary>A complaint needs something to complain of (P): time that ran out, somebody not found, or a refusal, also one that stands for nothing. What a body asks for itself has no time that could run out.</summary>
    public static Outcome<RequestEvent> Escalate(PortabilityRequest? request, OrganisationId by, RequestEscalated escalated) => request switch
    {
        _ when NotTheirs(request, by) is { } refused => refused,
        { Received: null } => RequestRefusals.NotReceived,
        _ when Over(request!) is { } over => over,
        _ when request!.Escalations.Any(e => e.Authority == escalated.Authority) => Outcome<RequestEvent>.Nothing,
        { Refusals.Count: 0, Own.Count: 0 } when escalated is { Overdue: 0, Refused: 0 } => RequestRefusals.NothingToEscalate,
        _ => escalated,
    };

    /// <summary>Looked at before any line is.</summary>
    public static Refusal? MayClose(PortabilityRequest? request, OrganisationId by) => NotTheirs(request, by);

    /// <summary>Ends it. While something is open only what was withdrawn, or what an authority has taken up, can be closed.</summary>
    public static Outcome<RequestEvent> Close(PortabilityRequest? request, OrganisationId by, RequestClosed closed) => request switch
    {
        _ when NotTheirs(request, by) is { } refused => refused,
        { Closed: not null } => Outcome<RequestEvent>.Nothing,
        { Filed: null } => RequestRefusals.NotFiled,
        { Withdrawn: null, Escalations.Count: 0 } when closed.Lines.Open > 0 || request.Own.Any(own => own.State == LineState.Pending) => RequestRefusals.LinesStillOpen,
        _ => closed,
    };

    public static Outcome<RequestEvent> Erase(PortabilityRequest? request, OrganisationId by, DeliveriesErased erased, DateOnly today) => request switch
    {
        _ when NotTheirs(request, by) is { } refused => refused,
        _ when erased.Deliveries.Select((id, index) => (id, index)).Where(d => request!.Delivery(d.id) is null).ToList() is [var (unknown, at), ..] => RequestRefusals.UnknownDelivery($"/deliveries/{at}", unknown.Value),
        _ when erased.On > today => RequestRefusals.DateInTheFuture("/on"),
        _ when erased.Deliveries.Max(d => request!.Delivery(d)!.On) is { } delivered && erased.On < delivered => RequestRefusals.BeforeDelivery(delivered),
        _ when request!.Erasures.Any(e => e.Scope == erased.Scope && e.On == erased.On && erased.Deliveries.All(e.Deliveries.Contains)) => Outcome<RequestEvent>.Nothing,
        _ => erased,
    };

    /// <summary>Up to what the law has such a claim live, counted from the filing, when the facts were known at the latest (P).</summary>
    public static Outcome<RequestEvent> Hold(PortabilityRequest? request, OrganisationId by, HoldGround ground, DateOnly until, DateOnly today, DateTimeOffset at) => request switch
    {
        _ when NotTheirs(request, by) is { } refused => refused,
        { Filed: null } => RequestRefusals.NotFiled,
        _ when until <= today => RequestRefusals.AlreadyOver("/until"),
        _ when ground.Ceiling.After(request!.Filed.FiledOn) is var last && until > last => RequestRefusals.HoldTooLong(last, ground.Article),
        _ when request!.Holds.Any(h => h.Ground == ground.Code && h.Until == until) => Outcome<RequestEvent>.Nothing,
        _ => new HoldPlaced(request!.Id, ground.Code, until, at),
    };

    public static Outcome<RequestEvent> Admit(PortabilityRequest? request, OrganisationId by, OrganisationId auditor, DateOnly until, DateOnly today, DateTimeOffset at) => request switch
    {
        _ when NotTheirs(request, by) is { } refused => refused,
        { Filed: null } => RequestRefusals.NotFiled,
        _ when until < today => RequestRefusals.AlreadyOver("/until"),
        _ when request!.Auditors.Any(a => a.Auditor == auditor && a.Until == until) => Outcome<RequestEvent>.Nothing,
        _ => new AuditorAdmitted(request!.Id, auditor, until, at),
    };

    /// <summary>Whether its lines may be touched by the representative, or by a member.</summary>
    public static Refusal? MayTouch(PortabilityRequest? request, OrganisationId? by) => request switch
    {
        null => RequestRefusals.Unknown,
        _ when by is { } organisation && NotTheirs(request, organisation) is { } refused => refused,
        { Received: null } => RequestRefusals.NotReceived,
        _ => Over(request!),
    };

    internal static Refusal? Over(PortabilityRequest request) => request.Closed is not null ? RequestRefusals.Closed : request.Withdrawn is not null ? RequestRefusals.Withdrawn : null;

    internal static Refusal? NotTheirs(PortabilityRequest? request, OrganisationId by) => request?.Matter.Representative == by ? null : RequestRefusals.Unknown;

    private static IEnumerable<Refusal> OfHook(string code, string pointer, Hook? hook, HookSet hooks, ClaimContext claim)
    {
        if (hook is null) yield return RequestRefusals.UnknownHook(pointer, code, string.Join(", ", hooks.All.Select(h => h.Code)));
        else if (hook.Claimants is { } claimants && !claimants.Contains(claim.Claimant)) yield return RequestRefusals.WrongClaimant(pointer, code, string.Join(", ", claimants), hook.Article);
        else if (!claim.Countries.Any(country => hook.InForce(claim.Today, country))) yield return RequestRefusals.HookNotInForce(pointer, code, string.Join(", ", claim.Countries.Distinct()), hook.Source);
        else if (hook.BindsOnly is { } scheme && claim.PlatformIdentifiers.All(i => i.Scheme != scheme)) yield return RequestRefusals.HookDoesNotBind(pointer, code, scheme);
    }

    private static IEnumerable<Refusal> OfCohort(RequestMatter matter, HookSet hooks)
    {
        if (IsOwn(matter, hooks) && matter.Cohort?.Mandates.Count > 0) yield return RequestRefusals.NoMemberLines;
        if (!IsOwn(matter, hooks) && matter.Cohort is null) yield return RequestRefusals.CohortNeeded;
    }

    /// <summary>Who says why the group needs the data says it for each category.</summary>
    private static IEnumerable<Refusal> OfNecessity(RequestMatter matter)
    {
        if (matter.Necessity is not { } necessity) yield break;
        foreach (var category in matter.Categories.Where(c => !necessity.PerCategoryNeed.ContainsKey(c))) yield return RequestRefusals.NecessityIncomplete("/necessity/perCategoryNeed", category);
        foreach (var category in necessity.PerCategoryNeed.Keys.Where(c => !matter.Categories.Contains(c))) yield return RequestRefusals.NecessityIncomplete("/necessity/perCategoryNeed", category);
    }

    private static IEnumerable<Refusal> OfStewardship(RequestMatter matter)
    {
        var day = new DateOnly(2000, 1, 1);
        if (matter.Stewardship is { } stewardship && Calendars.Period.Parse(stewardship.Retention)!.After(day) > day.AddMonths(LongestRetentionMonths)) yield return RequestRefusals.RetentionTooLong($"P{LongestRetentionMonths}M");
    }
}
