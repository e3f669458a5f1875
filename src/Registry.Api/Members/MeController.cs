using MediatR;
using Microsoft.AspNetCore.Mvc;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application;
using Registry.Application.Mandates;
using Registry.Application.Members;

namespace Registry.Api.Members;

/// <summary>What a member sees and says of themselves.</summary>
[Tags("Members")]
public sealed class MeController(IMediator mediator) : RegistryController
{
    /// <summary>What the registry holds of you: accounts, what your representatives wrote down, and mandates.</summary>
    [HttpGet("me"), OnlyFor(Roles.Member), ProducesResponseType<MeView>(200)]
    public async Task<IActionResult> Me(CancellationToken ct) => Answer(await mediator.Send(new ReadMe(Caller.Subject!), ct));

    /// <summary>Everything held of you, to take along (GDPR 15 and 20): also each mandate's uses, receipt and evidence, and your lines in requests.</summary>
    [HttpGet("me/export"), OnlyFor(Roles.Member), ProducesResponseType<ExportView>(200)]
    public async Task<IActionResult> Export(CancellationToken ct) => Answer(await mediator.Send(new ExportMe(Caller.Subject!), ct));

    /// <summary>The collective requests in which you stand, with your own lines only.</summary>
    [HttpGet("me/requests"), OnlyFor(Roles.Member), ProducesResponseType<Page<MyRequest>>(200)]
    public async Task<IActionResult> Requests([ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct) => AnswerPage(await mediator.Send(new ReadMyRequests(Caller.Subject!, page), ct));

    /// <summary>Take over what a representative wrote down of you on paper, with the code that it gave you. A code works once.</summary>
    [HttpPost("me/links"), OnlyFor(Roles.Member), ProducesResponseType<MandateView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Link(LinkBody body, CancellationToken ct) => Answer(await mediator.Send(new LinkMember(Caller.Subject!, body.Code), ct));

    /// <summary>Be erased (GDPR 17): every mandate ends, and your names, contacts and accounts are destroyed. Again is harmless.</summary>
    [HttpDelete("me"), OnlyFor(Roles.Member), ProducesResponseType(204)]
    public async Task<IActionResult> EraseMe(CancellationToken ct) => Nothing(await mediator.Send(new EraseMe(Caller.Subject!), ct));

    /// <summary>Say under which account a platform knows you. Kept encrypted; copied into a request's lines at its filing.</summary>
    [HttpPut("me/accounts/{platform:guid}"), OnlyFor(Roles.Member), ProducesResponseType<AccountKept>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> PutAccount(Guid platform, AccountBody body, CancellationToken ct) => Answer(await mediator.Send(new PutAccount(Caller.Subject!, platform, body.AccountId), ct));
}

public sealed record AccountBody(string AccountId);

public sealed record LinkBody(string Code);
