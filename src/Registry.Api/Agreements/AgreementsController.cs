using MediatR;
using Microsoft.AspNetCore.Mvc;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application;
using Registry.Application.Agreements;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Terms;

namespace Registry.Api.Agreements;

/// <summary>Sector-level data agreements, from the first text to their end.</summary>
[Tags("Agreements")]
public sealed class AgreementsController(IMediator mediator) : RegistryController
{
    /// <summary>Open a negotiation. The caller must be one of the parties; a charter has one side.</summary>
    [HttpPost("agreements"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<AgreementView>(201), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Open(AgreementBody body, CancellationToken ct) => AnswerMade(await mediator.Send(new OpenAgreement(
        body.Title, body.RuleSet, body.Nature ?? Nature.Agreement, body.Scope.Sectors, body.Scope.Territories, body.Scope.Statuses, body.Level,
        [.. body.Parties.Select(p => new Party(new OrganisationId(p.Organisation), p.Side))], body.Substitutes, Caller.Organisation), ct), v => $"/v1/agreements/{v.Id}");

    /// <summary>Table a text. The same side may not table twice in a row; terms against a rule of law are refused with its source (GDPR Art. 88; CJEU C-65/23).</summary>
    [HttpPost("agreements/{id:guid}/proposals"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Table(Guid id, ProposalBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new TableText(id, body.Terms, body.Duration, body.Survival, body.Note, Caller.Organisation, revision), ct));

    /// <summary>Accept the last tabled text, and only with its hash. Consensus when an organisation of each side stands by it.</summary>
    [HttpPost("agreements/{id:guid}/acceptances"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412)]
    public async Task<IActionResult> Accept(Guid id, AcceptanceBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new AcceptText(id, body.Version, body.TermsHash, Caller.Organisation, revision), ct));

    /// <summary>Sign the agreed text. It is signed when the rule set's threshold is met (CT L2232-6, L7343-29); until then the share reached is shown.</summary>
    [HttpPost("agreements/{id:guid}/signatures"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412)]
    public async Task<IActionResult> Sign(Guid id, SignatureBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new SignAgreement(id, body.Version, body.TermsHash, body.Signature, Caller.Organisation, revision), ct));

    /// <summary>Notify the signed text to all representative organisations (CT L2231-5). Opposition runs from the latest notification.</summary>
    [HttpPost("agreements/{id:guid}/notifications"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412)]
    public async Task<IActionResult> Notify(Guid id, NotificationBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new NotifyAgreement(id, body.Version, body.NotifiedOn, Caller.Organisation, revision), ct));

    /// <summary>Oppose the notified text, with reasons, inside the window (CT L2231-8). A share above the rule set's kills it.</summary>
    [HttpPost("agreements/{id:guid}/oppositions"), OnlyFor(Roles.Union), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Oppose(Guid id, OppositionBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new OpposeAgreement(id, body.Version, body.Reason, body.ReceivedOn, Caller.Organisation, revision), ct));

    /// <summary>Deposit the valid text (CT L2231-6, L7343-35). It comes into force as its rule set says (L2261-1, L7343-39).</summary>
    [HttpPost("agreements/{id:guid}/deposits"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412)]
    public async Task<IActionResult> Deposit(Guid id, DepositBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new DepositAgreement(id, body.Version, body.DepositedOn, body.EffectiveFrom, Caller.Organisation, revision), ct));

    /// <summary>
    /// Table an amendment, as the whole text or as clauses set and struck, or answer one. Then the same calls with its version.
    /// Signatories revise; after their time any representative organisation may (CT L2261-7, L7343-40).
    /// </summary>
    [HttpPost("agreements/{id:guid}/amendments"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(403), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Amend(Guid id, AmendmentBody body, [IfMatch] long revision, CancellationToken ct) => Answer(await mediator.Send(
        new AmendAgreement(id, body.Terms, body.Clauses, body.Removed, body.Duration, body.Survival, body.Note, Caller.Organisation, revision), ct));

    /// <summary>Say how clauses of a deposited text were meant. It reads so, from its entry into force on, once every signatory has said the same.</summary>
    [HttpPost("agreements/{id:guid}/rectifications"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(403), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Rectify(Guid id, RectificationBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new RectifyAgreement(id, body.Version, body.Clauses, body.Reason, Caller.Organisation, revision), ct));

    /// <summary>Denounce the agreement as one of its signatories: notice, then survival (CT L2261-9 to -11, L7343-41; ET 86). By part of a side it frees its author alone.</summary>
    [HttpPost("agreements/{id:guid}/denunciations"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(403), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Denounce(Guid id, DenunciationBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new DenounceAgreement(id, body.DepositedOn, Caller.Organisation, revision), ct));

    /// <summary>Give notice of the extension of the text deposited last to those who signed nothing (CT L2261-15, L7343-49).</summary>
    [HttpPost("agreements/{id:guid}/extensions"), OnlyFor(Roles.Authority), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(403), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Extend(Guid id, ExtensionBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new NoticeExtension(id, body.NoticeOn, Caller.Organisation, revision), ct));

    /// <summary>Oppose an extension as a representative organisation of the platforms' side, inside its window (CT L2261-19).</summary>
    [HttpPost("agreements/{id:guid}/extensions/{number:int}/oppositions"), OnlyFor(Roles.Platform), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> OpposeExtension(Guid id, int number, ExtensionOppositionBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new OpposeExtension(id, number, body.Reason, body.ReceivedOn, Caller.Organisation, revision), ct));

    /// <summary>Grant or refuse an extension, from a day on and without some clauses. It ends with its agreement.</summary>
    [HttpPost("agreements/{id:guid}/extensions/{number:int}/decision"), OnlyFor(Roles.Authority), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(403), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> DecideExtension(Guid id, int number, ExtensionDecisionBody body, [IfMatch] long revision, CancellationToken ct) => Answer(await mediator.Send(
        new DecideExtension(id, number, body.Granted, body.EffectiveFrom, body.ExcludedClauses ?? [], body.Reference, Caller.Organisation, revision), ct));

    /// <summary>Record an agreement that was concluded elsewhere: what the public record says of it, without a clause.</summary>
    [HttpPost("agreements/records"), OnlyFor(Roles.Authority), ProducesResponseType<AgreementView>(201), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Record(RecordBody body, CancellationToken ct) => AnswerMade(await mediator.Send(new RecordAgreement(
        body.Title, body.RuleSet, body.Scope.Sectors, body.Scope.Territories, body.Scope.Statuses, body.Level, body.ConcludedOn, body.LegalBasis, body.Reference,
        body.DocumentHash, body.Validity, Caller.Organisation), ct), v => $"/v1/agreements/{v.Id}");

    /// <summary>Agreements by sector and territory with what lies below them, organisation, state on a day, and words of the title and terms in French or English; public. Negotiators are never named (CT L2231-5-1).</summary>
    [HttpGet("agreements"), Anyone, ProducesResponseType<Page<AgreementView>>(200)]
    public async Task<IActionResult> List(
        [FromQuery] string? sector, [FromQuery] string? territory, [FromQuery] Guid? organisation, [FromQuery] AgreementState? state, [FromQuery] DateOnly? on,
        [FromQuery] string? q, [ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct) =>
        AnswerPage(await mediator.Send(new ListAgreements(sector, territory, organisation, state, on, q, page), ct));

    /// <summary>One agreement on a day (today where none is named), as known now or at an instant. Public. As <c>application/ld+json</c> an ODRL policy with DPV.</summary>
    [HttpGet("agreements/{id:guid}"), Anyone, ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Get(Guid id, [FromQuery] DateOnly? on, [FromQuery] DateTimeOffset? knownAt, CancellationToken ct) =>
        AnswerLinked(await mediator.Send(new GetAgreement(id, on, knownAt), ct), OdrlAgreement.Write);

    /// <summary>Every text that was ever on the table, in order, with how far it came. Public.</summary>
    [HttpGet("agreements/{id:guid}/versions"), Anyone, ProducesResponseType<Page<VersionView>>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Versions(Guid id, CancellationToken ct) => Answer(await mediator.Send(new ListVersions(id), ct));

    /// <summary>One text in full, as it was tabled. Public.</summary>
    [HttpGet("agreements/{id:guid}/versions/{version:int}"), Anyone, ProducesResponseType<VersionView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Version(Guid id, int version, CancellationToken ct) => Answer(await mediator.Send(new GetVersion(id, version), ct));

    /// <summary>What happened, in plain words of English and French, with the place of each act in the log. Public.</summary>
    [HttpGet("agreements/{id:guid}/history"), Anyone, ProducesResponseType<Page<HappenedView>>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> History(Guid id, CancellationToken ct) => Answer(await mediator.Send(new ReadHistory(id), ct));
}

public sealed record AgreementBody(string Title, string RuleSet, AgreementScope Scope, Level Level, IReadOnlyList<PartyView> Parties, Nature? Nature = null,
    Guid? Substitutes = null);

public sealed record ProposalBody(IReadOnlyList<DataTerm> Terms, string? Duration = null, string? Survival = null, string? Note = null);

public sealed record AcceptanceBody(int Version, string TermsHash);

public sealed record SignatureBody(int Version, string TermsHash, string? Signature = null);

public sealed record NotificationBody(int? Version = null, DateOnly? NotifiedOn = null);

public sealed record OppositionBody(string Reason, DateOnly? ReceivedOn = null, int? Version = null);

public sealed record DepositBody(DateOnly? DepositedOn = null, DateOnly? EffectiveFrom = null, int? Version = null);

/// <summary>Either <c>terms</c>, the whole text as it shall read, or <c>clauses</c> set and <c>removed</c> ones.</summary>
public sealed record AmendmentBody(
    IReadOnlyList<DataTerm>? Terms = null, IReadOnlyList<DataTerm>? Clauses = null, IReadOnlyList<string>? Removed = null, string? Duration = null,
    string? Survival = null, string? Note = null);

public sealed record RectificationBody(int Version, IReadOnlyList<DataTerm> Clauses, string Reason);

public sealed record DenunciationBody(DateOnly? DepositedOn = null);

public sealed record ExtensionBody(DateOnly? NoticeOn = null);

public sealed record ExtensionOppositionBody(string Reason, DateOnly? ReceivedOn = null);

public sealed record ExtensionDecisionBody(
    bool Granted, DateOnly? EffectiveFrom = null, IReadOnlyList<string>? ExcludedClauses = null, string? Reference = null);

public sealed record RecordBody(
    string Title, string RuleSet, AgreementScope Scope, Level Level, DateOnly ConcludedOn, string LegalBasis, string? Reference = null,
    string? DocumentHash = null, Validity? Validity = null);
