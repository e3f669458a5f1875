using Registry.Application.Instance;
using Registry.Application.Operations;

namespace Registry.Api.Operations;

/// <summary>Follows the clock that all nodes share, the vault's keys and the agreed terms, drops what was kept long enough, keeps a witness of the log's end outside the database, and forgets keys after 24 hours of machine time.</summary>
public sealed class Housekeeping(RegistryInstance instance, IServiceScopeFactory scopes, TimeProvider machine, ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan ClockPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WitnessPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeyPeriod = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);

    private static readonly TimeSpan KeepingPeriod = TimeSpan.FromMinutes(1);

    /// <summary>So soon after an erasure no sealed form of it is left in the files of a cluster of our own.</summary>
    private static readonly TimeSpan TurnOverPeriod = TimeSpan.FromHours(1);

    private static readonly TimeSpan TermsPeriod = TimeSpan.FromMilliseconds(200);

    private DateOnly kept;

    /// <summary>The agreed terms are read before anybody can ask; where the database is away just then, the first who asks waits for them.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Once(ct => instance.Terms.ReadOn(ct), cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        instance.Options.Evaluation ? Every(ClockPeriod, instance.ReadClock, stoppingToken) : Task.CompletedTask,
        Every(TermsPeriod, ct => instance.Terms.ReadOn(ct), stoppingToken),
        Every(WitnessPeriod, instance.KeepWitness, stoppingToken),
        Every(RegistryInstance.KeysReadEvery, ct => instance.ReadKeysAgain(), stoppingToken),
        Every(KeepingPeriod, Keep, stoppingToken),
        Every(TurnOverPeriod, instance.TurnOver, stoppingToken),
        Every(KeyPeriod, DropOldWork, stoppingToken),
        Every(KeyPeriod, ct => instance.DropOldKeys(machine.GetUtcNow() - KeyLife, ct), stoppingToken));

    /// <summary>Once for each day of the legal clock.</summary>
    private async Task Keep(CancellationToken ct)
    {
        var today = instance.Clock.Today("EU");
        if (today == kept) return;
        await instance.Keeping.Apply(ct);
        kept = today;
    }

    private async Task DropOldWork(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<StoppedOperations>().DropOld(ct);
    }

    private async Task Every(TimeSpan period, Func<CancellationToken, Task> work, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(period, machine);
        try
        {
            while (await timer.WaitForNextTickAsync(ct)) await Once(work, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // the host stops
        }
    }

    private async Task Once(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        try
        {
            await work(ct);
        }
        catch (Exception error) when (RegistryInstance.IsAway(error) || error is IOException or InstanceException)
        {
            Log.HousekeepingPutOff(log, error.GetType().Name);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Log.HousekeepingBroke(log, error); // a bug in one of these must not stop the service
        }
    }
}
