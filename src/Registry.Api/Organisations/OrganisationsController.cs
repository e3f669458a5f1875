using System.Text.Json;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.IdentityModel.Tokens;
using Registry.Api.Http;
using Registry.Api.Security;
using Registry.Application;
using Registry.Application.Organisations;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;

namespace Registry.Api.Organisations;

/// <summary>The public directory of organisations, and what they weigh.</summary>
[Tags("Organisations")]
public sealed class OrganisationsController(IMediator mediator) : RegistryController
{
    /// <summary>Register an organisation. Its country and subdivision say which calendar an act due from it follows.</summary>
    [HttpPost("organisations"), OnlyFor(Roles.Operator), ProducesResponseType<OrganisationView>(201), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Register(OrganisationBody body, CancellationToken ct) =>
        PublicKeys.Read(body.Keys, "/keys", out var keys) is { } refused
            ? Problems.Result(HttpContext, refused)
            : AnswerMade(await mediator.Send(new RegisterOrganisation(
                body.Kind, body.Name, body.Country, body.Subdivision, body.Identifiers ?? [], body.MemberOf ?? [], keys, body.DeliveryEndpoint, body.RuleSets ?? []), ct), v => $"/v1/organisations/{v.Id}");

    /// <summary>The directory, in the order of registration; public.</summary>
    [HttpGet("organisations"), Anyone, Cacheable, ProducesResponseType<Page<OrganisationView>>(200)]
    public async Task<IActionResult> List([ModelBinder(typeof(PageBinder))] PageAsked page, CancellationToken ct) => AnswerPage(await mediator.Send(new ListOrganisations(page), ct));

    /// <summary>One organisation with its public keys; public.</summary>
    [HttpGet("organisations/{id:guid}"), Anyone, Cacheable, ProducesResponseType<OrganisationView>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> Get(Guid id, CancellationToken ct) => Answer(await mediator.Send(new GetOrganisation(id), ct));

    /// <summary>Publish a public key: <c>sig</c> for signing, <c>enc</c> for encrypting to the organisation. A private key is refused.</summary>
    [HttpPost("organisations/{id:guid}/keys"), OnlyFor(Roles.Operator), ProducesResponseType<OrganisationView>(200), ProducesResponseType<ProblemBody>(409)]
    public async Task<IActionResult> PublishKey(Guid id, KeyBody body, CancellationToken ct) =>
        PublicKeys.Read([body], "", out var keys) is { } refused ? Problems.Result(HttpContext, refused) : Answer(await mediator.Send(new PublishKey(id, keys[0]), ct));

    /// <summary>Make a secret of 256 random bits for the organisation's program. It is shown once; the last two stay valid.</summary>
    [HttpPost("organisations/{id:guid}/secrets"), OnlyFor(Roles.Operator), ProducesResponseType<IssuedSecret>(200), ProducesResponseType<ProblemBody>(404)]
    public async Task<IActionResult> IssueSecret(Guid id, CancellationToken ct) => Answer(await mediator.Send(new IssueSecret(id), ct));

    /// <summary>Say that an organisation is a member of another, which is then bound by what that one signs (CT L7343-42). The member's own word from today on, or the operator's.</summary>
    [HttpPost("organisations/{id:guid}/memberships"), OnlyFor(Roles.Operator, Roles.Platform, Roles.Union), ProducesResponseType<OrganisationView>(200), ProducesResponseType<ProblemBody>(403), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Join(Guid id, MembershipBody body, CancellationToken ct) =>
        Answer(await mediator.Send(new JoinOrganisation(id, body.Organisation, body.From, Caller.NotOperator), ct));

    /// <summary>Say that a membership has ended: the member, the organisation that it leaves, or the operator. What was signed before binds the member still (CT L7343-42).</summary>
    [HttpPost("organisations/{id:guid}/departures"), OnlyFor(Roles.Operator, Roles.Platform, Roles.Union), ProducesResponseType<OrganisationView>(200), ProducesResponseType<ProblemBody>(403), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Leave(Guid id, DepartureBody body, CancellationToken ct) =>
        Answer(await mediator.Send(new LeaveOrganisation(id, body.Organisation, body.On, Caller.NotOperator), ct));

    /// <summary>Say that an organisation is no more: mandates given to it ended with it (C. civ. 2003). Again is harmless.</summary>
    [HttpPost("organisations/{id:guid}/dissolution"), OnlyFor(Roles.Operator), ProducesResponseType<OrganisationView>(200), ProducesResponseType<ProblemBody>(404), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Dissolve(Guid id, DissolutionBody? body, CancellationToken ct) => Answer(await mediator.Send(new DissolveOrganisation(id, body?.On), ct));

    /// <summary>Say what one side's organisations weigh, once for a sector, a territory and a cycle (CT L2122-5, L7343-7). Percentages are of the votes for representative organisations.</summary>
    [HttpPut("representativeness/{sector}/{territory}/{cycle}"), OnlyFor(Roles.Authority), ProducesResponseType<RepresentativenessView>(200), ProducesResponseType<ProblemBody>(409), ProducesResponseType<ProblemBody>(422)]
    public async Task<IActionResult> Measure(string sector, string territory, string cycle, WeightsBody body, CancellationToken ct) =>
        Answer(await mediator.Send(new MeasureRepresentativeness(sector, territory, cycle, body.Side, body.RuleSet, body.MeasuredOn, body.Weights, Caller.Organisation), ct));

    /// <summary>The latest measured weights; public.</summary>
    [HttpGet("representativeness"), Anyone, ProducesResponseType<Page<RepresentativenessView>>(200)]
    public async Task<IActionResult> Weights([FromQuery] string? sector, [FromQuery] string? territory, [FromQuery] DateOnly? on, CancellationToken ct) =>
        Answer(await mediator.Send(new ListRepresentativeness(sector, territory, on), ct));
}

public sealed record OrganisationBody(
    OrganisationKind Kind, string Name, string Country, string? Subdivision = null, IReadOnlyList<Identifier>? Identifiers = null, IReadOnlyList<Guid>? MemberOf = null,
    IReadOnlyList<KeyBody>? Keys = null, string? DeliveryEndpoint = null, IReadOnlyList<string>? RuleSets = null);

public sealed record KeyBody(KeyUse Use, JsonElement Jwk);

public sealed record MembershipBody(Guid Organisation, DateOnly? From = null);

public sealed record DepartureBody(Guid Organisation, DateOnly? On = null);

public sealed record DissolutionBody(DateOnly? On = null);

public sealed record WeightsBody(Side Side, string RuleSet, DateOnly MeasuredOn, IReadOnlyList<MeasuredWeight> Weights);

/// <summary>Reads JWKs and refuses what is no public key.</summary>
internal static class PublicKeys
{
    public static Refusal? Read(IReadOnlyList<KeyBody>? bodies, string at, out List<PublishedKey> keys)
    {
        keys = [];
        foreach (var (body, index) in (bodies ?? []).Select((body, index) => (body, index)))
        {
            var pointer = at.Length == 0 ? "/jwk" : $"{at}/{index}/jwk";
            if (body.Jwk.ValueKind != JsonValueKind.Object || body.Jwk.GetRawText().Length > 8_000) return new Refusal("invalid-key", RefusalKind.Invalid, pointer);
            if (Private(body.Jwk)) return new Refusal("private-key", RefusalKind.Invalid, pointer);
            if (Usable(body.Jwk) is not { } kid) return new Refusal("invalid-key", RefusalKind.Invalid, pointer);
            keys.Add(new PublishedKey(body.Use, kid, body.Jwk.GetRawText()));
        }
        return null;
    }

    /// <summary>A key that others may encrypt to.</summary>
    public static bool IsPublic(JsonElement jwk) => jwk.GetRawText().Length <= 4_000 && !Private(jwk) && Usable(jwk) is not null;

    private static bool Private(JsonElement jwk) => jwk.TryGetProperty("d", out _) || jwk.TryGetProperty("k", out _) || jwk.TryGetProperty("p", out _);

    private static string? Usable(JsonElement jwk)
    {
        try
        {
            var key = new JsonWebKey(jwk.GetRawText());
            return Jwe.CanUse(key) ? key.Kid is { Length: > 0 and <= 200 } kid ? kid : Base64UrlEncoder.Encode(key.ComputeJwkThumbprint()) : null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or JsonException or System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}
