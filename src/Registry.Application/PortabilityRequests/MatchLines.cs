using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

/// <summary>Whom the platform found by the identifiers of the listed lines, and of nobody else.</summary>
public sealed record MatchLines(RequestId Request, IReadOnlyList<MatchedLine> Items, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

public sealed class MatchLinesValidator : AbstractValidator<MatchLines>
{
    public MatchLinesValidator() => RuleFor(c => c.Items).Some(Bulk.MostLines);
}

public sealed class MatchLinesHandler(Answering answering, Law law) : IRequestHandler<MatchLines, Reply<RequestReading>>
{
    public Task<Reply<RequestReading>> Handle(MatchLines c, CancellationToken ct) => answering.OnLines(
        c.Request, c.By, c.Revision, (request, _) => Replying.MayReply(request, c.By),
        async (act, found, touched) =>
        {
            var results = new Dictionary<MatchResult, int>();
            await answering.Each(act, found, touched, c.Items, item => item.Line, (block, items) =>
            {
                var outcome = block.Match(items!, found.Clock!, law.Hooks, found.Today, answering.Now);
                foreach (var item in outcome.Events.OfType<LinesLookedUp>().SelectMany(e => e.Items)) results[item.Result] = results.GetValueOrDefault(item.Result) + 1;
                return outcome;
            }, ct);
            int Count(MatchResult result) => results.GetValueOrDefault(result);
            return request => Replying.Match(request, c.By, new MatchesAnswered(
                c.Request, Count(MatchResult.Matched), Count(MatchResult.Unmatched), Count(MatchResult.Ambiguous), found.Today, answering.Now));
        }, ct, named: true);
}
