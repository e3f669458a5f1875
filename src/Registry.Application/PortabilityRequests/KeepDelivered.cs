using FluentValidation;
using MediatR;
using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;

namespace Registry.Application.PortabilityRequests;

/// <summary>The union shows that it has destroyed what was delivered to it: all of it, that of those who withdrew, or what came too late.</summary>
public sealed record EraseDeliveries(RequestId Request, IReadOnlyList<Guid> Deliveries, ErasureScope Scope, string Method, DateOnly? On, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

/// <summary>What was delivered is needed for a claim, until a day (GDPR Art. 17(3)(e)).</summary>
public sealed record PlaceHold(RequestId Request, string Ground, DateOnly Until, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

/// <summary>An auditor may read along until a day.</summary>
public sealed record AdmitAuditor(RequestId Request, Guid Organisation, DateOnly Until, OrganisationId By, long? Revision) : IRequest<Reply<RequestReading>>;

public sealed class EraseDeliveriesValidator : AbstractValidator<EraseDeliveries>
{
    public EraseDeliveriesValidator()
    {
        RuleFor(c => c.Deliveries).Some(1_000);
        RuleFor(c => c.Method).Named(500);
    }
}

public sealed class EraseDeliveriesHandler(Answering answering) : IRequestHandler<EraseDeliveries, Reply<RequestReading>>
{
    public Task<Reply<RequestReading>> Handle(EraseDeliveries c, CancellationToken ct) => answering.Decide(c.Request, c.By, c.Revision, (request, found) => Requesting.Erase(
        request, c.By, new DeliveriesErased(c.Request, [.. c.Deliveries.Distinct().Select(d => new DeliveryId(d))], c.Scope, c.Method, c.On ?? found.Today, answering.Now), found.Today), ct);
}

public sealed class PlaceHoldHandler(Answering answering, Readings readings, Law law) : IRequestHandler<PlaceHold, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(PlaceHold c, CancellationToken ct)
    {
        var own = (await readings.View<OrganisationView>(c.By.Value, ct))!.Country;
        return await answering.Decide(c.Request, c.By, c.Revision, (request, found) =>
        {
            var known = law.Holds.Where(h => h.InForce(found.Today, found.Platform.Country) || h.InForce(found.Today, own)).ToList();
            return request?.Matter.Representative != c.By ? RequestRefusals.Unknown
                : known.FirstOrDefault(h => h.Code == c.Ground) is not { } ground ? RequestRefusals.UnknownGround(c.Ground, string.Join(", ", known.Select(h => h.Code)))
                : Requesting.Hold(request, c.By, ground, c.Until, found.Today, answering.Now);
        }, ct);
    }
}

public sealed class AdmitAuditorHandler(Answering answering, Readings readings) : IRequestHandler<AdmitAuditor, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(AdmitAuditor c, CancellationToken ct)
    {
        var auditor = await readings.View<OrganisationView>(c.Organisation, ct);
        return await answering.Decide(c.Request, c.By, c.Revision, (request, found) =>
            request?.Matter.Representative != c.By ? RequestRefusals.Unknown
            : auditor is null ? OrganisationRefusals.NotThere("/organisation", c.Organisation)
            : auditor.Kind != OrganisationKind.Auditor ? OrganisationRefusals.WrongKind("/organisation", auditor.Kind.ToString())
            : Requesting.Admit(request, c.By, new OrganisationId(c.Organisation), c.Until, found.Today, answering.Now), ct);
    }
}
