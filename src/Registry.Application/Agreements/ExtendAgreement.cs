using FluentValidation;
using MediatR;
using Registry.Application.Organisations;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;

namespace Registry.Application.Agreements;

/// <summary>An authority makes known that it means to extend the text deposited last.</summary>
public sealed record NoticeExtension(Guid Agreement, DateOnly? NoticeOn, OrganisationId By, long? Revision) : IRequest<Reply<AgreementView>>;

public sealed record OpposeExtension(Guid Agreement, int Number, string Reason, DateOnly? ReceivedOn, OrganisationId By, long? Revision) : IRequest<Reply<AgreementView>>;

public sealed record DecideExtension(
    Guid Agreement, int Number, bool Granted, DateOnly? EffectiveFrom, IReadOnlyList<string> ExcludedClauses, string? Reference, OrganisationId By, long? Revision)
    : IRequest<Reply<AgreementView>>;

public sealed class OpposeExtensionValidator : AbstractValidator<OpposeExtension>
{
    public OpposeExtensionValidator() => RuleFor(c => c.Reason).Named(8_000);
}

public sealed class DecideExtensionValidator : AbstractValidator<DecideExtension>
{
    public DecideExtensionValidator()
    {
        RuleFor(c => c.ExcludedClauses).AtMost(1_000);
        RuleFor(c => c.Reference).MaximumLength(2_000).WithErrorCode("text-too-long");
    }
}

/// <summary>Whether an authority has a say in what a rule set governs: its country, and the rule sets said at its registration if any.</summary>
public sealed class Jurisdiction(Readings readings)
{
    public async Task<Refusal?> Over(string ruleSet, string country, OrganisationId authority, CancellationToken ct) =>
        await readings.View<OrganisationView>(authority.Value, ct) is { } known && (country == "EU" || known.Country == country)
        && (known.RuleSets.Count == 0 || known.RuleSets.Contains(ruleSet)) ? null : OrganisationRefusals.OutsideJurisdiction;
}

public sealed class NoticeExtensionHandler(AtTheTable table, Jurisdiction jurisdiction) : IRequestHandler<NoticeExtension, Reply<AgreementView>>
{
    public Task<Reply<AgreementView>> Handle(NoticeExtension c, CancellationToken ct) => table.Act(c.Agreement, c.By, c.Revision, async at =>
    {
        var outside = await jurisdiction.Over(at.Rules.Id, at.Rules.Country, c.By, ct);
        return agreement => outside is null ? Extending.Notice(agreement, at.Sitting, c.NoticeOn ?? at.Today) : outside;
    }, ct);
}

public sealed class OpposeExtensionHandler(AtTheTable table) : IRequestHandler<OpposeExtension, Reply<AgreementView>>
{
    public Task<Reply<AgreementView>> Handle(OpposeExtension c, CancellationToken ct) => table.Act(c.Agreement, c.By, c.Revision, async at =>
    {
        var weights = await table.Weights(at, at.Known.Extensions.FirstOrDefault(x => x.Notice.Number == c.Number)?.Notice.NoticeOn ?? at.Today, ct);
        return agreement => Extending.Oppose(agreement, at.Sitting, c.Number, c.Reason, c.ReceivedOn ?? at.Today, weights);
    }, ct);
}

public sealed class DecideExtensionHandler(AtTheTable table, Jurisdiction jurisdiction) : IRequestHandler<DecideExtension, Reply<AgreementView>>
{
    public Task<Reply<AgreementView>> Handle(DecideExtension c, CancellationToken ct) => table.Act(c.Agreement, c.By, c.Revision, async at =>
    {
        var outside = await jurisdiction.Over(at.Rules.Id, at.Rules.Country, c.By, ct);
        return agreement => outside is null ? Extending.Decide(agreement, at.Sitting, c.Number, c.Granted, c.EffectiveFrom, c.ExcludedClauses, c.Reference) : outside;
    }, ct);
}
