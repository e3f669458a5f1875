using System.Threading.Channels;
using Registry.Application.Mandates;
using Registry.Domain.Kernel;
using Registry.Domain.Operations;

namespace Registry.Application.Operations;

/// <summary>What long work may ask for while it runs.</summary>
public interface IWorkServices
{
    T Get<T>() where T : notnull;
}

/// <summary>Work that a caller does not wait for, done at this node in the order in which it came.</summary>
/// <param name="GoesOn">Begun again it goes on where it was.</param>
public sealed record QueuedWork(OperationId Operation, string Actor, Func<OperationId, IWorkServices, CancellationToken, Task> Work, bool GoesOn);

public sealed class OperationQueue(string node, LegalTime clock)
{
    private readonly Channel<QueuedWork> queue = Channel.CreateUnbounded<QueuedWork>();

    public ChannelReader<QueuedWork> Waiting => queue.Reader;

    public string Node => node;

    /// <summary>Starts an operation and queues its work, unless the call is a repetition.</summary>
    public async Task<Reply<OperationView>> Start(
        Ledger ledger, string kind, OrganisationId owner, int? total, Func<OperationId, IWorkServices, CancellationToken, Task> work, CancellationToken ct, OperationId? named = null)
    {
        var id = named ?? new OperationId(NewIds.Public(clock.Now));
        var reply = await ledger.Decide<Operation, OperationEvent, OperationView>(
            id.Value, operation => Operation.Start(operation, new OperationStarted(id, kind, owner, total, node, clock.Now)), ct);
        if (reply.Created && !reply.Replayed) await queue.Writer.WriteAsync(new QueuedWork(id, $"union:{owner}", work, GoesOn: named is not null), ct);
        return reply;
    }

    /// <summary>Work that a stopped process left goes on here.</summary>
    public ValueTask GoOn(OperationView left, Func<OperationId, IWorkServices, CancellationToken, Task> work, CancellationToken ct) =>
        queue.Writer.WriteAsync(new QueuedWork(new OperationId(left.Id), $"union:{left.Owner}", work, GoesOn: true), ct);
}

/// <summary>Operations whose work stopped: an import goes on where it was; of others what they did stands, and the same work may be sent again.</summary>
public sealed class StoppedOperations(Ledger ledger, Readings readings, OperationQueue queue, LegalTime clock)
{
    private static readonly TimeSpan RowsKept = TimeSpan.FromDays(7);

    /// <summary>At start: whatever this node was doing when it was stopped.</summary>
    public async Task TakeUpThoseOfThisNode(CancellationToken ct)
    {
        foreach (var running in (await readings.Query<OperationView>("running_at", [queue.Node], ct)).Select(row => row.View!))
        {
            if (running.Kind is MandateImport.Real or MandateImport.Dry) await queue.GoOn(running, MandateImport.Work, ct);
            else await End(new OperationId(running.Id), "interrupted", ct);
        }
    }

    public async Task End(OperationId id, string code, CancellationToken ct)
    {
        await Fail(id, code, ct);
        await readings.Execute(readings.Named<OperationView>("unstage"), [id.Value, int.MaxValue], ct);
    }

    /// <summary>Uploads that broke off a day ago, and results of rows a week after their import.</summary>
    public async Task DropOld(CancellationToken ct)
    {
        await readings.Execute(readings.Named<OperationView>("unstage_abandoned"), [], ct);
        await readings.Execute(readings.Named<OperationView>("drop_old_rows"), [(clock.Now - RowsKept).UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)], ct);
    }

    private Task<Reply<OperationView>> Fail(OperationId id, string code, CancellationToken ct) => ledger.Decide<Operation, OperationEvent, OperationView>(
        id.Value, operation => Operation.Go(operation, new OperationFailed(id, code, clock.Now)), ct);
}
