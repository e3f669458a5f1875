using System.Text;
using FluentValidation;
using MediatR;
using Registry.Application.Evidence;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.PortabilityRequests;

/// <summary>A platform's manifest for one category: what it delivered for which lines, or one file about the whole cohort; never the data.</summary>
public sealed record DeclareDelivery(
    RequestId Request, string Category, string Format, string Schema, IReadOnlyList<DeliveredLine>? Items, SharedManifest? Shared, OrganisationId By, long? Revision)
    : IRequest<Reply<RequestReading>>;

public sealed class DeclareDeliveryValidator : AbstractValidator<DeclareDelivery>
{
    public DeclareDeliveryValidator()
    {
        RuleFor(c => c.Format).Must(f => f is "json" or "csv").WithErrorCode("unknown-format");
        RuleFor(c => c.Schema).Named(500);
        RuleFor(c => c.Items).Must((c, items) => items is null != c.Shared is null).WithErrorCode("items-or-cohort");
        RuleFor(c => c.Items!).Some(Bulk.MostLines).When(c => c.Items is not null);
        RuleForEach(c => c.Items).ChildRules(i =>
        {
            i.RuleFor(x => x.Sha256).Digest();
            i.RuleFor(x => x.Bytes).InclusiveBetween(0L, Bulk.MostBytes).WithErrorCode("number-out-of-range");
            i.RuleFor(x => x.Rows).InclusiveBetween(0, int.MaxValue).WithErrorCode("number-out-of-range");
            i.RuleFor(x => x.Quarantine).GreaterThanOrEqualTo(0).WithErrorCode("number-out-of-range");
        });
        RuleFor(c => c.Shared!).ChildRules(s =>
        {
            s.RuleFor(x => x.Sha256).Digest();
            s.RuleFor(x => x.Bytes).InclusiveBetween(0L, Bulk.MostBytes).WithErrorCode("number-out-of-range");
            s.RuleFor(x => x.Rows).InclusiveBetween(0, int.MaxValue).WithErrorCode("number-out-of-range");
            s.RuleFor(x => x.Quarantine).GreaterThanOrEqualTo(0).WithErrorCode("number-out-of-range");
        }).When(c => c.Shared is not null).OverridePropertyName("");
    }
}

public sealed class DeclareDeliveryHandler(Answering answering, Law law) : IRequestHandler<DeclareDelivery, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(DeclareDelivery c, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var category = codes.Category(c.Category, "/category").Code;
        if (codes.Refused is { } refused) return refused;
        var delivery = new DeliveryId(NewIds.Public(answering.Now));
        return await answering.OnLines(
            c.Request, c.By, c.Revision, (request, _) => Replying.MayDeliver(request, c.By, category) ?? (c.Shared is null ? null : OfTheCohort(request!, category)),
            async (act, found, touched) =>
            {
                var declared = new DeliveryDeclared(c.Request, delivery, category, c.Format, c.Schema, 0, answering.Now, found.Today);
                var manifest = c.Shared is { } shared ? await Together(act, found, touched, declared, shared, ct) : await OneByOne(act, found, touched, declared, c.Items!, ct);
                return request => Replying.Deliver(request, c.By, manifest);
            }, ct, named: c.Items is not null, made: delivery.Value);
    }

    /// <summary>Only what relates members to each other is not taken apart; what a body asked for itself has no lines to be taken apart into.</summary>
    private Refusal? OfTheCohort(PortabilityRequest request, string category) =>
        request.Own.Count > 0 || law.Codes.DataCategories.AncestorsOrSelf(category).Any(code => law.Codes.DataCategories.Find(code)!.Relational) ? null : RequestRefusals.NotRelational(category);

    private async Task<DeliveryDeclared> OneByOne(Act act, Found found, Touched touched, DeliveryDeclared declared, IReadOnlyList<DeliveredLine> items, CancellationToken ct)
    {
        var taken = new HashSet<LineId>();
        await answering.Each(act, found, touched, items, item => item.Line, (block, some) =>
        {
            var outcome = block.Deliver(declared.Delivery, declared.Category, some!, found.Today, answering.Now);
            taken.UnionWith(outcome.Events.OfType<LinesDelivered>().SelectMany(e => e.Items).Select(i => i.Line));
            return outcome;
        }, ct);
        var answered = items.DistinctBy(i => i.Line).Where(i => taken.Contains(i.Line)).ToList();
        var root = answered.Count == 0 ? null : Convert.ToHexStringLower(MerkleTree.Root(answered.Select(i => Encoding.UTF8.GetBytes($"{i.Line}:{i.Sha256}"))));
        return declared with
        {
            Lines = touched.Accepted, Late = touched.Late, Bytes = answered.Sum(i => i.Bytes), Rows = answered.Sum(i => (long)i.Rows), Quarantine = answered.Sum(i => (long)(i.Quarantine ?? 0)), ManifestRoot = root,
        };
    }

    private async Task<DeliveryDeclared> Together(Act act, Found found, Touched touched, DeliveryDeclared declared, SharedManifest shared, CancellationToken ct)
    {
        await answering.Each<LineId>(
            act, found, touched, null, line => line, (block, _) => block.DeliverTogether(declared.Delivery, declared.Category, shared.Sha256, found.View.Facts.Withdrawn is not null, found.Today, answering.Now), ct);
        return declared with { Lines = touched.Accepted, Late = touched.Late, Bytes = shared.Bytes, Rows = shared.Rows, Quarantine = shared.Quarantine ?? 0, Shared = shared };
    }
}
