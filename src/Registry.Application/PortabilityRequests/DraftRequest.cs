using FluentValidation;
using MediatR;
using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.PortabilityRequests;

public sealed record DraftRequest(
    Guid? Representative, Guid Platform, IReadOnlyList<string> Hooks, IReadOnlyList<string> Categories, string Purpose, Necessity? Necessity,
    Stewardship? Stewardship, CohortChoice? Cohort, string Format, DeliveryTarget? DeliverTo, int? MinMembers, OrganisationId By)
    : IRequest<Reply<RequestReading>>;

public sealed class DraftRequestValidator : AbstractValidator<DraftRequest>
{
    public DraftRequestValidator()
    {
        RuleFor(c => c.Hooks).Some(20);
        RuleFor(c => c.Categories).Some(100);
        RuleFor(c => c.Format).Must(f => f is "json" or "csv").WithErrorCode("unknown-format");
        RuleFor(c => c.MinMembers).InclusiveBetween(1, 1_000_000).WithErrorCode("number-out-of-range");
        RuleFor(c => c.Cohort).Must(c => c is null || c.All != c.Mandates.Count > 0).WithErrorCode("all-or-named");
        RuleFor(c => c.Cohort!.Mandates).AtMost(100_000).When(c => c.Cohort is not null).OverridePropertyName("cohort.mandates");
        RuleFor(c => c.Stewardship!.Retention).Must(Shapes.IsDuration).When(c => c.Stewardship is not null).WithErrorCode("invalid-duration");
        RuleFor(c => c.Stewardship!.Access).Some(50).When(c => c.Stewardship is not null);
        RuleFor(c => c.Stewardship!.Security).Named(4_000).When(c => c.Stewardship is not null);
        RuleFor(c => c.DeliverTo!.Endpoint).Must(Shapes.IsHttpsUrl).When(c => c.DeliverTo is not null).WithErrorCode("invalid-url");
        RuleFor(c => c.DeliverTo!.Key).Named(4_000).When(c => c.DeliverTo is not null);
        RuleFor(c => c.Necessity!.CharterRight).Named(300).When(c => c.Necessity is not null);
        RuleForEach(c => c.Necessity!.PerCategoryNeed).Must(n => n.Value is { Length: > 0 and <= 4_000 }).When(c => c.Necessity is not null).WithErrorCode("empty-text");
        RuleFor(c => c.Necessity!.Facts).Named(8_000).When(c => c.Necessity is not null);
        RuleFor(c => c.Necessity!.LessIntrusiveRejected).Named(8_000).When(c => c.Necessity is not null);
    }
}

public sealed class DraftRequestHandler(Ledger ledger, Readings readings, RequestReadings requests, Cohort cohort, Law law, LegalTime clock)
    : IRequestHandler<DraftRequest, Reply<RequestReading>>
{
    public async Task<Reply<RequestReading>> Handle(DraftRequest c, CancellationToken ct)
    {
        if (c.Representative is { } named && named != c.By.Value) return new Refusal("not-your-request", RefusalKind.Forbidden, "/representative");
        var codes = new CodeReading(law.Codes);
        var categories = CodeReading.Each(c.Categories, "/categories", codes.Category);
        var purpose = codes.Purpose(c.Purpose, "/purpose");
        var platform = await readings.View<OrganisationView>(c.Platform, ct);
        if (platform is null) codes.Refuse(OrganisationRefusals.NotThere("/platform", c.Platform));
        else if (!platform.IsController) codes.Refuse(OrganisationRefusals.WrongKind("/platform", platform.Kind.ToString()));
        var claimant = await readings.View<OrganisationView>(c.By.Value, ct);
        if (claimant is not { IsRepresentative: true }) codes.Refuse(OrganisationRefusals.WrongKind("/representative", "caller"));
        if (OfKey(c.DeliverTo, claimant) is { } unusable) codes.Refuse(unusable);
        if (codes.Refused is { } refused) return refused;
        var matter = new RequestMatter(
            c.By, new OrganisationId(c.Platform), [.. c.Hooks.Distinct()], [.. categories.Select(x => x.Code)], purpose.Code, c.Necessity, c.Stewardship, c.Cohort,
            c.Format, c.DeliverTo, c.MinMembers ?? PortabilityRequest.DefaultMinMembers);
        var claim = new ClaimContext(claimant!.Kind, [platform!.Country, claimant.Country], platform.Identifiers, clock.Today(platform.Country));
        if (Requesting.CheckMatter(matter, law, claim) is { } wrong) return wrong;
        var counted = Requesting.IsOwn(matter, law.Hooks) ? new Counted([], [], []) : await cohort.Count(matter, platform.Country, ct);
        var id = new RequestId(NewIds.Public(clock.Now));
        var reply = await ledger.Decide<PortabilityRequest, RequestEvent, RequestView>(id.Value, request => Requesting.Draft(
            request, new RequestDrafted(id, matter, counted.Eligible.Count, counted.Excluded, clock.Now), law, claim), ct);
        return await requests.Show(reply, c.By, ct);
    }

    /// <summary>The name of a key is that of one which the representative has published.</summary>
    private static Refusal? OfKey(DeliveryTarget? target, OrganisationView? claimant) =>
        target is null || target.Key.StartsWith('{') || claimant?.Keys.Any(k => k.Use == KeyUse.Enc && k.Kid == target.Key) == true ? null : new Refusal("unknown-key", RefusalKind.Rule, "/deliverTo/key");
}
