using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>
/// The one writer of this node. It takes what waits, at most one append per stream, key and claim, and runs one
/// transaction; the longer PostgreSQL takes, the more the next group holds. Who comes alone writes at once: to wake another
/// for it would take as long as a statement. Where several come, a thread of its own writes for all of them, so that the
/// pool's threads, of which there are few, answer meanwhile. A large append goes beside, on a connection of its own.
/// </summary>
internal sealed class GroupedWriter(Database database) : LogWriter
{
    private const int QueueLength = 4_096;

    private readonly Gathering gathering = new();
    private readonly WriterConnection connection = new(database);
    private readonly WriterConnection besides = new(database);
    private readonly SemaphoreSlim places = new(QueueLength);
    private readonly SemaphoreSlim oneLarge = new(1);
    private readonly SemaphoreSlim called = new(0);
    private readonly Lock starting = new();
    private Thread? thread;
    private volatile bool closed;
    private volatile bool drained;

    public override async Task<Appended> Append(Append append, CancellationToken ct)
    {
        if (append.IsLarge) return await Beside(append, ct);
        await places.WaitAsync(ct); // a full queue holds the caller back
        try
        {
            ObjectDisposedException.ThrowIf(closed, this);
            var waiting = new Waiting(append, ct);
            if (gathering.Add(waiting)) await Begin(waiting);
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
        drained = true;
        called.Release();
        if (thread is { } ends) await Task.Run(ends.Join);
        connection.Close();
        besides.Close();
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
            await Task.Factory.StartNew(() => Run(besides, [alone], trusting: true, () => { }), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            return await alone.Done.Task;
        }
        finally
        {
            oneLarge.Release();
        }
    }

    /// <summary>Writes until an own append is done, or has it written.</summary>
    private async Task Begin(Waiting first)
    {
        if (gathering.IsCrowded)
        {
            CallThread();
            return;
        }
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // writing blocks its thread, and the caller's own goes on
        while (gathering.Next() is { } group)
        {
            Run(connection, group, trusting: true, gathering.Written);
            if (!first.Done.Task.IsCompleted) continue;
            if (gathering.MustGoOn()) CallThread();
            return;
        }
    }

    private void CallThread()
    {
        lock (starting)
        {
            if (thread is null)
            {
                thread = new Thread(WriteWhenCalled) { IsBackground = true, Name = "registry writer" };
                thread.UnsafeStart();
            }
        }
        called.Release();
    }

    private void WriteWhenCalled()
    {
        do
        {
            called.Wait();
            while (gathering.Next() is { } group) Run(connection, group, trusting: true, gathering.Written);
        }
        while (!drained);
    }

    private static void Run(WriterConnection connection, List<Waiting> group, bool trusting, Action stored)
    {
        try
        {
            var results = connection.Store([.. group.Select(w => w.Append)], trusting);
            stored();
            for (var i = 0; i < group.Count; i++) group[i].Done.TrySetResult(results[i]);
        }
        catch (PostgresException) when (trusting)
        {
            foreach (var one in group) Run(connection, [one], trusting: false, stored); // so that the error reaches its own caller
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
