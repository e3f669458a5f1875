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
        [.. body.Parties.Select(p => new Party(new OrganisationId(p.Organisation), p.Side))], Caller.Organisation), ct), v => $"/v1/agreements/{v.Id}");

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
        Answer(await mediator.Send(new NotifyAgreement(id, body.NotifiedOn, Caller.Organisation, revision), ct));

    /// <summary>Oppose the notified text, with reasons, inside the window (CT L2231-8). A share above the rule set's kills it.</summary>
    [HttpPost("agreements/{id:guid}/oppositions"), OnlyFor(Roles.Union), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Oppose(Guid id, OppositionBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new OpposeAgreement(id, body.Reason, body.ReceivedOn, Caller.Organisation, revision), ct));

    /// <summary>Deposit the valid text (CT L2231-6, L7343-35). It comes into force as its rule set says (L2261-1, L7343-39).</summary>
    [HttpPost("agreements/{id:guid}/deposits"), OnlyFor(Roles.Union, Roles.Platform), ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(412)]
    public async Task<IActionResult> Deposit(Guid id, DepositBody body, [IfMatch] long revision, CancellationToken ct) =>
        Answer(await mediator.Send(new DepositAgreement(id, body.DepositedOn, body.EffectiveFrom, Caller.Organisation, revision), ct));

    /// <summary>Record an agreement that was concluded elsewhere: what the public record says of it, without a clause.</summary>
    [HttpPost("agreements/records"), OnlyFor(Roles.Authority), ProducesResponseType<AgreementView>(201), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Record(RecordBody body, CancellationToken ct) => AnswerMade(await mediator.Send(new RecordAgreement(
        body.Title, body.RuleSet, body.Scope.Sectors, body.Scope.Territories, body.Scope.Statuses, body.Level, body.ConcludedOn, body.LegalBasis, body.Reference,
        body.DocumentHash, body.Validity, Caller.Organisation), ct), v => $"/v1/agreements/{v.Id}");

    /// <summary>Agreements by sector and territory with what lies below them, organisation, and state on a day; public. Negotiators are never named (CT L2231-5-1).</summary>
    [HttpGet("agreements"), Anyone, ProducesResponseType<Page<AgreementView>>(200)]
    public async Task<IActionResult> List(
        [FromQuery] string? sector, [FromQuery] string? territory, [FromQuery] Guid? organisation, [FromQuery] string? state, [FromQuery] DateOnly? on,
        [ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct) =>
        AnswerPage(await mediator.Send(new ListAgreements(sector, territory, organisation, state, on, page), ct));

    /// <summary>One agreement on a day; today where none is named. Public.</summary>
    [HttpGet("agreements/{id:guid}"), Anyone, ProducesResponseType<AgreementView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Get(Guid id, [FromQuery] DateOnly? on, CancellationToken ct) => Answer(await mediator.Send(new GetAgreement(id, on), ct));
}

public sealed record AgreementBody(string Title, string RuleSet, AgreementScope Scope, Level Level, IReadOnlyList<PartyView> Parties, Nature? Nature = null);

public sealed record ProposalBody(IReadOnlyList<DataTerm> Terms, string? Duration = null, string? Survival = null, string? Note = null);

public sealed record AcceptanceBody(int Version, string TermsHash);

public sealed record SignatureBody(int Version, string TermsHash, string? Signature = null);

public sealed record NotificationBody(DateOnly? NotifiedOn = null);

public sealed record OppositionBody(string Reason, DateOnly? ReceivedOn = null);

public sealed record DepositBody(DateOnly? DepositedOn = null, DateOnly? EffectiveFrom = null);

public sealed record RecordBody(
    string Title, string RuleSet, AgreementScope Scope, Level Level, DateOnly ConcludedOn, string LegalBasis, string? Reference = null,
    string? DocumentHash = null, Validity? Validity = null);
