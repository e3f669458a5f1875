using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>
/// The one writer of this node. It takes what waits, at most one append per stream, key and claim, and runs one
/// transaction; the longer PostgreSQL takes, the more the next group holds. Who finds nobody writing writes at once, for all
/// who wait, and hands on when its own append is done: to wake another for it would take as long as a statement. A large
/// append goes beside, on a connection of its own.
/// </summary>
internal sealed class GroupedWriter(Database database) : LogWriter
{
    private const int QueueLength = 4_096;

    private readonly Gathering gathering = new();
    private readonly WriterConnection connection = new(database);
    private readonly WriterConnection besides = new(database);
    private readonly SemaphoreSlim places = new(QueueLength);
    private readonly SemaphoreSlim oneLarge = new(1);
    private Task handedOn = Task.CompletedTask;
    private volatile bool closed;

    public override async Task<Appended> Append(Append append, CancellationToken ct)
    {
        if (append.IsLarge) return await Beside(append, ct);
        await places.WaitAsync(ct); // a full queue holds the caller back
        try
        {
            ObjectDisposedException.ThrowIf(closed, this);
            var waiting = new Waiting(append, ct);
            if (gathering.Add(waiting)) await Write(waiting);
            return await waiting.Done.Task; // once taken it is decided: a cancelled caller must not leave a half-known act
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>Finishes what was taken, then closes. Who still waited for a place is told that it is closed.</summary>
    public override async ValueTask DisposeAsync()
    {
        closed = true;
        for (var place = 0; place < QueueLength; place++) await places.WaitAsync();
        await oneLarge.WaitAsync();
        await handedOn;
        await connection.Close();
        await besides.Close();
        places.Release(QueueLength);
        oneLarge.Release();
    }

    private async Task<Appended> Beside(Append append, CancellationToken ct)
    {
        await oneLarge.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(closed, this);
            var alone = new Waiting(append, ct);
            await Run(besides, [alone], trusting: true);
            return await alone.Done.Task;
        }
        finally
        {
            oneLarge.Release();
        }
    }

    /// <summary>Writes until an own append is done, or until nobody waits.</summary>
    private async Task Write(Waiting? own)
    {
        while (await gathering.Next() is { } group)
        {
            await Run(connection, group, trusting: true);
            if (own?.Done.Task.IsCompleted != true) continue;
            if (gathering.MustGoOn()) handedOn = Task.Run(() => Write(null), CancellationToken.None);
            return;
        }
    }

    private static async Task Run(WriterConnection connection, List<Waiting> group, bool trusting)
    {
        try
        {
            var results = await connection.Store([.. group.Select(w => w.Append)], trusting);
            for (var i = 0; i < group.Count; i++) group[i].Done.TrySetResult(results[i]);
        }
        catch (PostgresException) when (trusting)
        {
            foreach (var one in group) await Run(connection, [one], trusting: false); // so that the error reaches its own caller
        }
        catch (Exception error)
        {
            var told = Told(error);
            foreach (var one in group) one.Done.TrySetException(told);
        }
    }
}

internal sealed record Waiting(Append Append, CancellationToken Cancelled)
{
    public TaskCompletionSource<Appended> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
