using System.Globalization;
using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>
/// One engine writes a database at a time. Every node holds an advisory lock under its engine's number, shared with the other
/// nodes of that engine, and refuses where another's is held. It is taken before it is looked for others, so that of two who
/// come at once none goes on unseen.
/// </summary>
internal static class EngineLock
{
    private const int Space = 0x5245_4749; // "REGI"

    /// <summary>Holds it for as long as the connection lives.</summary>
    /// <exception cref="DatabaseAwayException">A node with another engine writes there.</exception>
    public static void Hold(NpgsqlConnection connection, Engine engine)
    {
        using var batch = Taking("pg_advisory_lock_shared", connection, engine);
        using var reader = batch.ExecuteReader();
        reader.NextResult();
        reader.Read();
        if (reader.GetBoolean(0)) throw Refused(engine);
    }

    /// <summary>Holds it until the connection's transaction ends, and in the same round trip goes on with what is to be done first.</summary>
    /// <exception cref="DatabaseAwayException">A node with another engine writes there.</exception>
    public static async Task HoldWithin(NpgsqlConnection connection, Engine engine, params IReadOnlyList<string> first)
    {
        await using var batch = Taking("pg_advisory_xact_lock_shared", connection, engine);
        foreach (var sql in first) batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        if (reader.GetBoolean(0)) throw Refused(engine);
    }

    /// <summary>True where a node with another engine writes this database.</summary>
    public static async Task<bool> IsAnothers(NpgsqlConnection connection, Engine engine, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(OtherIsThere(engine), connection);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static string OtherIsThere(Engine engine) => string.Create(CultureInfo.InvariantCulture, $"""
        SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = {Space} AND objid::bigint <> {engine.Lock}
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        """);

    private static NpgsqlBatch Taking(string function, NpgsqlConnection connection, Engine engine) => new(connection)
    {
        BatchCommands = { new NpgsqlBatchCommand(string.Create(CultureInfo.InvariantCulture, $"SELECT {function}({Space}, {engine.Lock})")), new NpgsqlBatchCommand(OtherIsThere(engine)) },
    };

    private static DatabaseAwayException Refused(Engine engine) =>
        new("another engine writes this database", new InvalidOperationException($"an engine other than {engine.Name} writes it"));
}
