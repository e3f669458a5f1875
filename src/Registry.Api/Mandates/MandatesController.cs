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
    private const int LargestImport = 1 << 30;

    private MandateReader Reader => new(Caller.AsMember, Caller.AsOrganisation);

    private MembersWord Word(Guid id, DateOnly? receivedOn, MandateEvidence? evidence) => new(new MandateId(id), Reader, receivedOn, evidence);

    /// <summary>The text that a member signs, by version and language; public. It says that the named controllers learn of the mandate when a request is filed.</summary>
    [HttpGet("mandate-texts"), Anyone, ProducesResponseType<Page<MandateTextView>>(200)]
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
    public async Task<IActionResult> Withdraw(Guid id, WithdrawalBody? body, CancellationToken ct) =>
        Answer(await mediator.Send(new WithdrawMandate(Word(id, body?.ReceivedOn, body?.Evidence), body?.Scope is { } scope ? new ScopeId(scope) : null), ct));

    /// <summary>Pause a mandate: it is not used from now on; what was filed before goes on.</summary>
    [HttpPost("mandates/{id:guid}/pause"), OnlyFor(Roles.Member, Roles.Union), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409)]
    public async Task<IActionResult> Pause(Guid id, WordBody? body, CancellationToken ct) => Answer(await mediator.Send(new PauseMandate(Word(id, body?.ReceivedOn, body?.Evidence)), ct));

    /// <summary>Let a paused mandate be used again. A representative records that on evidence.</summary>
    [HttpPost("mandates/{id:guid}/resumption"), OnlyFor(Roles.Member, Roles.Union), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409)]
    public async Task<IActionResult> Resume(Guid id, WordBody? body, CancellationToken ct) => Answer(await mediator.Send(new ResumeMandate(Word(id, body?.ReceivedOn, body?.Evidence)), ct));

    /// <summary>Renew a mandate under the text of today, until a day or for twelve months from today; never silent. A representative records that on evidence.</summary>
    [HttpPost("mandates/{id:guid}/renewal"), OnlyFor(Roles.Member, Roles.Union), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Renew(Guid id, RenewalBody? body, CancellationToken ct) =>
        Answer(await mediator.Send(new RenewMandate(Word(id, body?.ReceivedOn, body?.Evidence), body?.To, body?.Language, body?.TextVersion, body?.Guardian), ct));

    /// <summary>Give a mandate back, or decline the offer of one (C. civ. 2007).</summary>
    [HttpPost("mandates/{id:guid}/renunciation"), OnlyFor(Roles.Union), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409)]
    public async Task<IActionResult> Renounce(Guid id, CancellationToken ct) => Answer(await mediator.Send(new RenounceMandate(new MandateId(id), Caller.Organisation), ct));

    /// <summary>Record that the member died or came under guardianship (C. civ. 2003). What was done before that was known stays valid (2008).</summary>
    [HttpPost("mandates/{id:guid}/end"), OnlyFor(Roles.Union), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> End(Guid id, EndBody body, CancellationToken ct) => Answer(await mediator.Send(new EndMandate(new MandateId(id), Caller.Organisation, body.Cause, body.On, body.Evidence), ct));

    /// <summary>Have a substitute act in the representative's place, whom the member named (C. civ. 1994); without one the representative acts itself again.</summary>
    [HttpPost("mandates/{id:guid}/substitution"), OnlyFor(Roles.Union), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(403), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Entrust(Guid id, SubstitutionBody? body, CancellationToken ct) =>
        Answer(await mediator.Send(new EntrustMandate(new MandateId(id), Caller.Organisation, body?.Substitute is { } substitute ? new OrganisationId(substitute) : null), ct));

    /// <summary>Make a code, shown once, with which the person of a paper record takes it over after signing in.</summary>
    [HttpPost("mandates/{id:guid}/invitation"), OnlyFor(Roles.Union), ProducesResponseType<InvitationView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409)]
    public async Task<IActionResult> Invite(Guid id, CancellationToken ct) => Answer(await mediator.Send(new InviteMember(new MandateId(id), Caller.Organisation), ct));

    /// <summary>Keep a proof of your own: its SHA-256 only, nothing is uploaded.</summary>
    [HttpPost("mandates/{id:guid}/evidence"), OnlyFor(Roles.Member), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> AddProof(Guid id, ProofBody body, CancellationToken ct) =>
        Answer(await mediator.Send(new AddProof(new MandateId(id), Caller.Subject!, body.DocumentHash, body.MadeOn, body.Note), ct));

    /// <summary>A representative's own mandates (each page is a recorded disclosure), or a member's own.</summary>
    [HttpGet("mandates"), OnlyFor(Roles.Member, Roles.Union), ProducesResponseType<Page<MandateView>>(200)]
    public async Task<IActionResult> List([FromQuery] MandateStatus? state, [FromQuery] Guid? controller, [ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct) =>
        AnswerPage((await mediator.Send(new ListMandates(Reader, state, controller, page), ct)).As(found => found.Page));

    /// <summary>One mandate, to its member or its representative; to anybody else it does not exist.</summary>
    [HttpGet("mandates/{id:guid}"), OnlyFor(Roles.Member, Roles.Union), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Get(Guid id, CancellationToken ct) => Answer(await mediator.Send(new GetMandate(id, Reader), ct));

    /// <summary>Who used it: by whom, when, for what purpose, in which request.</summary>
    [HttpGet("mandates/{id:guid}/uses"), OnlyFor(Roles.Member, Roles.Union), ProducesResponseType<Page<UseView>>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Uses(Guid id, [ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct) =>
        AnswerPage((await mediator.Send(new ReadUses(id, Reader, page), ct)).As(read => read.Page));

    /// <summary>
    /// The receipt after ISO/IEC TS 27560 as JSON-LD with DPV, in RFC 8785 form; or, to whoever accepts `text/html`, as a page to print in the
    /// language of the mandate, with a QR code that carries the receipt's id and the SHA-256 of that JSON-LD.
    /// </summary>
    [HttpGet("mandates/{id:guid}/receipt"), OnlyFor(Roles.Member, Roles.Union), ProducesResponseType(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Receipt(Guid id, CancellationToken ct)
    {
        var reply = await mediator.Send(new ReadReceipt(id, Reader), ct);
        if (reply.View is not { } receipt) return Problems.Result(HttpContext, reply.Refused!);
        Response.Headers.Vary = "Accept";
        if (Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)) return Content(ReceiptPage.Of(receipt), "text/html; charset=utf-8");
        Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(receipt.Sha256))}:"; // RFC 9530
        return File(receipt.Text, "application/ld+json");
    }

    /// <summary>
    /// Record many mandates: one JSON object a line (NDJSON), or CSV with a header (UTF-8; `;` or `,`; French or ISO dates; docs/mandates.md).
    /// A bad row stops nothing; a row that came before changes nothing; `dryRun=true` only looks. Killed in the middle it goes on where it was.
    /// </summary>
    [HttpPost("mandates/imports"), OnlyFor(Roles.Union), Consumes("application/x-ndjson", "text/csv"), RequestSizeLimit(LargestImport), StreamsBody, ProducesResponseType<OperationView>(202), ProducesResponseType<ProblemBody>(413)]
    public async Task<IActionResult> Import([FromQuery] bool? dryRun, [FromServices] Staging staging, CancellationToken ct)
    {
        IAsyncEnumerable<ImportRow> rows;
        if (Request.ContentType is not { Length: > 0 } format) return Problems.Result(HttpContext, new Refusal("unsupported-media-type", RefusalKind.Invalid));
        if (format.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase))
        {
            var csv = await CsvRows.Open(Request.Body, Request.GetTypedHeaders().ContentType?.Charset.Value, ct);
            if (csv.Refused is { } unreadable) return Problems.Result(HttpContext, unreadable);
            rows = csv.Rows!.Read(ct);
        }
        else rows = NdjsonRows.Read(Request.Body, ct);
        var (staged, refused) = await staging.Take(rows, ct);
        return staged is null
            ? Problems.Result(HttpContext, refused!)
            : AnswerUnderWay(await mediator.Send(new ImportMandates(staged, dryRun ?? false, Caller.Organisation), ct), v => $"/v1/operations/{v.Id}");
    }
}

public sealed record WithdrawalBody(Guid? Scope = null, DateOnly? ReceivedOn = null, MandateEvidence? Evidence = null);

public sealed record WordBody(DateOnly? ReceivedOn = null, MandateEvidence? Evidence = null);

public sealed record RenewalBody(DateOnly? To = null, DateOnly? ReceivedOn = null, MandateEvidence? Evidence = null, string? Language = null, string? TextVersion = null,
    GuardianConsent? Guardian = null);

public sealed record EndBody(EndCause Cause, MandateEvidence Evidence, DateOnly? On = null);

public sealed record SubstitutionBody(Guid? Substitute = null);

public sealed record ProofBody(string DocumentHash, DateOnly MadeOn, string? Note = null);
