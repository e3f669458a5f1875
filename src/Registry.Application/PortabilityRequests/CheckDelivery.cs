using FluentValidation;
using MediatR;
using Registry.Application.Mandates;
using Registry.Application.Members;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>What the receiver found of a delivery: the union for what came to it, or a member for their own line.</summary>
public sealed record CheckDelivery(RequestId Request, Guid Delivery, IReadOnlyList<CheckedLine> Items, MandateReader By, long? Revision) : IRequest<Reply<DeliveryCheckedView>>;

/// <summary>What became of a check. A member is told of their own lines, and of nothing else in the request.</summary>
public sealed record DeliveryCheckedView(RequestReading? Request, ActResult Result);

public sealed class CheckDeliveryValidator : AbstractValidator<CheckDelivery>
{
    public CheckDeliveryValidator()
    {
        RuleFor(c => c.Items).Some(Bulk.MostLines);
        RuleForEach(c => c.Items).ChildRules(i => i.RuleFor(x => x.Sha256!).Digest().When(x => x.Sha256 is not null));
    }
}

public sealed class CheckDeliveryHandler(Answering answering, Readings readings, MandateReadings mandates, Myself me) : IRequestHandler<CheckDelivery, Reply<DeliveryCheckedView>>
{
    public async Task<Reply<DeliveryCheckedView>> Handle(CheckDelivery c, CancellationToken ct)
    {
        var own = c.By.Organisation is null ? await Own(c, ct) : null;
        if (own is { Count: 0 }) return RequestRefusals.Unknown;
        var delivery = new DeliveryId(c.Delivery);
        var reply = await answering.OnLines(
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
            }, ct, named: true);
        var seen = reply.As(request => new DeliveryCheckedView(own is null ? request : null, request.Result ?? new ActResult(null, 0, 0, [], [])));
        return own is null ? seen : seen with { Revision = 0 }; // how often others acted is not a member's to know
    }

    /// <summary>A delivery without lines is checked as one.</summary>
    private static (int Received, int Failed) Whole(IReadOnlyList<CheckedLine> items) => items.All(i => i.Result == CheckResult.Received) ? (1, 0) : (0, 1);

    private async Task<IReadOnlySet<MandateId>> Own(CheckDelivery c, CancellationToken ct)
    {
        var members = Myself.Members(await me.Rows(c.By.Subject!, ct));
        var own = (await mandates.OfMembers(members, ct)).Select(row => row.View!.Facts.Id).ToHashSet();
        var stands = new HashSet<MandateId>();
        await foreach (var row in readings.Stream(readings.Named<LineBlockView>("requests_of_mandates"), [own.Select(m => m.Value).ToArray()], ct))
        {
            if ((Guid)row[1]! == c.Request.Value) stands.Add(new MandateId((Guid)row[0]!));
        }
        return stands;
    }
}
