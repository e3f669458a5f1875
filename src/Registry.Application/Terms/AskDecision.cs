using FluentValidation;
using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Terms;

/// <summary>May this be done? A reading, not an act.</summary>
public sealed record AskDecision(
    Guid Platform, string Sector, string Territory, WorkStatus Status, string Category, string Purpose, string? Recipient, string? Retention,
    int? GroupSize, DateOnly? On) : IRequest<Reply<DecisionView>>;

public sealed record ReasonView(Guid? Agreement, int? Version, string? Clause, Level? Level, string Rule);

public sealed record ObligationView(string Kind, IReadOnlyList<string>? Formats, string? Within, string? Channel);

/// <summary>The answer with its reasons, in words that a driver understands, and the position that it rests on.</summary>
public sealed record DecisionView(
    Verdict Decision, string? MaxRetention, string? MinRetention, IReadOnlyList<string> Recipients, IReadOnlyList<string> Safeguards, int? MinGroup,
    Generalisation? Generalisation, IReadOnlyList<string> LegalBases, IReadOnlyList<ObligationView> Obligations, IReadOnlyList<ReasonView> Because, string Rule,
    Bilingual Explanation, IReadOnlyList<Warning> Warnings, DateOnly AsOf, long Position);

public sealed class AskDecisionValidator : AbstractValidator<AskDecision>
{
    public AskDecisionValidator()
    {
        RuleFor(q => q.Recipient!).Must(DataTermShape.IsRecipient).When(q => q.Recipient is not null).WithErrorCode("invalid-recipient");
        RuleFor(q => q.Retention).Must(Shapes.IsDuration).WithErrorCode("invalid-duration");
        RuleFor(q => q.GroupSize).InclusiveBetween(0, 1_000_000_000).WithErrorCode("number-out-of-range");
    }
}

public sealed class AskDecisionHandler(AgreementsInForce inForce, Law law, LegalTime clock) : IRequestHandler<AskDecision, Reply<DecisionView>>
{
    public async Task<Reply<DecisionView>> Handle(AskDecision q, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var territory = codes.Territory(q.Territory, "/territory");
        var question = new Question(
            new OrganisationId(q.Platform), codes.Sector(q.Sector, "/sector"), territory, q.Status, codes.Category(q.Category, "/category"),
            codes.Purpose(q.Purpose, "/purpose"), q.Recipient, q.Retention is null ? null : Period.Parse(q.Retention), q.GroupSize,
            q.On ?? clock.Today(territory.Country));
        if (codes.Refused is { } refused) return refused;
        var (agreements, position) = await inForce.For(question, ct);
        return Answering.Of(Resolution.Resolve(question, agreements, law.Floors, law.Codes), question, position, law.Codes);
    }
}

/// <summary>Puts an answer into the words and the shape of the contract.</summary>
internal static class Answering
{
    public static DecisionView Of(Answer answer, Question question, long position, VocabularySet codes) => new(
        answer.Verdict, answer.MaxRetention?.Text, answer.MinRetention?.Text, answer.Recipients, answer.Safeguards, answer.MinGroup, answer.Generalisation,
        answer.LegalBases, [.. answer.Entitlements.SelectMany(Obligations)],
        [.. answer.Because.Select(r => new ReasonView(r.Agreement?.Value, r.Version, r.Clause, r.Level, r.Rule))], answer.Rule,
        Sentence(answer, question, codes), answer.Warnings, question.On, position);

    private static IEnumerable<ObligationView> Obligations(Entitlements entitlements)
    {
        if (entitlements.Portability is { } take) yield return new ObligationView("portability", take.Formats, take.Within, take.Channel);
        if (entitlements.Information == true) yield return new ObligationView("information", null, null, null);
        if (entitlements.HumanReview == true) yield return new ObligationView("humanReview", null, null, null);
    }

    private static Bilingual Sentence(Answer answer, Question question, VocabularySet codes)
    {
        var category = codes.DataCategories.Find(question.Category.Code)!.Label;
        var purpose = codes.Purposes.Find(question.Purpose.Code)!.Label;
        var (en, fr) = answer.Verdict switch
        {
            Verdict.Allowed => ($"may be used for “{purpose.En}”, for at most {answer.MaxRetention?.Text}", $"peuvent servir à « {purpose.Fr} », pendant {answer.MaxRetention?.Text} au plus"),
            Verdict.Forbidden => ($"may not be used for “{purpose.En}” in this way ({answer.Rule})", $"ne peuvent pas servir ainsi à « {purpose.Fr} » ({answer.Rule})"),
            Verdict.Conflict => ($"stand in agreements that contradict each other for “{purpose.En}”: the parties must settle it", $"figurent dans des accords qui se contredisent pour « {purpose.Fr} » : aux parties de trancher"),
            Verdict.NotBound => ($"are dealt with for “{purpose.En}” by an agreement that does not bind this platform", $"sont traitées pour « {purpose.Fr} » par un accord qui ne lie pas cette plateforme"),
            _ => ($"are not agreed for “{purpose.En}”: no agreement permits it", $"ne font l'objet d'aucun accord pour « {purpose.Fr} » : rien ne le permet"),
        };
        return new Bilingual($"Data on “{category.En}” {en}.", $"Les données « {category.Fr} » {fr}.");
    }
}
