using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>Holds the database for this node's engine from its start to its stop, on a connection that does nothing else.</summary>
internal sealed class EngineHold(Database database, Engine engine) : IAsyncDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private NpgsqlConnection? held;

    /// <summary>Takes it, or takes it again where PostgreSQL let it go.</summary>
    /// <exception cref="DatabaseAwayException">PostgreSQL cannot be reached, or a node with another engine writes there.</exception>
    public async Task Take(CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            if (held is not null && await Lives(held)) return;
            if (held is not null) await held.DisposeAsync();
            held = null;
            var opened = database.OpenOwn();
            try
            {
                EngineLock.Hold(opened, engine);
                held = opened;
            }
            finally
            {
                if (held is null) await opened.DisposeAsync();
            }
        }
        finally
        {
            one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await one.WaitAsync();
        if (held is not null) await held.DisposeAsync();
        held = null;
        one.Release();
    }

    private static async Task<bool> Lives(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync();
            return true;
        }
        catch (Exception error) when (Database.IsAway(error))
        {
            return false;
        }
    }
}
