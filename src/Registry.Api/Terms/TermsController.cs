using MediatR;
using Microsoft.AspNetCore.Mvc;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application;
using Registry.Application.Terms;
using Registry.Domain.Agreements;

namespace Registry.Api.Terms;

/// <summary>What was agreed, and what it allows.</summary>
[Tags("Terms and decisions")]
public sealed class TermsController(IMediator mediator) : RegistryController
{
    /// <summary>
    /// Every effective term in a sector and a territory, for a status, on a day, with its sources and the rule that decided.
    /// Without a platform: what the texts say, whomever they bind. A strong ETag stays the same until an answer changes.
    /// </summary>
    [HttpGet("terms"), AnyToken, ServiceFilter<TermsReadLately>, Cacheable, ProducesResponseType<TermsView>(200), ProducesResponseType(304), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Terms(
        [FromQuery] string sector, [FromQuery] string territory, [FromQuery] WorkStatus status, [FromQuery] Guid? platform, [FromQuery] DateOnly? on, [FromQuery] DateTimeOffset? knownAt,
        CancellationToken ct)
    {
        var reply = await mediator.Send(new ReadTerms(sector, territory, platform, status, on, knownAt), ct);
        return Answer(ReadTo(reply, read => read.ReadTo).As(read => read.Terms.Written));
    }

    /// <summary>
    /// May this platform use this category for this purpose, here, today, under these conditions? Answers with clauses and
    /// reasons; silence never allows. With a mandate the answer is the intersection. `Prefer: return=minimal` gives the decision alone.
    /// </summary>
    [HttpPost("decisions"), AnyToken, IgnoresKeys, ProducesResponseType<DecisionView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Decide(DecisionBody body, CancellationToken ct)
    {
        var reply = ReadTo(await mediator.Send(new AskDecisions([body.Asked()], By, Listed: false), ct), view => view.ReadTo);
        return IsMinimal ? Answer(reply.As(view => new MinimalDecision(view.Items[0].Decision))) : Answer(reply.As(view => view.Items[0]));
    }

    /// <summary>Up to 1,000 questions, answered in their order from one state of the record. One that is wrong refuses all, with its pointer.</summary>
    [HttpPost("decisions/batch"), AnyToken, IgnoresKeys, ProducesResponseType<DecisionsView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> DecideAll(DecisionsBody body, CancellationToken ct)
    {
        var reply = ReadTo(await mediator.Send(new AskDecisions([.. body.Items.Select(item => item.Asked())], By, Listed: true), ct), view => view.ReadTo);
        return IsMinimal ? Answer(reply.As(view => new MinimalDecisions([.. view.Items.Select(item => new MinimalDecision(item.Decision))]))) : Answer(reply);
    }

    private Asking By => new(Caller.NotOperator, Caller.AsMember);

    /// <summary>RFC 7240; the answer says that it was heard.</summary>
    private bool IsMinimal
    {
        get
        {
            var minimal = Request.Headers["Prefer"].ToString().Split(',', StringSplitOptions.TrimEntries).Contains("return=minimal");
            if (minimal) Response.Headers["Preference-Applied"] = "return=minimal";
            return minimal;
        }
    }

    private Reply<TView> ReadTo<TView>(Reply<TView> reply, Func<TView, long> position) where TView : class
    {
        if (reply.View is { } view) TellReadTo(Response, position(view));
        return reply;
    }

    internal static void TellReadTo(HttpResponse response, long position) => response.Headers["Registry-Position"] = position.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

public sealed record DecisionBody(
    Guid Platform, string Sector, string Territory, WorkStatus Status, string Category, string Purpose, string? Recipient = null, string? Retention = null,
    int? GroupSize = null, Guid? Mandate = null, DateOnly? On = null, DateTimeOffset? KnownAt = null)
{
    internal Asked Asked() => new(Platform, Sector, Territory, Status, Category, Purpose, Recipient, Retention, GroupSize, Mandate, On, KnownAt);
}

public sealed record DecisionsBody(IReadOnlyList<DecisionBody> Items);

public sealed record MinimalDecision(Domain.Terms.Verdict Decision);

public sealed record MinimalDecisions(IReadOnlyList<MinimalDecision> Items);
