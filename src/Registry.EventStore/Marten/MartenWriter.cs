using Marten;
using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>Appends through Marten's sessions, a transaction for each append. What waits, waits here and not inside PostgreSQL.</summary>
internal sealed class MartenWriter : LogWriter
{
    private const int AtOnce = 2; // one writes while the next is got ready: more would only wait for the head row
    private const int QueueLength = 4_096;

    private readonly Database database;
    private readonly NpgsqlDataSource source;
    private readonly Lazy<DocumentStore> store;
    private readonly SemaphoreSlim places = new(QueueLength);
    private readonly SemaphoreSlim sessions = new(AtOnce);
    private volatile bool closed;

    public MartenWriter(Database database, IReadOnlyCollection<string> names)
    {
        this.database = database;
        source = NpgsqlDataSource.Create(database.WriterSettings);
        store = new Lazy<DocumentStore>(() => MartenStore.On(source, names));
    }

    public override async Task<Appended> Append(Append append, CancellationToken ct)
    {
        await places.WaitAsync(ct); // a full queue holds the caller back
        try
        {
            ObjectDisposedException.ThrowIf(closed, this);
            await sessions.WaitAsync(ct);
            try
            {
                return await Store(append);
            }
            finally
            {
                sessions.Release();
            }
        }
        finally
        {
            places.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        closed = true;
        for (var place = 0; place < QueueLength; place++) await places.WaitAsync();
        if (store.IsValueCreated) await store.Value.DisposeAsync();
        await source.DisposeAsync();
        places.Release(QueueLength);
    }

    private async Task<Appended> Store(Append append)
    {
        for (var attempt = 0; ; attempt++)
        {
            var act = new MartenAppend(store.Value, append);
            try
            {
                return await act.Run();
            }
            catch (Exception error)
            {
                var cause = MartenStore.Cause(error);
                source.Clear(); // Npgsql 10.0.0 loses count of what it auto-prepared in a batch that failed halfway
                if (!Database.IsAway(cause) || attempt > 0) throw Told(cause);
                if (await Database.Step(() => Task.Run(() => Found(act), CancellationToken.None)) is { } stored) return stored;
            }
        }
    }

    /// <summary>The connection broke: the transaction may or may not have been committed. The log itself tells.</summary>
    private Appended? Found(MartenAppend act)
    {
        using var connection = database.OpenOwn();
        return act.FindStored(connection);
    }
}
