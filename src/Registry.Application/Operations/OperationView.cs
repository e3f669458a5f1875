using Registry.Domain.Kernel;
using Registry.Domain.Operations;

namespace Registry.Application.Operations;

public sealed record OperationProblem(string Code);

/// <summary>How far long work came.</summary>
public sealed record OperationView(
    Guid Id, string Kind, string State, int Done, int? Total, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, IReadOnlyDictionary<string, int>? Result,
    Guid? Resource, OperationProblem? Problem, [Kept] Guid Owner, [Kept] string Node) : IEvolve<OperationView, OperationEvent>, IIdentified
{
    public static OperationView? Evolve(OperationView? view, OperationEvent happened) => happened switch
    {
        OperationStarted e => new(e.Operation.Value, e.Kind, "running", 0, e.Total, e.At, null, null, null, null, e.Owner.Value, e.Node),
        OperationAdvanced e => view! with { Done = e.Done, Result = e.Counts.Count > 0 ? e.Counts : view.Result },
        OperationFinished e => view! with { State = "succeeded", FinishedAt = e.At, Resource = e.Resource },
        OperationFailed e => view! with { State = "failed", FinishedAt = e.At, Problem = new OperationProblem(e.Code) },
        _ => view,
    };
}
