using System.Globalization;
using System.Text.Json.Serialization;
using FluentValidation;
using FluentValidation.Results;
using MediatR;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Terms;

/// <summary>One question as it is posted.</summary>
public sealed record Asked(
    Guid Platform, string Sector, string Territory, WorkStatus Status, string Category, string Purpose, string? Recipient, string? Retention,
    int? GroupSize, Guid? Mandate, DateOnly? On, DateTimeOffset? KnownAt);

/// <summary>Who asks: an organisation, a person, or neither, who may know of no mandate.</summary>
public sealed record Asking(OrganisationId? Organisation, string? Subject);

/// <summary>May this be done? A reading, not an act.</summary>
public sealed record AskDecision(Asked Question, Asking By) : IRequest<Reply<DecisionView>>, IDiscloses<DecisionView>
{
    public IEnumerable<Disclosure> Discloses(DecisionView view) => MandateSeen.Disclosures(By, [view]);
}

/// <summary>Many questions, answered from one state of the log.</summary>
public sealed record AskDecisions(IReadOnlyList<Asked> Items, Asking By) : IRequest<Reply<DecisionsView>>, IDiscloses<DecisionsView>
{
    public const int Most = 1_000;

    public IEnumerable<Disclosure> Discloses(DecisionsView view) => MandateSeen.Disclosures(By, view.Items);
}

public sealed record ReasonView(Guid? Agreement, int? Version, string? Clause, Level? Level, string Rule);

/// <summary>The answer with its reasons, in words that a driver understands, and the position that it rests on.</summary>
/// <param name="Position">Of the last event that changed it.</param>
/// <param name="ReadTo">How far the node had read that answered.</param>
/// <param name="Seen">The mandate that it tells something about.</param>
public sealed record DecisionView(
    Verdict Decision, string? MaxRetention, string? MinRetention, IReadOnlyList<string> Recipients, IReadOnlyList<string> Safeguards, int? MinGroup,
    Generalisation? Generalisation, IReadOnlyList<string> LegalBases, IReadOnlyList<Obligation> Obligations, IReadOnlyList<ReasonView> Because, string Rule,
    Bilingual Explanation, IReadOnlyList<Warning> Warnings, DateOnly AsOf, long Position, [property: JsonIgnore] long ReadTo, [property: JsonIgnore] MandateSeen? Seen);

public sealed record DecisionsView(IReadOnlyList<DecisionView> Items, [property: JsonIgnore] long ReadTo);

public sealed class AskDecisionValidator : AbstractValidator<AskDecision>
{
    public AskDecisionValidator() => RuleFor(q => q.Question).Custom((question, context) => AskedShape.Check(question, "", context));
}

public sealed class AskDecisionsValidator : AbstractValidator<AskDecisions>
{
    public AskDecisionsValidator()
    {
        RuleFor(q => q.Items).Must(items => items.Count > 0).WithErrorCode("empty-list").Must(items => items.Count <= AskDecisions.Most).WithErrorCode("too-many-items");
        RuleFor(q => q.Items).Custom((items, context) =>
        {
            for (var i = 0; i < items.Count; i++) AskedShape.Check(items[i], "Items", context, i);
        });
    }
}

/// <summary>One pass over a question: a validator for each of a thousand would cost more than their answers.</summary>
internal static class AskedShape
{
    private const int LargestGroup = 1_000_000_000;

    public static void Check<T>(Asked q, string list, ValidationContext<T> context, int index = 0)
    {
        if (q.Recipient is not null && !DataTermShape.IsRecipient(q.Recipient)) Fail("Recipient", "invalid-recipient");
        if (!Shapes.IsDuration(q.Retention)) Fail("Retention", "invalid-duration");
        if (q.GroupSize is < 0 or > LargestGroup) Fail("GroupSize", "number-out-of-range");

        void Fail(string property, string code) =>
            context.AddFailure(new ValidationFailure(list.Length == 0 ? property : string.Create(CultureInfo.InvariantCulture, $"{list}[{index}].{property}"), code) { ErrorCode = code });
    }
}

public sealed class AskDecisionHandler(Deciding deciding) : IRequestHandler<AskDecision, Reply<DecisionView>>
{
    public async Task<Reply<DecisionView>> Handle(AskDecision q, CancellationToken ct)
    {
        var reply = await deciding.All([q.Question], q.By, listed: false, ct);
        return reply.As(view => view.Items[0]);
    }
}

public sealed class AskDecisionsHandler(Deciding deciding) : IRequestHandler<AskDecisions, Reply<DecisionsView>>
{
    public Task<Reply<DecisionsView>> Handle(AskDecisions q, CancellationToken ct) => deciding.All(q.Items, q.By, listed: true, ct);
}
