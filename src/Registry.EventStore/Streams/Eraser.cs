using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>The role that makes what has ended unreadable, and can do nothing else.</summary>
/// <param name="connectionString">As that role.</param>
/// <param name="ownsServer">The server is this process's own: its log may be turned over too.</param>
public sealed class Eraser(string connectionString, bool ownsServer)
{
    /// <summary>Rewriting waits for nobody longer than this, so that nobody waits behind it.</summary>
    private const string LockTimeout = "SET lock_timeout = '3s'";

    /// <summary>Blanks a stream at the version that was decided on; false where it has moved on or is blank already.</summary>
    public Task<bool> Erase(Guid stream, long version, CancellationToken ct) => Use(async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT registry_erase($1, $2)", connection) { Parameters = { new() { Value = stream }, new() { Value = version } } };
        return (long)(await command.ExecuteScalarAsync(ct))! > 0;
    }, ct);

    /// <summary>
    /// Rewrites the tables that hold people, and where the server is our own writes all of it down and lets go of the log before:
    /// of what was deleted no bytes are left.
    /// </summary>
    public Task<bool> TurnOver(CancellationToken ct) => Use(async connection =>
    {
        foreach (var sql in ownsServer ? [LockTimeout, "SELECT registry_turn_over()", "SELECT pg_switch_wal()", "CHECKPOINT"] : new[] { LockTimeout, "SELECT registry_turn_over()" })
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
            await command.ExecuteNonQueryAsync(ct);
        }
        return true;
    }, ct);

    private async Task<T> Use<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, SearchPath = Database.SchemaName, Timeout = 3 }.ConnectionString);
            await connection.OpenAsync(ct);
            return await work(connection);
        }
        catch (NpgsqlException error) when (error is not PostgresException || error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new DatabaseAwayException("nothing could be erased just now", error);
        }
    }
}
