using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Registry.Api.Tests.Http;

public sealed class Tokens : RegistryApp
{
    private Task<Answer> Ask(string form) => Nobody.Raw("/oauth/token", form, "application/x-www-form-urlencoded");

    [Fact]
    public async Task RFC_6749_a_secret_is_shown_once_and_gives_a_token_that_works()
    {
        var union = await Register("union", "U");
        var issued = await Operator.Post($"/v1/organisations/{union.Id}/secrets", null, ("Idempotency-Key", "s")).Expect(200);
        var replayed = await Operator.Post($"/v1/organisations/{union.Id}/secrets", null, ("Idempotency-Key", "s")).Expect(200);
        Assert.Null(replayed["secret"]);
        var token = await Ask($"grant_type=client_credentials&client_id={union.Id}&client_secret={issued["secret"]}").Expect(200);
        Assert.Equal(("Bearer", 43_200), (token["token_type"].Text(), token["expires_in"]!.GetValue<int>()));
        await new Client(Url, token["access_token"].Text()).Get("/v1/mandates").Expect(200);
        Assert.Equal((401, "invalid_client"), await Refused($"grant_type=client_credentials&client_id={union.Id}&client_secret=wrong"));
        Assert.Equal((401, "invalid_client"), await Refused($"grant_type=client_credentials&client_id={Guid.NewGuid()}&client_secret={issued["secret"]}"));
        Assert.Equal((400, "unsupported_grant_type"), await Refused("grant_type=password"));
        Assert.DoesNotContain(issued["secret"].Text(), await Scalar<string>("SELECT string_agg(data::text, '') FROM mt_events"), StringComparison.Ordinal);
        Assert.DoesNotContain("sha256", (await Nobody.Get($"/v1/organisations/{union.Id}")).Text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>RFC 7519, 4.1.1: whoever sends one without a readable issuer has no token, and learns nothing more.</summary>
    [Theory]
    [InlineData("""{"iss": null, "exp": 4102444800}""")]
    [InlineData("""{"exp": 4102444800}""")]
    [InlineData("""{"iss": 7, "exp": 4102444800}""")]
    [InlineData("""{"iss": "", "exp": 4102444800}""")]
    [InlineData("""{"iss": ["a"], "exp": 4102444800}""")]
    [InlineData("""{"iss": "https://nobody.example", "exp": "soon"}""")]
    public async Task RFC_7519_a_token_without_an_issuer_is_none(string claims)
    {
        var token = $"{Base64UrlEncoder.Encode("""{"alg": "ES256", "typ": "JWT"}""")}.{Base64UrlEncoder.Encode(claims)}.{Base64UrlEncoder.Encode("signed")}";
        await new Client(Url, token).Get("/v1/mandates").ExpectProblem(401, "no-token");
    }

    /// <summary>RFC 8725, 2.1 and 3.1: neither a token's own word for its algorithm nor a key of its sender's choice decides.</summary>
    [Fact]
    public async Task RFC_8725_a_token_is_checked_with_its_issuers_key_and_algorithm_only()
    {
        string Signed(SigningCredentials? by) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "registry", Audience = "registry", Claims = new Dictionary<string, object> { ["role"] = "operator" }, SigningCredentials = by,
        });
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await new Client(Url, Signed(new SigningCredentials(Issuer.Key, SecurityAlgorithms.HmacSha256))).Get("/dev/clock").Expect(200);
        await new Client(Url, Signed(new SigningCredentials(Issuer.Key, SecurityAlgorithms.HmacSha256)) + "A").Get("/v1/mandates").ExpectProblem(401, "no-token");
        foreach (var by in new SigningCredentials?[]
        {
            null, new(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)) { KeyId = Issuer.Key.KeyId }, SecurityAlgorithms.HmacSha256),
            new(new ECDsaSecurityKey(pair) { KeyId = Issuer.Key.KeyId }, SecurityAlgorithms.EcdsaSha256),
        })
        {
            await new Client(Url, Signed(by)).Get("/v1/mandates").ExpectProblem(401, "no-token");
        }
    }

    [Fact]
    public async Task RFC_7523_an_assertion_under_a_registered_key_gives_a_token()
    {
        using var mine = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(mine));
        var union = await Register("union", "U", new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["use"] = "sig", ["jwk"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = jwk.X, ["y"] = jwk.Y, ["kid"] = "one" } }) });
        string Form(ECDsa key, Guid subject, int minutes) =>
            $"grant_type=client_credentials&client_id={union.Id}&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=" + new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
            {
                Issuer = union.Id.ToString(), Audience = "registry", Expires = TimeProvider.System.GetUtcNow().AddMinutes(minutes).UtcDateTime, Claims = new Dictionary<string, object> { ["sub"] = subject.ToString() },
                SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key) { KeyId = "one" }, SecurityAlgorithms.EcdsaSha256),
            });
        await Ask(Form(mine, union.Id, 5)).Expect(200);
        Assert.Equal((401, "invalid_client"), await Refused(Form(other, union.Id, 5)));
        Assert.Equal((401, "invalid_client"), await Refused(Form(mine, Guid.NewGuid(), 5)));
        Assert.Equal((401, "invalid_client"), await Refused(Form(mine, union.Id, 600)));
    }

    private async Task<(int, string)> Refused(string form)
    {
        var answer = await Ask(form);
        return (answer.Status, answer.Body!["error"].Text());
    }
}
