using FluentValidation;
using MediatR;
using Registry.Application.Mandates;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>What the receiver found of a delivery: the union for what came to it, or a member for their own line.</summary>
public sealed record CheckDelivery(RequestId Request, Guid Delivery, IReadOnlyList<CheckedLine> Items, MandateReader By, long? Revision) : IRequest<Reply<ActOnLines>>;

public sealed class CheckDeliveryValidator : AbstractValidator<CheckDelivery>
{
    public CheckDeliveryValidator()
    {
        RuleFor(c => c.Items).Some(Bulk.MostLines);
        RuleForEach(c => c.Items).ChildRules(i => i.RuleFor(x => x.Sha256!).Digest().When(x => x.Sha256 is not null));
    }
}

public sealed class CheckDeliveryHandler(Answering answering, OwnLines ownLines) : IRequestHandler<CheckDelivery, Reply<ActOnLines>>
{
    public Task<Reply<ActOnLines>> Handle(CheckDelivery c, CancellationToken ct)
    {
        var delivery = new DeliveryId(c.Delivery);
        return ownLines.Act(c.By, c.Request, own => answering.OnLines(
            c.Request, c.By.Organisation ?? default, c.Revision, (request, found) => Replying.MayCheck(request, c.By.Organisation, delivery),
            async (act, found, touched) =>
            {
                var (category, received, failed) = (found.View.Facts.Delivery(delivery)!.Category, 0, 0);
                await answering.Each(act, found, touched, c.Items, item => item.Line, (block, items) =>
                {
                    var outcome = block.Check(delivery, category, items!, own, found.Today, answering.Now);
                    foreach (var item in outcome.Events.OfType<LinesChecked>().SelectMany(e => e.Items)) _ = item.Result == CheckResult.Received ? received++ : failed++;
                    return outcome;
                }, ct);
                if (found.View.Facts.Own.Count > 0) (received, failed) = Whole(c.Items);
                return request => Replying.Check(request, c.By.Organisation, new DeliveryChecked(c.Request, delivery, own is not null, received, failed, found.Today, answering.Now));
            }, ct, named: true), ct);
    }

    /// <summary>A delivery without lines is checked as one.</summary>
    private static (int Received, int Failed) Whole(IReadOnlyList<CheckedLine> items) => items.All(i => i.Result == CheckResult.Received) ? (1, 0) : (0, 1);
}
