using MediatR;
using Microsoft.AspNetCore.Mvc;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application.Terms;
using Registry.Domain.Agreements;

namespace Registry.Api.Terms;

/// <summary>What was agreed, and what it allows.</summary>
[Tags("Terms and decisions")]
public sealed class TermsController(IMediator mediator) : RegistryController
{
    /// <summary>Every effective term in a sector and a territory, for a status, on a day. Without a platform: what the texts say, whomever they bind.</summary>
    [HttpGet("terms"), AnyToken, Cacheable, ProducesResponseType<TermsView>(200), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Terms(
        [FromQuery] string sector, [FromQuery] string territory, [FromQuery] WorkStatus status, [FromQuery] Guid? platform, [FromQuery] DateOnly? on, CancellationToken ct) =>
        Answer(await mediator.Send(new ReadTerms(sector, territory, platform, status, on), ct));

    /// <summary>May this platform use this category for this purpose, here, today, under these conditions? Answers with clauses and reasons; silence never allows.</summary>
    [HttpPost("decisions"), AnyToken, IgnoresKeys, ProducesResponseType<DecisionView>(200), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Decide(DecisionBody body, CancellationToken ct)
    {
        var reply = await mediator.Send(new AskDecision(
            body.Platform, body.Sector, body.Territory, body.Status, body.Category, body.Purpose, body.Recipient, body.Retention, body.GroupSize, body.On), ct);
        return Request.Headers["Prefer"].ToString().Contains("return=minimal", StringComparison.Ordinal) ? Answer(reply.As(v => new MinimalDecision(v.Decision))) : Answer(reply);
    }
}

public sealed record DecisionBody(
    Guid Platform, string Sector, string Territory, WorkStatus Status, string Category, string Purpose, string? Recipient = null, string? Retention = null,
    int? GroupSize = null, DateOnly? On = null);

public sealed record MinimalDecision(Domain.Terms.Verdict Decision);
