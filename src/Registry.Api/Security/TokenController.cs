using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Registry.Api.Http;
using Registry.Application.Organisations;
using Registry.Domain.Organisations;

namespace Registry.Api.Security;

/// <summary>Tokens for organisations' programs, in an evaluation instance.</summary>
[ApiController]
[Tags("Tokens")]
public sealed class TokenController(IMediator mediator, IServiceProvider services, TimeProvider machine) : ControllerBase
{
    private const string JwtAssertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>A bearer token by client credentials (RFC 6749 section 4.4): the organisation's id with its secret, or with an assertion signed by a registered key (RFC 7523).</summary>
    /// <remarks>Errors have the form of RFC 6749 section 5.2. The token lasts 12 hours of machine time.</remarks>
    [HttpPost("oauth/token"), Anyone, IgnoresKeys, Consumes("application/x-www-form-urlencoded"), ProducesResponseType<IssuedToken>(200), ProducesResponseType<TokenError>(400)]
    public async Task<IActionResult> Token(
        [FromForm(Name = "grant_type")] string? grantType, [FromForm(Name = "client_id")] string? clientId, [FromForm(Name = "client_secret")] string? clientSecret,
        [FromForm(Name = "client_assertion_type")] string? assertionType, [FromForm(Name = "client_assertion")] string? assertion, CancellationToken ct)
    {
        var form = new TokenForm(grantType, clientId, clientSecret, assertionType, assertion);
        if (services.GetService<EmbeddedIssuer>() is not { } issuer) return NotFound();
        if (form.GrantType != "client_credentials") return BadRequest(new TokenError("unsupported_grant_type"));
        var organisation = Guid.TryParse(form.ClientId, out var id) ? (await mediator.Send(new GetOrganisation(id), ct)).View : null;
        if (organisation is null || !await Proves(organisation, form)) return Unauthorized(new TokenError("invalid_client"));
        Response.Headers.CacheControl = "no-store";
        return Ok(new IssuedToken(issuer.Token(Roles.Of(organisation.Kind), organisation.Id.ToString(), null), "Bearer", (int)EmbeddedIssuer.Lifetime.TotalSeconds));
    }

    private async Task<bool> Proves(OrganisationView organisation, TokenForm form)
    {
        if (form.ClientSecret is { } secret) return organisation.Secrets.Contains(IssueSecretHandler.DigestOf(secret));
        if (form.ClientAssertionType != JwtAssertion || form.ClientAssertion is not { } assertion) return false;
        var keys = organisation.Keys.Where(k => k.Use == KeyUse.Sig).Select(k => new JsonWebKey(k.Jwk.GetRawText()) { KeyId = k.Kid });
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            ValidIssuer = organisation.Id.ToString(), ValidAudiences = [EmbeddedIssuer.Audience, $"{Request.Scheme}://{Request.Host}/oauth/token"], IssuerSigningKeys = keys,
            ValidAlgorithms = ["ES256", "PS256", "RS256"], ClockSkew = TimeSpan.FromSeconds(30),
            LifetimeValidator = (_, expires, _, _) => expires is { } end && end > machine.GetUtcNow().UtcDateTime && end < machine.GetUtcNow().AddMinutes(10).UtcDateTime,
        });
        return result.IsValid && result.Claims.TryGetValue("sub", out var sub) && (string)sub == organisation.Id.ToString();
    }
}

/// <summary>The form of RFC 6749 section 4.4.2 with RFC 7523 section 2.2.</summary>
internal sealed record TokenForm(string? GrantType, string? ClientId, string? ClientSecret, string? ClientAssertionType, string? ClientAssertion);

public sealed record IssuedToken(
    [property: System.Text.Json.Serialization.JsonPropertyName("access_token")] string AccessToken,
    [property: System.Text.Json.Serialization.JsonPropertyName("token_type")] string TokenType,
    [property: System.Text.Json.Serialization.JsonPropertyName("expires_in")] int ExpiresIn);

public sealed record TokenError(string Error);
