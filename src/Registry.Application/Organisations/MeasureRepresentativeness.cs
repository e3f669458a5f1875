using FluentValidation;
using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Organisations;

public sealed record MeasuredWeight(Guid Organisation, bool Representative, decimal? Percent = null, long? Votes = null);

public sealed record MeasureRepresentativeness(
    string Sector, string Territory, string Cycle, Side Side, string RuleSet, DateOnly MeasuredOn, IReadOnlyList<MeasuredWeight> Weights, OrganisationId By)
    : IRequest<Reply<RepresentativenessView>>;

public sealed class MeasureRepresentativenessValidator : AbstractValidator<MeasureRepresentativeness>
{
    public MeasureRepresentativenessValidator()
    {
        RuleFor(c => c.Cycle).Matches("^[A-Za-z0-9-]{1,20}$").WithErrorCode("invalid-cycle");
        RuleFor(c => c.Weights).Some(500);
        RuleForEach(c => c.Weights).ChildRules(w =>
        {
            w.RuleFor(x => x.Percent).InclusiveBetween(0m, 100m).WithErrorCode("number-out-of-range");
            w.RuleFor(x => x.Votes).InclusiveBetween(0L, 10_000_000_000L).WithErrorCode("number-out-of-range");
            w.RuleFor(x => x.Percent).NotNull().When(x => x.Votes is null).WithErrorCode("missing-field");
        });
    }
}

public sealed class MeasureRepresentativenessHandler(Ledger ledger, Readings readings, Law law, LegalTime clock)
    : IRequestHandler<MeasureRepresentativeness, Reply<RepresentativenessView>>
{
    public async Task<Reply<RepresentativenessView>> Handle(MeasureRepresentativeness c, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var (sector, territory) = (codes.Sector(c.Sector, ""), codes.Territory(c.Territory, ""));
        if (!law.RuleSets.ContainsKey(c.RuleSet)) codes.Refuse(new Refusal("unknown-rule-set", RefusalKind.Rule, "/ruleSet", c.RuleSet));
        foreach (var (weight, index) in c.Weights.Select((weight, index) => (weight, index)))
        {
            var (pointer, known) = ($"/weights/{index}/organisation", await readings.View<OrganisationView>(weight.Organisation, ct));
            if (known is null) codes.Refuse(OrganisationRefusals.NotThere(pointer, weight.Organisation));
            else if (c.Side == Side.Workers ? !known.IsRepresentative : !known.IsController) codes.Refuse(OrganisationRefusals.WrongKind(pointer, known.Kind.ToString()));
        }
        if (c.Weights.DistinctBy(w => w.Organisation).Count() != c.Weights.Count) codes.Refuse(OrganisationRefusals.WeighedTwice);
        if (c.MeasuredOn > clock.Today(territory.Country)) codes.Refuse(AgreementRefusals.InTheFuture("/measuredOn"));
        if (codes.Refused is { } refused) return refused;
        if (!await HasJurisdiction(c, territory, ct)) return OrganisationRefusals.OutsideJurisdiction;
        var id = NewIds.Named($"representativeness {sector} {territory} {c.Cycle} {c.Side}");
        var weights = c.Weights.Select(w => new Weight(new OrganisationId(w.Organisation), w.Percent ?? 0m, w.Votes, w.Representative)).ToList();
        return await ledger.Decide<Representativeness, RepresentativenessEvent, RepresentativenessView>(id, known => Representativeness.Measure(
            known, new RepresentativenessMeasured(id, sector.Code, territory.Code, c.Cycle, c.Side, c.RuleSet, c.MeasuredOn, weights, c.By, clock.Now)), ct);
    }

    /// <summary>Within its country, and within the rule sets said at its registration if any.</summary>
    private async Task<bool> HasJurisdiction(MeasureRepresentativeness c, Territory territory, CancellationToken ct) =>
        await readings.View<OrganisationView>(c.By.Value, ct) is { } authority && authority.Country == territory.Country
        && (authority.RuleSets.Count == 0 || authority.RuleSets.Contains(c.RuleSet));
}
