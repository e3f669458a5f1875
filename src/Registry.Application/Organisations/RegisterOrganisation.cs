using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Organisations;

public sealed record RegisterOrganisation(
    OrganisationKind Kind, string Name, string Country, string? Subdivision, IReadOnlyList<Identifier> Identifiers, IReadOnlyList<Guid> MemberOf,
    IReadOnlyList<PublishedKey> Keys, string? DeliveryEndpoint, IReadOnlyList<string> RuleSets) : IRequest<Reply<OrganisationView>>;

public sealed class RegisterOrganisationValidator : AbstractValidator<RegisterOrganisation>
{
    public RegisterOrganisationValidator()
    {
        RuleFor(c => c.Name).Named(200);
        RuleFor(c => c.Country).Matches("^[A-Z]{2}$").WithErrorCode("invalid-country");
        RuleFor(c => c.Identifiers).AtMost(20);
        RuleForEach(c => c.Identifiers).ChildRules(i =>
        {
            i.RuleFor(x => x.Scheme).Named(50);
            i.RuleFor(x => x.Value).Named(100);
        });
        RuleFor(c => c.MemberOf).AtMost(50);
        RuleFor(c => c.Keys).AtMost(10);
        RuleFor(c => c.RuleSets).AtMost(50);
        RuleFor(c => c.DeliveryEndpoint).Must(Shapes.IsHttpsUrl).When(c => c.DeliveryEndpoint is not null).WithErrorCode("invalid-url");
    }
}

public sealed class RegisterOrganisationHandler(Ledger ledger, Readings readings, Law law, LegalTime clock)
    : IRequestHandler<RegisterOrganisation, Reply<OrganisationView>>
{
    public async Task<Reply<OrganisationView>> Handle(RegisterOrganisation c, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var country = codes.Territory(c.Country, "/country");
        var subdivision = c.Subdivision is null ? (Territory?)null : codes.Territory(c.Subdivision, "/subdivision");
        if (subdivision is { } part && part.Country != country.Code && country.Code != "EU") codes.Refuse(OrganisationRefusals.SubdivisionElsewhere);
        if (c.Keys.GroupBy(k => k.Kid).FirstOrDefault(k => k.Count() > 1) is { } twice) codes.Refuse(OrganisationRefusals.KeyIdTaken(twice.Key) with { Pointer = "/keys" });
        foreach (var (rules, index) in c.RuleSets.Select((rules, index) => (rules, index)).Where(r => !law.RuleSets.ContainsKey(r.rules)))
        {
            codes.Refuse(new Refusal("unknown-rule-set", RefusalKind.Rule, $"/ruleSets/{index}", rules));
        }
        foreach (var (organisation, index) in c.MemberOf.Select((organisation, index) => (organisation, index)))
        {
            if (await readings.Find<OrganisationView>(organisation, ct) is null) codes.Refuse(OrganisationRefusals.NotThere($"/memberOf/{index}", organisation));
        }
        if (codes.Refused is { } refused) return refused;
        var id = new OrganisationId(NewIds.Public(clock.Now));
        return await ledger.Decide<Organisation, OrganisationEvent, OrganisationView>(id.Value, organisation => Organisation.Register(organisation, new OrganisationRegistered(
            id, c.Kind, c.Name.Trim(), country.Code, subdivision?.Code, c.Identifiers, [.. c.MemberOf.Select(o => new OrganisationId(o))], c.Keys,
            c.DeliveryEndpoint, c.RuleSets, clock.Today(country.Code), clock.Now)), ct);
    }
}
