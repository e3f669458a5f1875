using Registry.Application;
using Registry.Application.Instance;
using Registry.Application.Operations;

namespace Registry.Api.Operations;

/// <summary>Does long work, each in a scope of its own, some at once: a short filing does not wait behind a long import.</summary>
public sealed class OperationRunner(OperationQueue queue, IServiceScopeFactory scopes, ILogger<OperationRunner> log) : BackgroundService
{
    private const int AtOnce = 3;
    private const int MostTries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using (var scope = scopes.CreateAsyncScope()) await scope.ServiceProvider.GetRequiredService<StoppedOperations>().TakeUpThoseOfThisNode(stoppingToken);
        await Parallel.ForEachAsync(queue.Waiting.ReadAllAsync(stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, async (work, ct) => await Do(work, ct));
    }

    /// <summary>Where the database goes away meanwhile, what can goes on where it was once it answers again; after an error that nobody foresaw it is tried again too, some times.</summary>
    private async Task Do(QueuedWork work, CancellationToken ct)
    {
        for (var broken = 0; ;)
        {
            try
            {
                await Once(work, ct);
                return;
            }
            catch (Exception error) when (RegistryInstance.IsAway(error) && !ct.IsCancellationRequested)
            {
                Log.HousekeepingPutOff(log, error.GetType().Name);
                await Task.Delay(Patience, ct);
                if (work.GoesOn) continue;
            }
            catch (Exception error) when (!ct.IsCancellationRequested)
            {
                Log.OperationBroke(log, work.Operation.Value, error);
                if (work.GoesOn && ++broken < MostTries)
                {
                    await Task.Delay(Patience, ct);
                    continue;
                }
            }
            await End(work, ct);
            return;
        }
    }

    private async Task Once(QueuedWork work, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var call = scope.ServiceProvider.GetRequiredService<CallContext>();
        (call.Actor, call.Cause) = (work.Actor, $"operation {work.Operation}");
        await work.Work(work.Operation, new Scoped(scope.ServiceProvider), ct);
    }

    /// <summary>Said once the database answers again.</summary>
    private async Task End(QueuedWork work, CancellationToken ct)
    {
        while (true)
        {
            await using var scope = scopes.CreateAsyncScope();
            try
            {
                await scope.ServiceProvider.GetRequiredService<StoppedOperations>().End(work.Operation, "interrupted", ct);
                return;
            }
            catch (Exception error) when (RegistryInstance.IsAway(error))
            {
                await Task.Delay(Patience, ct);
            }
        }
    }

    private sealed class Scoped(IServiceProvider services) : IWorkServices
    {
        public T Get<T>() where T : notnull => services.GetRequiredService<T>();
    }
}
