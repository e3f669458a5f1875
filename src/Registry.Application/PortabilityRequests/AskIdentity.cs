using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

/// <summary>The platform doubts who some of them are (GDPR Art. 12(6)): the clocks of these lines stand, and of no others.</summary>
public sealed record AskIdentity(RequestId Request, IReadOnlyList<LineId> Lines, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

public sealed class AskIdentityValidator : AbstractValidator<AskIdentity>
{
    public AskIdentityValidator() => RuleFor(c => c.Lines).Some(Bulk.MostLines);
}

/// <summary>How much one call may carry.</summary>
internal static class Bulk
{
    public const int MostLines = 10_000;

    /// <summary>512 GiB a file: ten thousand of them stay a number that JSON keeps exactly (RFC 8785).</summary>
    public const long MostBytes = 1L << 39;
}

public sealed class AskIdentityHandler(Answering answering, Law law) : IRequestHandler<AskIdentity, Reply<RequestReading>>
{
    public Task<Reply<RequestReading>> Handle(AskIdentity c, CancellationToken ct) => answering.OnLines(
        c.Request, c.By, c.Revision, (request, _) => Replying.MayReply(request, c.By),
        async (act, found, touched) =>
        {
            await answering.Each(act, found, touched, c.Lines, line => line, (block, lines) => block.AskIdentity(lines!, found.Clock!, law.Hooks, found.Today, answering.Now), ct);
            return request => Replying.AskIdentity(request, c.By, touched.Accepted, found.Today, answering.Now);
        }, ct, named: true);
}
