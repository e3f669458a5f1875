using System.Threading.Channels;
using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>PostgreSQL rejected an append that the store itself found nothing wrong with. Its neighbours were stored.</summary>
public sealed class AppendRejectedException(string message, Exception inner) : Exception(message, inner);

/// <summary>
/// The one writer of this node. It takes what waits, at most one append per stream, key and claim, and runs one
/// transaction; the longer PostgreSQL takes, the more the next group holds.
/// </summary>
public sealed class AppendWriter : IAsyncDisposable
{
    private const int QueueLength = 4_096;
    private const int GroupAppends = 256;
    private const int GroupEvents = 1_000;

    private readonly Database database;
    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly List<Waiting> deferred = [];
    private readonly Task loop;
    private NpgsqlConnection? connection;

    /// <summary>Starts the writer.</summary>
    public AppendWriter(Database database)
    {
        this.database = database;
        loop = Task.Run(Loop);
    }

    /// <summary>Stores an append or tells why it lost.</summary>
    /// <exception cref="DatabaseAwayException">PostgreSQL cannot be reached; a repetition with the same key is safe.</exception>
    /// <exception cref="AppendRejectedException">PostgreSQL rejected this append.</exception>
    public async Task<Appended> Append(Append append, CancellationToken ct)
    {
        var waiting = new Waiting(append, ct);
        await queue.Writer.WriteAsync(waiting, ct); // a full queue holds the caller back
        return await waiting.Done.Task; // once taken it is decided: a cancelled caller must not leave a half-known act
    }

    /// <summary>Finishes what was taken, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        if (connection is not null) await connection.DisposeAsync();
    }

    private async Task Loop()
    {
        while (deferred.Count > 0 || await queue.Reader.WaitToReadAsync())
        {
            var group = NextGroup();
            if (group.Count > 0) await Run(group);
        }
    }

    private List<Waiting> NextGroup()
    {
        var group = new GroupBeingFilled();
        foreach (var waiting in deferred.ToList())
        {
            if (group.TryTake(waiting)) deferred.Remove(waiting);
        }
        while (group.HasRoom && deferred.Count < GroupAppends && queue.Reader.TryRead(out var waiting))
        {
            if (waiting.Cancelled.IsCancellationRequested) waiting.Done.TrySetCanceled(waiting.Cancelled);
            else if (!group.TryTake(waiting)) deferred.Add(waiting);
        }
        return group.Taken;
    }

    private async Task Run(List<Waiting> group)
    {
        try
        {
            var results = await Store(group);
            for (var i = 0; i < group.Count; i++) group[i].Done.TrySetResult(results[i]);
        }
        catch (PostgresException) when (group.Count > 1)
        {
            foreach (var one in group) await Run([one]); // so that the error reaches its own caller
        }
        catch (Exception error)
        {
            Exception told = error is PostgresException rejected && !Database.IsAway(error)
                ? new AppendRejectedException($"PostgreSQL rejected the append ({rejected.SqlState})", rejected)
                : Database.IsAway(error) ? new DatabaseAwayException("PostgreSQL broke off", error) : error;
            foreach (var one in group) one.Done.TrySetException(told);
        }
    }

    private async Task<IReadOnlyList<Appended>> Store(List<Waiting> group)
    {
        var appends = group.Select(w => w.Append).ToList();
        for (var attempt = 0; ; attempt++)
        {
            var fresh = connection is null;
            try
            {
                connection ??= await database.OpenOwn(CancellationToken.None);
                return await new AppendGroup(connection, appends).Run();
            }
            catch (Exception error)
            {
                await LetGo();
                if (!Database.IsAway(error) || (fresh && attempt > 0)) throw;
                // The connection broke: the transaction may or may not have been committed. The log itself tells.
                if (await CommitCheck.Find(database, appends) is { } stored) return stored;
                if (attempt > 0) throw;
            }
        }
    }

    /// <summary>
    /// After any error the connection is closed for good: PostgreSQL has ended the transaction by then, and Npgsql 10.0.0
    /// loses count of what it auto-prepared in a batch that failed halfway.
    /// </summary>
    private async Task LetGo()
    {
        if (connection is not null) await connection.DisposeAsync();
        connection = null;
    }

    internal sealed record Waiting(Append Append, CancellationToken Cancelled)
    {
        public TaskCompletionSource<Appended> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>A group holds a stream, a key and a claim once: whoever comes second is decided after the first.</summary>
    private sealed class GroupBeingFilled
    {
        private readonly HashSet<Guid> streams = [];
        private readonly HashSet<string> names = new(StringComparer.Ordinal);
        private int events;

        public List<Waiting> Taken { get; } = [];

        public bool HasRoom => Taken.Count < GroupAppends && events < GroupEvents;

        public bool TryTake(Waiting waiting)
        {
            var append = waiting.Append;
            var own = append.Claims.Keys.Select(c => "claim " + c)
                .Concat(append.Key is { } key ? ["key " + Convert.ToHexString(key.Key.Caller) + key.Key.Key] : []).ToList();
            var free = !append.Streams.Any(s => streams.Contains(s.Stream)) && !own.Any(names.Contains);
            // What is deferred blocks its names too, so that nobody overtakes it.
            foreach (var stream in append.Streams) streams.Add(stream.Stream);
            names.UnionWith(own);
            if (!free || !HasRoom || (Taken.Count > 0 && events + append.EventCount > GroupEvents)) return false;
            Taken.Add(waiting);
            events += append.EventCount;
            return true;
        }
    }
}
