using System.Diagnostics;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.PortabilityRequests;

/// <summary>A collective request: what is asked and how far it came. Its lines stand in blocks of their own.</summary>
public sealed record PortabilityRequest(RequestId Id, RequestMatter Matter, RequestFiled? Filed, RequestReceived? Received, bool Acknowledged)
    : IEvolve<PortabilityRequest, RequestEvent>
{
    /// <summary>A minimal cohort never shows a figure, because published aggregates need one member more (P).</summary>
    public const int DefaultMinMembers = 10;

    public static PortabilityRequest? Evolve(PortabilityRequest? request, RequestEvent happened) => happened switch
    {
        RequestDrafted e => new(e.Request, e.Matter, null, null, false),
        RequestFiled e => request! with { Filed = e },
        RequestReceived e => request! with { Received = e },
        RequestAcknowledged => request! with { Acknowledged = true },
        DeliveryDeclared => request,
        _ => throw new UnreachableException($"PortabilityRequest has no arm for {happened.GetType().Name}"),
    };

    public static Outcome<RequestEvent> Draft(PortabilityRequest? request, RequestDrafted drafted, Law law, string country, DateOnly today) =>
        request is not null ? RequestRefusals.Exists
        : CheckMatter(drafted.Matter, law.Hooks, law.Codes, country, today) is { } refused ? refused
        : drafted;

    /// <summary>Whether the draft may be filed at all, before its cohort is counted.</summary>
    public static Refusal? MayFile(PortabilityRequest? request, OrganisationId by) => request switch
    {
        null => RequestRefusals.Unknown,
        _ when request.Matter.Representative != by => RequestRefusals.Unknown,
        { Filed: not null } => RequestRefusals.AlreadyFiled,
        { Matter.Stewardship: null } => RequestRefusals.StewardshipNeeded,
        _ => null,
    };

    public static Outcome<RequestEvent> File(PortabilityRequest? request, OrganisationId by, RequestFiled filed) =>
        MayFile(request, by) is { } refused ? refused
        : filed.Count < request!.Matter.MinMembers ? RequestRefusals.TooFewMembers(filed.Count, request.Matter.MinMembers)
        : filed;

    /// <summary>The platform says when it received the request, or the union proves it.</summary>
    public static Outcome<RequestEvent> Receive(
        PortabilityRequest? request, OrganisationId by, DateOnly receivedOn, ReceiptProof? proof, DateOnly today, DateTimeOffset at) => request switch
        {
            null => RequestRefusals.Unknown,
            _ when !request.IsKnownTo(by) => RequestRefusals.Unknown,
            { Filed: null } => RequestRefusals.NotFiled,
            { Received: not null } when request.Received.ReceivedOn == receivedOn => Outcome<RequestEvent>.Nothing,
            { Received: not null } => RequestRefusals.AlreadyReceived,
            _ when request.Matter.Representative == by && proof is null => RequestRefusals.ProofNeeded,
            _ when receivedOn > today => RequestRefusals.InTheFuture,
            _ when receivedOn < request.Filed.FiledOn => RequestRefusals.BeforeFiling(request.Filed.FiledOn),
            _ => new RequestReceived(request.Id, receivedOn, by, proof, at),
        };

    public static Outcome<RequestEvent> Acknowledge(PortabilityRequest? request, OrganisationId by, DateTimeOffset at) => request switch
    {
        null => RequestRefusals.Unknown,
        _ when !request.IsAnsweredBy(by) => RequestRefusals.Unknown,
        { Received: null } => RequestRefusals.NotReceived,
        { Acknowledged: true } => Outcome<RequestEvent>.Nothing,
        _ => new RequestAcknowledged(request.Id, by, at),
    };

    public static Outcome<RequestEvent> Deliver(PortabilityRequest? request, OrganisationId by, DeliveryDeclared delivery) => request switch
    {
        null => RequestRefusals.Unknown,
        _ when !request.IsAnsweredBy(by) => RequestRefusals.Unknown,
        { Received: null } => RequestRefusals.NotReceived,
        _ when !request.Matter.Categories.Contains(delivery.Category) => RequestRefusals.CategoryNotAsked(delivery.Category),
        _ when delivery.Lines == 0 => Outcome<RequestEvent>.Nothing, // nothing was taken: no delivery was made
        _ => delivery,
    };

    /// <summary>The union always; the platform from the filing on.</summary>
    public bool IsKnownTo(OrganisationId organisation) => Matter.Representative == organisation || IsAnsweredBy(organisation);

    private bool IsAnsweredBy(OrganisationId organisation) => Filed is not null && Matter.Platform == organisation;

    private static Refusal? CheckMatter(RequestMatter matter, HookSet hooks, VocabularySet codes, string country, DateOnly today)
    {
        var named = matter.Hooks.Select(hooks.Find).ToList();
        var unknown = named.Select((hook, index) => (hook, index)).Where(h => h.hook is null || !h.hook.InForce(today, country))
            .Select(h => RequestRefusals.UnknownHook($"/hooks/{h.index}", matter.Hooks[h.index]));
        var uncovered = matter.Categories.Select((category, index) => (category, index))
            .Where(c => !named.Any(h => h?.Reaches(new DataCategory(c.category), codes) == true))
            .Select(c => RequestRefusals.HookDoesNotCover($"/categories/{c.index}", c.category));
        return Refusal.Together(unknown.Concat(uncovered));
    }
}
