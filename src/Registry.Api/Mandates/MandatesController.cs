using MediatR;
using Microsoft.AspNetCore.Mvc;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application;
using Registry.Application.Mandates;
using Registry.Application.Operations;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Api.Mandates;

/// <summary>Mandates: one member empowers one representative, precisely and for a time (C. civ. 1984; GDPR Art. 80; CNIL 2021-070).</summary>
[Tags("Mandates")]
public sealed class MandatesController(IMediator mediator) : RegistryController
{
    private const int LargestImport = 64 << 20;

    /// <summary>The text that a member signs, by version and language; public. It says that the named controllers learn of the mandate when a request is filed.</summary>
    [HttpGet("mandate-texts"), Anyone, ProducesResponseType<Page<MandateText>>(200)]
    public async Task<IActionResult> Texts([FromQuery] string? language, CancellationToken ct) => Answer(await mediator.Send(new ListMandateTexts(language), ct));

    /// <summary>Grant a mandate as the member, or record it for a member on evidence. No general mandate, no controller unnamed, twelve months at most.</summary>
    [HttpPost("mandates"), OnlyFor(Roles.Member, Roles.Union), ProducesResponseType<MandateView>(201), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Grant(MandateAsked body, CancellationToken ct) => AnswerMade(
        await mediator.Send(Caller.IsMember ? (IRequest<Reply<MandateView>>)new GrantMandate(body, Caller.Subject!) : new RecordMandate(body, Caller.Organisation), ct),
        v => $"/v1/mandates/{v.Id}");

    /// <summary>Accept an offered mandate (C. civ. 1984-1985).</summary>
    [HttpPost("mandates/{id:guid}/acceptance"), OnlyFor(Roles.Union), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409)]
    public async Task<IActionResult> Accept(Guid id, CancellationToken ct) => Answer(await mediator.Send(new AcceptMandate(new MandateId(id), Caller.Organisation), ct));

    /// <summary>Withdraw a mandate, or one scope of it: one call, no reason asked, effective at once, again is harmless (GDPR Art. 7(3)). A representative records its member's word.</summary>
    [HttpPost("mandates/{id:guid}/withdrawal"), OnlyFor(Roles.Member, Roles.Union), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Withdraw(Guid id, WithdrawalBody? body, CancellationToken ct) => Answer(await mediator.Send(new WithdrawMandate(
        new MandateId(id), Caller.AsMember, Caller.AsOrganisation, body?.Scope is { } scope ? new ScopeId(scope) : null, body?.ReceivedOn, body?.Evidence), ct));

    /// <summary>A representative's own mandates (each page is a recorded disclosure), or a member's own.</summary>
    [HttpGet("mandates"), OnlyFor(Roles.Member, Roles.Union), ProducesResponseType<Page<MandateView>>(200)]
    public async Task<IActionResult> List([FromQuery] string? state, [FromQuery] Guid? controller, [ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct) =>
        AnswerPage((await mediator.Send(new ListMandates(Caller.AsMember, Caller.AsOrganisation, state, controller, page), ct)).As(found => found.Page));

    /// <summary>One mandate, to its member or its representative; to anybody else it does not exist.</summary>
    [HttpGet("mandates/{id:guid}"), OnlyFor(Roles.Member, Roles.Union), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Get(Guid id, CancellationToken ct) => Answer(await mediator.Send(new GetMandate(id, Caller.AsMember, Caller.AsOrganisation), ct));

    /// <summary>Record many mandates, one JSON object a line (NDJSON). A bad row stops nothing; a row that came before changes nothing; <c>dryRun=true</c> only looks.</summary>
    [HttpPost("mandates/imports"), OnlyFor(Roles.Union), Consumes("application/x-ndjson"), RequestSizeLimit(LargestImport), ProducesResponseType<OperationView>(202), ProducesResponseType<ProblemBody>(413)]
    public async Task<IActionResult> Import([FromQuery] bool? dryRun, CancellationToken ct)
    {
        var rows = await NdjsonRows.Read(Request.Body, ct);
        return rows.Count is 0 or > NdjsonRows.Most
            ? Problems.Result(HttpContext, new Refusal(rows.Count == 0 ? "empty-body" : "too-many-items", RefusalKind.Invalid, ""))
            : AnswerUnderWay(await mediator.Send(new ImportMandates(rows, dryRun ?? false, Caller.Organisation), ct), v => $"/v1/operations/{v.Id}");
    }
}

public sealed record WithdrawalBody(Guid? Scope = null, DateOnly? ReceivedOn = null, MandateEvidence? Evidence = null);

/// <summary>Reads rows one line at a time; a broken line is a row with its refusal.</summary>
internal static class NdjsonRows
{
    /// <summary>More than any union has members to import at once; a larger file is sent in parts.</summary>
    public const int Most = 300_000;

    public static async Task<List<ImportRow>> Read(Stream body, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        await body.CopyToAsync(buffer, ct);
        return Split(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
    }

    private static List<ImportRow> Split(ReadOnlyMemory<byte> text)
    {
        var rows = new List<ImportRow>();
        for (var row = 1; !text.IsEmpty && rows.Count <= Most; row++)
        {
            var end = text.Span.IndexOf((byte)'\n');
            var line = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            var (mandate, refused) = StrictJson.Read(line.Span, typeof(MandateAsked));
            rows.Add(new ImportRow(row, (MandateAsked?)mandate, refused));
        }
        return rows;
    }
}
