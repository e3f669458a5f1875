using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application;
using Registry.Application.Mandates;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Api.PortabilityRequests;

/// <summary>Collective portability requests: one filing, many people, each with their own rights and deadlines (GDPR Arts 12, 15, 20).</summary>
[Tags("Portability requests")]
public sealed class PortabilityRequestsController(IMediator mediator) : RegistryController
{
    private const int LargestManifest = 8 << 20;

    /// <summary>An organisation is shown the request, a member what became of their own lines.</summary>
    private IActionResult AnswerOnLines(Reply<ActOnLines> reply) => reply.View?.Request is not null ? Answer(reply.As(v => v.Request!)) : Answer(reply.As(v => v.Result));

    private MandateReader Reader => Caller.Org is { } org ? new MandateReader(null, new OrganisationId(org)) : new MandateReader(Caller.AsMember, null);

    /// <summary>Draft a request, with a preview: how many members are eligible, and the others by reason.</summary>
    [HttpPost("portability-requests"), OnlyFor(Roles.Union), RequestSizeLimit(LargestManifest), ProducesResponseType<RequestReading>(201), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Draft(RequestBody body, CancellationToken ct) => AnswerMade(await mediator.Send(new DraftRequest(
        body.Representative, body.Platform, body.Hooks, body.Categories, body.Purpose, body.Necessity, body.Stewardship,
        body.Cohort is { } cohort ? new CohortChoice(cohort.All ?? false, [.. (cohort.Mandates ?? []).Select(m => new MandateId(m))]) : null, body.Format,
        body.DeliverTo?.Target, body.MinMembers, Caller.Organisation), ct), v => $"/v1/portability-requests/{v.Id}");

    /// <summary>File the request: the cohort is sealed with its count and Merkle root. No clock runs before receipt. Above 5,000 lines the answer is an operation.</summary>
    [HttpPost("portability-requests/{id:guid}/filing"), OnlyFor(Roles.Union), ProducesResponseType<RequestReading>(200), ProducesResponseType<Application.Operations.OperationView>(202), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> File(Guid id, [IfMatch] long revision, CancellationToken ct)
    {
        var reply = await mediator.Send(new FileRequest(new RequestId(id), Caller.Organisation, revision), ct);
        return reply.View?.Operation is not null ? AnswerUnderWay(reply.As(v => v.Operation!), v => $"/v1/operations/{v.Id}") : Answer(reply.As(v => v.Request!));
    }

    /// <summary>Say when the request was received: the event of every deadline (Regulation 1182/71 Art. 3). The union may, with proof.</summary>
    [HttpPost("portability-requests/{id:guid}/receipt"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Receive(Guid id, ReceiptBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new ReceiveRequest(new RequestId(id), body.ReceivedOn, body.Proof, Caller.Organisation, revision), ct));

    /// <summary>Acknowledge the request; it moves no deadline.</summary>
    [HttpPost("portability-requests/{id:guid}/acknowledgement"), OnlyFor(Roles.Platform), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412)]
    public async Task<IActionResult> Acknowledge(Guid id, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new AcknowledgeRequest(new RequestId(id), Caller.Organisation, revision), ct));

    /// <summary>Declare a delivery: for one category, a manifest per line (SHA-256 in 64 lower-case hexadecimal digits, bytes, rows), never the data. Lines that cannot be answered are told one by one.</summary>
    [HttpPost("portability-requests/{id:guid}/deliveries"), OnlyFor(Roles.Platform), RequestSizeLimit(LargestManifest), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Deliver(Guid id, DeliveryBody body, [IfMatch] long revision, CancellationToken ct) => Answer(await mediator.Send(new DeclareDelivery(
        new RequestId(id), body.Category, body.Format, body.Schema,
        body.Items?.Select(i => new DeliveredLine(new LineId(i.Line), i.Sha256, i.Bytes, i.Rows, i.Quarantine)).ToList(), body.Shared, Caller.Organisation, revision), ct));

    /// <summary>Doubt who somebody is, with reason (GDPR Art. 12(6)): the clocks of these lines stand until the answer, once, and those of no others.</summary>
    [HttpPost("portability-requests/{id:guid}/identity-questions"), OnlyFor(Roles.Platform), RequestSizeLimit(LargestManifest), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412)]
    public async Task<IActionResult> AskIdentity(Guid id, LinesBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new AskIdentity(new RequestId(id), [.. body.Lines.Select(l => new LineId(l))], Caller.Organisation, revision), ct));

    /// <summary>Answer for the members, or as a member for oneself (without If-Match): the clocks go on, with the days added for which they stood. An answer is sealed, read by the platform only, and destroyed at the closure.</summary>
    [HttpPost("portability-requests/{id:guid}/identity-answers"), OnlyFor(Roles.Union, Roles.Member), RequestSizeLimit(LargestManifest), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412)]
    public async Task<IActionResult> AnswerIdentity(Guid id, IdentityAnswersBody body, [IfMatch(NotForMembers = true)] long? revision, CancellationToken ct) =>
        AnswerOnLines(await mediator.Send(new AnswerIdentity(new RequestId(id), body.Answers, Reader, revision), ct));

    /// <summary>Give notice that the answer takes longer: three months from receipt (GDPR Art. 12(3)). What is recorded after the first month is void, and stands as evidence.</summary>
    [HttpPost("portability-requests/{id:guid}/extension"), OnlyFor(Roles.Platform), RequestSizeLimit(LargestManifest), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Extend(Guid id, ExtensionBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new ExtendRequest(new RequestId(id), body.Reason, body.Explanation, body.NoticeOn, body.Lines?.Select(l => new LineId(l)).ToList(), Caller.Organisation, revision), ct));

    /// <summary>Refuse the request or some lines, with reasons and complaint routes within one month (GDPR Art. 12(4)). What lacks them is recorded as invalid; "excessive" for the number alone as contested (C-416/23): neither refuses anything.</summary>
    [HttpPost("portability-requests/{id:guid}/refusal"), OnlyFor(Roles.Platform), RequestSizeLimit(LargestManifest), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Refuse(Guid id, RefusalBody body, [IfMatch] long revision, CancellationToken ct) => Answer(await mediator.Send(new RefuseRequest(
        new RequestId(id), body.Lines?.Select(l => new LineId(l)).ToList(), body.Ground, body.Reasons ?? "", body.ComplaintRoutes ?? [], body.Evidence?.Said, Caller.Organisation, revision), ct));

    /// <summary>Say whom of the listed lines was found by the identifiers given: matched, unmatched or ambiguous. Nothing may be kept of them.</summary>
    [HttpPost("portability-requests/{id:guid}/matches"), OnlyFor(Roles.Platform), RequestSizeLimit(LargestManifest), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412)]
    public async Task<IActionResult> Match(Guid id, MatchesBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new MatchLines(new RequestId(id), [.. body.Items.Select(i => new MatchedLine(new LineId(i.Line), i.Result))], Caller.Organisation, revision), ct));

    /// <summary>Say what was found of a delivery: the union for what came to it, a member for their own lines (who need no If-Match). Whatever is not as declared puts the line back, and moves no deadline.</summary>
    [HttpPost("portability-requests/{id:guid}/delivery-checks"), OnlyFor(Roles.Union, Roles.Member), RequestSizeLimit(LargestManifest), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Check(Guid id, ChecksBody body, [IfMatch(NotForMembers = true)] long? revision, CancellationToken ct) => AnswerOnLines(await mediator.Send(new CheckDelivery(
        new RequestId(id), body.Delivery, [.. body.Items.Select(i => new CheckedLine(new LineId(i.Line), i.Result, i.Sha256))], Reader, revision), ct));

    /// <summary>Take the request back: what is open is cancelled. What was delivered stays lawful, and is erased in its time.</summary>
    [HttpPost("portability-requests/{id:guid}/withdrawal"), OnlyFor(Roles.Union), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412)]
    public async Task<IActionResult> Withdraw(Guid id, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new WithdrawRequest(new RequestId(id), Caller.Organisation, revision), ct));

    /// <summary>Complain to a supervisory authority (GDPR Art. 77), which may read the request from then on. It is said whether it leads (Art. 56), and for how many members the union complains on their mandate (Art. 80(1)).</summary>
    [HttpPost("portability-requests/{id:guid}/escalation"), OnlyFor(Roles.Union), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Escalate(Guid id, EscalationBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new EscalateRequest(new RequestId(id), body.Authority, Caller.Organisation, revision), ct));

    /// <summary>Close the request: account ids and identity answers are destroyed at once, the lines a year later, the rest after five.</summary>
    [HttpPost("portability-requests/{id:guid}/closure"), OnlyFor(Roles.Union), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412)]
    public async Task<IActionResult> Close(Guid id, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new CloseRequest(new RequestId(id), Caller.Organisation, revision), ct));

    /// <summary>Show that delivered data were destroyed: all of them, those of members who withdrew, or what came too late.</summary>
    [HttpPost("portability-requests/{id:guid}/erasures"), OnlyFor(Roles.Union), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Erase(Guid id, ErasureBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new EraseDeliveries(new RequestId(id), body.Deliveries, body.Scope ?? ErasureScope.All, body.Method, body.On, Caller.Organisation, revision), ct));

    /// <summary>Hold delivered data for a claim (GDPR Art. 17(3)(e)), until a day within the time in which such a claim lives.</summary>
    [HttpPost("portability-requests/{id:guid}/holds"), OnlyFor(Roles.Union), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Hold(Guid id, HoldBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new PlaceHold(new RequestId(id), body.Ground, body.Until, Caller.Organisation, revision), ct));

    /// <summary>Let an auditor read along until a day: the request, its deadlines, completeness and dossier, and neither a line nor a mandate.</summary>
    [HttpPost("portability-requests/{id:guid}/auditors"), OnlyFor(Roles.Union), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Admit(Guid id, AuditorBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new AdmitAuditor(new RequestId(id), body.Organisation, body.Until, Caller.Organisation, revision), ct));

    /// <summary>The dossier as a zip: the request, its deadlines, and its events in their order with their places, salts and leaves. To auditors and the authority without what names lines.</summary>
    [HttpGet("portability-requests/{id:guid}/dossier"), OnlyFor(Roles.Union, Roles.Authority, Roles.Auditor), ProducesResponseType(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Dossier(Guid id, CancellationToken ct)
    {
        var reply = await mediator.Send(new ReadDossier(new RequestId(id), Caller.Organisation), ct);
        return reply.View is { } dossier ? new WrittenResult("application/zip", $"dossier-{id}.zip", dossier.Write) : Answer(reply);
    }

    /// <summary>What the union must have destroyed by a day and has not shown to have: deliveries whose time ends, data of members who withdrew, and what came too late.</summary>
    [HttpGet("retention/due"), OnlyFor(Roles.Union), ProducesResponseType<Page<ErasureDue>>(200)]
    public async Task<IActionResult> Due([FromQuery] DateOnly? on, [ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct) =>
        AnswerPage(await mediator.Send(new ReadRetentionDue(Caller.Organisation, on, page), ct));

    /// <summary>A union's requests, or a platform's inbox of what was filed with it.</summary>
    [HttpGet("portability-requests"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<Page<RequestReading>>(200)]
    public async Task<IActionResult> List([FromQuery] string? state, [FromQuery] Guid? platform, [ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct) =>
        AnswerPage(await mediator.Send(new ListRequests(Caller.Organisation, Caller.Role == Roles.Platform, state, platform, page), ct));

    /// <summary>One request as it stands today. To a platform it does not exist before its filing.</summary>
    [HttpGet("portability-requests/{id:guid}"), OnlyFor(Roles.Union, Roles.Platform, Roles.Authority, Roles.Auditor), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Get(Guid id, CancellationToken ct) => Answer(await mediator.Send(new GetRequest(new RequestId(id), Caller.Organisation), ct));

    /// <summary>The lines, a page at a time, or all as NDJSON. Account ids only for the platform and only while a line is open. Each read is recorded and shown to the members.</summary>
    [HttpGet("portability-requests/{id:guid}/lines"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<Page<LineView>>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Lines(Guid id, [ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct)
    {
        var streamed = Request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase));
        var reply = await mediator.Send(new ReadLines(new RequestId(id), Caller.Organisation, streamed ? null : page), ct);
        return reply.View?.All is { } all ? new NdjsonResult<LineView>(SealedLines.Each(all, reply.View.SealTo)) : AnswerPage(reply.As(v => v.Page! with { Items = SealedLines.All(v.Page.Items, v.SealTo) }));
    }

    /// <summary>The deadlines on a day, each with the walk that led to it: event, rule, article, unrolled date, days moved over.</summary>
    [HttpGet("portability-requests/{id:guid}/deadlines"), OnlyFor(Roles.Union, Roles.Platform, Roles.Authority, Roles.Auditor), ProducesResponseType<DeadlinesView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Deadlines(Guid id, [FromQuery] DateOnly? asOf, CancellationToken ct) =>
        Answer(await mediator.Send(new GetDeadlines(new RequestId(id), Caller.Organisation, asOf), ct));

    /// <summary>What was asked against what was delivered, for each category under each hook.</summary>
    [HttpGet("portability-requests/{id:guid}/completeness"), OnlyFor(Roles.Union, Roles.Platform, Roles.Authority, Roles.Auditor), ProducesResponseType<CompletenessView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Completeness(Guid id, CancellationToken ct) => Answer(await mediator.Send(new GetCompleteness(new RequestId(id), Caller.Organisation), ct));
}

public sealed record RequestBody(
    Guid Platform, IReadOnlyList<string> Hooks, IReadOnlyList<string> Categories, string Purpose, string Format, CohortBody? Cohort = null, Guid? Representative = null,
    Necessity? Necessity = null, Stewardship? Stewardship = null, DeliverToBody? DeliverTo = null, int? MinMembers = null);

public sealed record CohortBody(bool? All = null, IReadOnlyList<Guid>? Mandates = null);

/// <param name="Key">A public JWK, or the <c>kid</c> of a key that the representative has published.</param>
public sealed record DeliverToBody(string Endpoint, JsonElement Key)
{
    internal DeliveryTarget Target => new(Endpoint, Key.ValueKind switch
    {
        JsonValueKind.String => Key.GetString()!,
        JsonValueKind.Object when Organisations.PublicKeys.IsPublic(Key) => Key.GetRawText(),
        _ => "",
    });
}

public sealed record ReceiptBody(DateOnly? ReceivedOn = null, ReceiptProof? Proof = null);

public sealed record LinesBody(IReadOnlyList<Guid> Lines);

/// <param name="Lines">Whose question is answered elsewhere, or nothing need be added for; instead of <c>items</c>, or beside it.</param>
public sealed record IdentityAnswersBody(IReadOnlyList<Guid>? Lines = null, IReadOnlyList<IdentityAnswerItem>? Items = null)
{
    internal IReadOnlyList<IdentityAnswer> Answers =>
        [.. (Items ?? []).Select(i => new IdentityAnswer(new LineId(i.Line), i.Answer)), .. (Lines ?? []).Select(l => new IdentityAnswer(new LineId(l), null))];
}

public sealed record IdentityAnswerItem(Guid Line, string? Answer = null);

public sealed record ExtensionBody(ExtensionReason Reason, string? Explanation = null, DateOnly? NoticeOn = null, IReadOnlyList<Guid>? Lines = null);

public sealed record RefusalBody(string Ground, string? Reasons = null, IReadOnlyList<string>? ComplaintRoutes = null, IReadOnlyList<Guid>? Lines = null, RefusalEvidenceBody? Evidence = null);

/// <param name="Elements">What shows that it is excessive: <c>number</c>, <c>repetition</c>, <c>abuse</c>.</param>
public sealed record RefusalEvidenceBody(IReadOnlyList<ExcessiveElement> Elements, string? DocumentHash = null)
{
    internal RefusalEvidence Said => new(Elements, DocumentHash);
}

public sealed record MatchesBody(IReadOnlyList<MatchItem> Items);

public sealed record MatchItem(Guid Line, MatchResult Result);

/// <summary>Either <c>items</c>, one a line, or <c>lines: "cohort"</c> with one manifest, for data that relate members to each other.</summary>
public sealed record DeliveryBody(
    string Category, string Format, string Schema, IReadOnlyList<DeliveryItem>? Items = null, CohortWord? Lines = null, string? Sha256 = null, long? Bytes = null, int? Rows = null, int? Quarantine = null)
{
    internal SharedManifest? Shared => Lines is null ? null : new SharedManifest(Sha256 ?? "", Bytes ?? -1, Rows ?? -1, Quarantine);
}

public enum CohortWord
{
    Cohort,
}

public sealed record DeliveryItem(Guid Line, string Sha256, long Bytes, int Rows, int? Quarantine = null);

public sealed record ChecksBody(Guid Delivery, IReadOnlyList<CheckItem> Items);

public sealed record CheckItem(Guid Line, CheckResult Result, string? Sha256 = null);

public sealed record EscalationBody(Guid Authority);

/// <param name="Scope"><c>all</c> of these deliveries (default), the data of members who <c>withdrawn</c>, or what came <c>late</c>.</param>
public sealed record ErasureBody(IReadOnlyList<Guid> Deliveries, string Method, DateOnly? On = null, ErasureScope? Scope = null);

/// <param name="Ground"><c>wages</c>, <c>contract</c>, <c>discrimination</c> or <c>civil</c> in France.</param>
public sealed record HoldBody(string Ground, DateOnly Until);

public sealed record AuditorBody(Guid Organisation, DateOnly Until);
