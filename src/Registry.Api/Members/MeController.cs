using MediatR;
using Microsoft.AspNetCore.Mvc;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application.Members;

namespace Registry.Api.Members;

/// <summary>What a member sees and says of themselves.</summary>
[Tags("Members")]
public sealed class MeController(IMediator mediator) : RegistryController
{
    /// <summary>What the registry holds of you: accounts and mandates.</summary>
    [HttpGet("me"), OnlyFor(Roles.Member), ProducesResponseType<MeView>(200)]
    public async Task<IActionResult> Me(CancellationToken ct) => Answer(await mediator.Send(new ReadMe(Caller.Subject!), ct));

    /// <summary>Be erased (GDPR 17): every mandate ends, and your names, contacts and accounts are destroyed. Again is harmless.</summary>
    [HttpDelete("me"), OnlyFor(Roles.Member), ProducesResponseType(204)]
    public async Task<IActionResult> EraseMe(CancellationToken ct) => Nothing(await mediator.Send(new EraseMe(Caller.Subject!), ct));

    /// <summary>Say under which account a platform knows you. Kept encrypted; copied into a request's lines at its filing.</summary>
    [HttpPut("me/accounts/{platform:guid}"), OnlyFor(Roles.Member), ProducesResponseType<AccountKept>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> PutAccount(Guid platform, AccountBody body, CancellationToken ct) => Answer(await mediator.Send(new PutAccount(Caller.Subject!, platform, body.AccountId), ct));
}

public sealed record AccountBody(string AccountId);
