using MediatR;
using Microsoft.AspNetCore.Mvc;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application.Vocabularies;

namespace Registry.Api.Vocabularies;

/// <summary>The words of the contract, with their hierarchies and sources.</summary>
[Tags("Vocabularies")]
public sealed class VocabulariesController(IMediator mediator) : RegistryController
{
    /// <summary>One of <c>purposes</c> (W3C DPV 2.1), <c>data-categories</c>, <c>sectors</c>, <c>territories</c>, <c>legal-bases</c>; public.</summary>
    [HttpGet("vocabularies/{name}"), Anyone, Cacheable, ProducesResponseType<VocabularyView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Get(string name, CancellationToken ct) => Answer(await mediator.Send(new ReadVocabulary(name), ct));
}
