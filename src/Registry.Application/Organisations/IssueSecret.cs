using System.Security.Cryptography;
using System.Text;
using MediatR;
using Registry.Domain.Organisations;

namespace Registry.Application.Organisations;

/// <summary>Makes a secret for an organisation's program. The last two stay valid, so that one can be replaced while the other works.</summary>
public sealed record IssueSecret(Guid Organisation) : IRequest<Reply<IssuedSecret>>;

/// <param name="Secret">Shown once: null when the call is repeated.</param>
public sealed record IssuedSecret(Guid Organisation, string? Secret);

public sealed class IssueSecretHandler(Ledger ledger, LegalTime clock) : IRequestHandler<IssueSecret, Reply<IssuedSecret>>
{
    public async Task<Reply<IssuedSecret>> Handle(IssueSecret c, CancellationToken ct)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var digest = DigestOf(secret);
        var reply = await ledger.Decide<Organisation, OrganisationEvent, OrganisationView>(
            c.Organisation, organisation => Organisation.IssueSecret(organisation, digest, clock.Now), ct);
        return reply.As(_ => new IssuedSecret(c.Organisation, reply.Replayed ? null : secret));
    }

    public static string DigestOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
