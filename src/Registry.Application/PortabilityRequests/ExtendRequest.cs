using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

/// <summary>Notice that the answer takes longer (GDPR Art. 12(3)): of all open lines, or of those named.</summary>
public sealed record ExtendRequest(
    RequestId Request, ExtensionReason Reason, string? Explanation, DateOnly? NoticeOn, IReadOnlyList<LineId>? Lines, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

public sealed class ExtendRequestValidator : AbstractValidator<ExtendRequest>
{
    public ExtendRequestValidator()
    {
        RuleFor(c => c.Explanation).MaximumLength(4_000).WithErrorCode("text-too-long");
        RuleFor(c => c.Lines!).Some(Bulk.MostLines).When(c => c.Lines is not null);
    }
}

public sealed class ExtendRequestHandler(Answering answering, Law law) : IRequestHandler<ExtendRequest, Reply<RequestReading>>
{
    public Task<Reply<RequestReading>> Handle(ExtendRequest c, CancellationToken ct) => answering.OnLines(
        c.Request, c.By, c.Revision, (request, _) => Replying.MayReply(request, c.By),
        async (act, found, touched) =>
        {
            await answering.Each(act, found, touched, c.Lines, line => line, (block, lines) => block.Extend(lines, found.Clock!, law.Hooks, found.Today, answering.Now), ct);
            var noticed = new ExtensionNoticed(
                c.Request, c.Reason, c.Explanation, c.NoticeOn ?? found.Today, found.Today, touched.Accepted, touched.Of(AnsweringLines.TooLate), answering.Now);
            return request => Replying.Extend(request, c.By, noticed);
        }, ct, named: c.Lines is not null);
}
