using System.Data;
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
    private readonly SemaphoreSlim opening = new(1);
    private NpgsqlConnection? held;
    private volatile bool closed;

    public MartenWriter(Database database, IReadOnlyCollection<string> names)
    {
        this.database = database;
        source = NpgsqlDataSource.Create(database.WriterSettings);
        store = new Lazy<DocumentStore>(() => MartenStore.On(source, names));
    }

    /// <summary>Holds the database for this engine between appends too; each append holds it for itself.</summary>
    public override async Task Open()
    {
        if (held is { State: ConnectionState.Open }) return;
        await opening.WaitAsync();
        try
        {
            if (held is { State: ConnectionState.Open }) return;
            if (held is not null) await held.DisposeAsync();
            held = await database.OpenOwn();
            await EngineLock.Hold(held, Engine.Marten);
        }
        catch
        {
            if (held is not null) await held.DisposeAsync();
            held = null;
            throw;
        }
        finally
        {
            opening.Release();
        }
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
        if (held is not null) await held.DisposeAsync();
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
                await Open();
                return await act.Run();
            }
            catch (Exception error)
            {
                var cause = MartenStore.Cause(error);
                if (!Database.IsAway(cause) || attempt > 0) throw Told(cause);
                if (await Found(act) is { } stored) return stored;
            }
        }
    }

    /// <summary>The connection broke: the transaction may or may not have been committed. The log itself tells.</summary>
    private async Task<Appended?> Found(MartenAppend act)
    {
        await using var connection = await database.OpenOwn();
        return await act.FindStored(connection);
    }
}
