using MediatR;
using Microsoft.AspNetCore.Mvc;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application;
using Registry.Application.Instance;
using Registry.Application.Operations;
using Registry.Application.Retention;
using Registry.Domain.Kernel;

namespace Registry.Api.Operations;

/// <summary>Long work, and the clock of an evaluation instance.</summary>
[Tags("Operation")]
public sealed class OperationsController(IMediator mediator, RegistryInstance instance) : RegistryController
{
    /// <summary>How far long work came: <c>running</c>, <c>succeeded</c> or <c>failed</c>. An import's rows are behind <c>/rows</c>.</summary>
    [HttpGet("operations/{id:guid}"), OnlyFor(Roles.Union), ProducesResponseType<OperationView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Get(Guid id, CancellationToken ct) => Answer(await mediator.Send(new GetOperation(id, Caller.Organisation), ct));

    /// <summary>What became of each row of an import: <c>granted</c>, <c>unchanged</c> or <c>refused</c> with code and pointer.</summary>
    [HttpGet("operations/{id:guid}/rows"), OnlyFor(Roles.Union), ProducesResponseType<Page<OperationRow>>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Rows(Guid id, [FromQuery] string? outcome, [ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct) =>
        AnswerPage(await mediator.Send(new ListOperationRows(id, Caller.Organisation, outcome, page), ct));

    /// <summary>What the table of retention will have had dropped by a day: how many, of whom, kept until when. The dropping itself is recorded in the log.</summary>
    [HttpGet("retention"), OnlyFor(Roles.Operator), ProducesResponseType<Page<DueView>>(200)]
    public async Task<IActionResult> Retention([FromQuery] DateOnly? on, CancellationToken ct) => Answer(await mediator.Send(new ReadDue(on), ct));

    /// <summary>The legal clock; evaluation instances only.</summary>
    [HttpGet("/dev/clock"), Anyone, ProducesResponseType<ClockView>(200), ProducesResponseType<ProblemBody>(404)]
    public IActionResult Clock() => instance.Options.Evaluation ? Ok(new ClockView(instance.Clock.Now)) : Problems.Result(HttpContext, new Refusal("not-found", RefusalKind.Unknown));

    /// <summary>Move the legal clock forward; it runs on from there. An instant not later than the present moves nothing.</summary>
    [HttpPut("/dev/clock"), OnlyFor(Roles.Operator), ProducesResponseType<ClockView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> MoveClock(ClockView body, CancellationToken ct)
    {
        if (instance.Options.Evaluation) await instance.MoveClock(body.Now, ct);
        return Clock();
    }
}

public sealed record ClockView(DateTimeOffset Now);
