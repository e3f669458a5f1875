using System.Diagnostics;
using Registry.Domain.Kernel;

namespace Registry.Domain.Operations;

/// <summary>Long work that a caller can follow: an import, a large filing.</summary>
public abstract record OperationEvent(OperationId Operation, DateTimeOffset At);

public sealed record OperationStarted(OperationId Operation, string Kind, OrganisationId Owner, int? Total, string Node, DateTimeOffset At)
    : OperationEvent(Operation, At);

/// <summary>Stands in the same append as the work that it counts, so that progress is never ahead of the facts.</summary>
public sealed record OperationAdvanced(OperationId Operation, int Done, IReadOnlyDictionary<string, int> Counts, DateTimeOffset At)
    : OperationEvent(Operation, At);

public sealed record OperationFinished(OperationId Operation, Guid? Resource, DateTimeOffset At) : OperationEvent(Operation, At);

/// <summary>Ended without its result; what was done before stands, and the same work may be sent again.</summary>
public sealed record OperationFailed(OperationId Operation, string Code, DateTimeOffset At) : OperationEvent(Operation, At);

public sealed record Operation(OperationId Id, OrganisationId Owner, bool Ended) : IEvolve<Operation, OperationEvent>
{
    public static Operation? Evolve(Operation? operation, OperationEvent happened) => happened switch
    {
        OperationStarted e => new(e.Operation, e.Owner, false),
        OperationAdvanced => operation,
        OperationFinished or OperationFailed => operation! with { Ended = true },
        _ => throw new UnreachableException($"Operation has no arm for {happened.GetType().Name}"),
    };

    public static Outcome<OperationEvent> Start(Operation? operation, OperationStarted started) =>
        operation is null ? started : Outcome<OperationEvent>.Nothing;

    public static Outcome<OperationEvent> Go(Operation? operation, OperationEvent happened) =>
        operation is null or { Ended: true } ? Outcome<OperationEvent>.Nothing : happened;
}
