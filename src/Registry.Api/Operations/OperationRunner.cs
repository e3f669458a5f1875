using Registry.Application;
using Registry.Application.Operations;

namespace Registry.Api.Operations;

/// <summary>Does long work one after the other, each in a scope of its own.</summary>
public sealed class OperationRunner(OperationQueue queue, IServiceScopeFactory scopes, ILogger<OperationRunner> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using (var scope = scopes.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<StoppedOperations>().EndThoseOfThisNode(stoppingToken);
        await foreach (var work in queue.Waiting.ReadAllAsync(stoppingToken)) await Do(work, stoppingToken);
    }

    private async Task Do(QueuedWork work, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var call = scope.ServiceProvider.GetRequiredService<CallContext>();
        (call.Actor, call.Cause) = (work.Actor, $"operation {work.Operation}");
        try
        {
            await work.Work(work.Operation, new Scoped(scope.ServiceProvider), ct);
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            Log.OperationBroke(log, work.Operation.Value, error);
            await scope.ServiceProvider.GetRequiredService<StoppedOperations>().End(work.Operation, "interrupted", ct);
        }
    }

    private sealed class Scoped(IServiceProvider services) : IWorkServices
    {
        public T Get<T>() where T : notnull => services.GetRequiredService<T>();
    }
}
