using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Api.PortabilityRequests;

/// <summary>Collective portability requests: one filing, many people, each with their own rights and deadlines (GDPR Arts 12, 15, 20).</summary>
[Tags("Portability requests")]
public sealed class PortabilityRequestsController(IMediator mediator) : RegistryController
{
    private const int LargestManifest = 8 << 20;

    /// <summary>Draft a request, with a preview: how many members are eligible, and the others by reason.</summary>
    [HttpPost("portability-requests"), OnlyFor(Roles.Union), RequestSizeLimit(LargestManifest), ProducesResponseType<RequestReading>(201), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Draft(RequestBody body, CancellationToken ct) => AnswerMade(await mediator.Send(new DraftRequest(
        body.Representative, body.Platform, body.Hooks, body.Categories, body.Purpose, body.Necessity, body.Stewardship,
        new CohortChoice(body.Cohort.All ?? false, [.. (body.Cohort.Mandates ?? []).Select(m => new MandateId(m))]), body.Format,
        body.DeliverTo is { } to ? new DeliveryTarget(to.Endpoint, to.Key.ValueKind switch { JsonValueKind.String => to.Key.GetString()!, JsonValueKind.Object => to.Key.GetRawText(), _ => "" }) : null,
        body.MinMembers, Caller.Organisation), ct), v => $"/v1/portability-requests/{v.Id}");

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
        [.. body.Items.Select(i => new DeliveredLine(new LineId(i.Line), i.Sha256, i.Bytes, i.Rows, i.Quarantine))], Caller.Organisation, revision), ct));

    /// <summary>A union's requests, or a platform's inbox of what was filed with it.</summary>
    [HttpGet("portability-requests"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<Page<RequestReading>>(200)]
    public async Task<IActionResult> List([FromQuery] string? state, [FromQuery] Guid? platform, [ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct) =>
        AnswerPage(await mediator.Send(new ListRequests(Caller.Organisation, Caller.Role == Roles.Platform, state, platform, page), ct));

    /// <summary>One request as it stands today. To a platform it does not exist before its filing.</summary>
    [HttpGet("portability-requests/{id:guid}"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<RequestReading>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Get(Guid id, CancellationToken ct) => Answer(await mediator.Send(new GetRequest(new RequestId(id), Caller.Organisation), ct));

    /// <summary>The lines, a page at a time, or all as NDJSON. Account ids only for the platform and only while a line is open. Each read is recorded and shown to the members.</summary>
    [HttpGet("portability-requests/{id:guid}/lines"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<Page<LineView>>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Lines(Guid id, [ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct)
    {
        var streamed = Request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase));
        var reply = await mediator.Send(new ReadLines(new RequestId(id), Caller.Organisation, streamed ? null : page), ct);
        return reply.View?.All is { } all ? new NdjsonResult<LineView>(all) : AnswerPage(reply.As(v => v.Page!));
    }

    /// <summary>The deadlines on a day, each with the walk that led to it: event, rule, article, unrolled date, days moved over.</summary>
    [HttpGet("portability-requests/{id:guid}/deadlines"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<DeadlinesView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Deadlines(Guid id, [FromQuery] DateOnly? asOf, CancellationToken ct) =>
        Answer(await mediator.Send(new GetDeadlines(new RequestId(id), Caller.Organisation, asOf), ct));

    /// <summary>What was asked against what was delivered, for each category under each hook.</summary>
    [HttpGet("portability-requests/{id:guid}/completeness"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<CompletenessView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Completeness(Guid id, CancellationToken ct) => Answer(await mediator.Send(new GetCompleteness(new RequestId(id), Caller.Organisation), ct));
}

public sealed record RequestBody(
    Guid Platform, IReadOnlyList<string> Hooks, IReadOnlyList<string> Categories, string Purpose, CohortBody Cohort, string Format, Guid? Representative = null,
    Necessity? Necessity = null, Stewardship? Stewardship = null, DeliverToBody? DeliverTo = null, int? MinMembers = null);

public sealed record CohortBody(bool? All = null, IReadOnlyList<Guid>? Mandates = null);

public sealed record DeliverToBody(string Endpoint, JsonElement Key);

public sealed record ReceiptBody(DateOnly? ReceivedOn = null, ReceiptProof? Proof = null);

public sealed record DeliveryBody(string Category, string Format, string Schema, IReadOnlyList<DeliveryItem> Items);

public sealed record DeliveryItem(Guid Line, string Sha256, long Bytes, int Rows, int? Quarantine = null);
