using System.Buffers;
using System.Text.Json.Serialization;
using FluentValidation;
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

/// <summary>May this be done? A reading, not an act. Many questions are answered from one state of the log.</summary>
/// <param name="Listed">The questions stand in a list, and what is wrong with one is said with its place.</param>
public sealed record AskDecisions(IReadOnlyList<Asked> Items, Asking By, bool Listed) : IRequest<Reply<DecisionsView>>, IDiscloses<DecisionsView>
{
    public const int Most = 1_000;

    public IEnumerable<Disclosure> Discloses(DecisionsView view) => MandateSeen.Disclosures(By, view.Seen);
}

public sealed record ReasonView(Guid? Agreement, int? Version, string? Clause, Level? Level, string Rule);

/// <summary>The answer with its reasons, in words that a driver understands, and the position that it rests on.</summary>
/// <param name="Position">Of the last event that changed it.</param>
public sealed record DecisionView(
    Verdict Decision, string? MaxRetention, string? MinRetention, IReadOnlyList<string> Recipients, IReadOnlyList<string> Safeguards, int? MinGroup,
    Generalisation? Generalisation, IReadOnlyList<string> LegalBases, IReadOnlyList<Obligation> Obligations, IReadOnlyList<ReasonView> Because, string Rule,
    Bilingual Explanation, IReadOnlyList<Warning> Warnings, DateOnly AsOf, long Position) : IWritten
{
    private WrittenJson? written;

    /// <summary>The same question is asked again and again.</summary>
    [JsonIgnore]
    public int Length => Written.Length;

    internal byte[] Written => (written ??= new WrittenJson(this)).Bytes;

    public void WriteTo(IBufferWriter<byte> output) => output.Write(Written);
}

/// <param name="Items">In the order of the questions.</param>
/// <param name="ReadTo">How far the node had read that answered.</param>
/// <param name="Seen">The mandates that the answers tell something about.</param>
public sealed record DecisionsView(IReadOnlyList<DecisionView> Items, [property: JsonIgnore] long ReadTo, [property: JsonIgnore] IReadOnlyList<MandateSeen> Seen) : IWritten
{
    [JsonIgnore]
    public int Length => Items.Sum(item => item.Length) + Math.Max(Items.Count - 1, 0) + "{\"items\":[]}".Length;

    public void WriteTo(IBufferWriter<byte> output)
    {
        output.Write("{\"items\":["u8);
        for (var i = 0; i < Items.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            output.Write(Items[i].Written);
        }
        output.Write("]}"u8);
    }
}

public sealed class AskDecisionsValidator : AbstractValidator<AskDecisions>
{
    private static readonly AskedShape Shape = new();

    public AskDecisionsValidator()
    {
        RuleFor(q => q.Items).Must(items => items.Count > 0).WithErrorCode("empty-list").Must(items => items.Count <= AskDecisions.Most).WithErrorCode("too-many-items");
        RuleForEach(q => q.Items).SetValidator(Shape).When(q => q.Listed);
        RuleFor(q => q.Items[0]).SetValidator(Shape).OverridePropertyName("").When(q => !q.Listed);
    }
}

internal sealed class AskedShape : AbstractValidator<Asked>
{
    public AskedShape()
    {
        RuleFor(q => q.Recipient).Must(recipient => recipient is null || DataTermShape.IsRecipient(recipient)).WithErrorCode("invalid-recipient");
        RuleFor(q => q.Retention).Must(Shapes.IsDuration).WithErrorCode("invalid-duration");
        RuleFor(q => q.GroupSize).InclusiveBetween(0, 1_000_000_000).WithErrorCode("number-out-of-range");
    }
}

public sealed class AskDecisionsHandler(Deciding deciding) : IRequestHandler<AskDecisions, Reply<DecisionsView>>
{
    public Task<Reply<DecisionsView>> Handle(AskDecisions q, CancellationToken ct) => deciding.All(q, ct);
}
