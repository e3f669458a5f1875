using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.PortabilityRequests;

/// <summary>A platform's manifest for one category: what it delivered for which lines, never the data.</summary>
public sealed record DeclareDelivery(
    RequestId Request, string Category, string Format, string Schema, IReadOnlyList<DeliveredLine> Items, OrganisationId By, long? Revision)
    : IRequest<Reply<RequestReading>>;

public sealed class DeclareDeliveryValidator : AbstractValidator<DeclareDelivery>
{
    public DeclareDeliveryValidator()
    {
        RuleFor(c => c.Format).Must(f => f is "json" or "csv").WithErrorCode("unknown-format");
        RuleFor(c => c.Schema).Named(500);
        RuleFor(c => c.Items).Some(10_000);
        RuleForEach(c => c.Items).ChildRules(i =>
        {
            i.RuleFor(x => x.Sha256).Digest();
            i.RuleFor(x => x.Bytes).GreaterThanOrEqualTo(0L).WithErrorCode("number-out-of-range");
            i.RuleFor(x => x.Rows).GreaterThanOrEqualTo(0).WithErrorCode("number-out-of-range");
            i.RuleFor(x => x.Quarantine).GreaterThanOrEqualTo(0).WithErrorCode("number-out-of-range");
        });
    }
}

public sealed class DeclareDeliveryHandler(Ledger ledger, Readings readings, RequestReadings requests, Law law, LegalTime clock)
    : IRequestHandler<DeclareDelivery, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(DeclareDelivery c, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var category = codes.Category(c.Category, "/category").Code;
        if (codes.Refused is { } refused) return refused;
        var delivery = new DeliveryId(NewIds.Public(clock.Now));
        DeliveryOutcome? outcome = null;
        var reply = await ledger.Together<RequestView, RequestEvent>(async act =>
        {
            act.Shows(c.Request.Value);
            var (items, unknown) = await ByBlock(c, ct);
            var rejected = unknown.Select(line => new RejectedLine(line.Value, "unknown")).ToList();
            foreach (var (block, some) in items)
            {
                await act.Decide<LineBlock, LineBlockEvent, LineBlockView>(block, lines =>
                {
                    var why = lines!.WhyNot(category);
                    rejected.AddRange(some.Where(i => why(i.Line) is not null).Select(i => new RejectedLine(i.Line.Value, why(i.Line)!)));
                    return LineBlock.Deliver(lines, delivery, category, some, clock.Now);
                }, ct);
            }
            var taken = items.Values.Sum(some => some.Count) + unknown.Count - rejected.Count;
            outcome = new DeliveryOutcome(delivery.Value, taken, rejected);
            var declared = new DeliveryDeclared(c.Request, delivery, category, c.Format, c.Schema, taken, clock.Now);
            var decided = await act.Decide<PortabilityRequest, RequestEvent, RequestView>(
                c.Request.Value, request => PortabilityRequest.Deliver(request, c.By, declared), ct, c.Revision);
            if (decided.Changed) act.Tell(decided.View!.Matter.Representative, "portability-request.delivered", c.Request.Value);
            return decided;
        }, ct);
        return await requests.Show(reply, c.By, ct, outcome);
    }

    /// <summary>The items by the block that their line stands in; a line named twice counts once.</summary>
    private async Task<(Dictionary<Guid, List<DeliveredLine>> Blocks, List<LineId> Unknown)> ByBlock(DeclareDelivery c, CancellationToken ct)
    {
        var items = c.Items.DistinctBy(i => i.Line).ToDictionary(i => i.Line);
        var blocks = new Dictionary<Guid, List<DeliveredLine>>();
        var rows = readings.Stream(readings.Named<LineBlockView>("blocks_of_lines"), [c.Request.Value, items.Keys.Select(l => l.Value).ToArray()], ct);
        await foreach (var row in rows)
        {
            items.Remove(new LineId((Guid)row[0]!), out var item);
            if (!blocks.TryGetValue((Guid)row[1]!, out var some)) blocks.Add((Guid)row[1]!, some = []);
            some.Add(item!);
        }
        return (blocks, [.. items.Keys]);
    }
}
