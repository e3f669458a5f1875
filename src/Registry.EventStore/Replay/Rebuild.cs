using Npgsql;
using Registry.EventStore.Schema;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.EventStore.Replay;

/// <summary>
/// Folds a view anew into a shadow table while the service goes on: everything up to a position, then what came since,
/// and the last of it under the head row, where the tables are swapped.
/// </summary>
public static class Rebuild
{
    private const int Batch = 1_000;

    /// <summary>Rebuilds one view; gives how many rows it has.</summary>
    /// <param name="ownerConnectionString">A role that owns the schema.</param>
    /// <param name="roles">The service's roles, which must be able to use the new table.</param>
    /// <param name="view">Which view.</param>
    /// <param name="views">All of them: a guard of another may ask the rows of this one.</param>
    /// <param name="fold">A stream's events to its row's JSON; null where it has none.</param>
    /// <param name="ct">Ends the rebuilding; the view then stays as it was.</param>
    public static async Task<long> Run(string ownerConnectionString, SchemaRoles roles, View view, IReadOnlyList<View> views, Func<IReadOnlyList<StoredEvent>, string?> fold, CancellationToken ct)
    {
        await using var database = new Database(ownerConnectionString);
        var shadow = view.Name + "_shadow";
        await using var connection = await database.Open(ct);
        await Migrations.Run(connection, $"DROP TABLE IF EXISTS {shadow}", ct);
        await Migrations.Run(connection, view.TableSql(shadow), ct);
        var upTo = await Refold(connection, database, view, shadow, fold, 0, ct);
        for (var behind = long.MaxValue; behind > Batch;)
        {
            var reached = await Refold(connection, database, view, shadow, fold, upTo, ct);
            (behind, upTo) = (reached - upTo, reached);
        }

        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Migrations.Run(connection, "SELECT 1 FROM registry_head WHERE one FOR UPDATE", ct);
        await Refold(connection, database, view, shadow, fold, upTo, ct);
        var rows = await Swap(connection, view, shadow, ct);
        await Grants.Give(connection, roles, views, ct);
        await Shape.Record(connection, ct);
        await transaction.CommitAsync(ct);
        return rows;
    }

    /// <summary>Folds every stream of the view's type that was touched after a position; gives the position it read to.</summary>
    private static async Task<long> Refold(
        NpgsqlConnection into, Database database, View view, string shadow, Func<IReadOnlyList<StoredEvent>, string?> fold, long after, CancellationToken ct)
    {
        await using var from = await database.Open(ct);
        await using var reading = await from.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        await using var head = new NpgsqlCommand("SELECT position FROM registry_head", from);
        var upTo = (long)(await head.ExecuteScalarAsync(ct))!;
        var rows = new List<TableRow>(Batch);
        await foreach (var stream in Streams(from, view, after, upTo, ct))
        {
            if (fold(stream) is { } data) rows.Add(view.Row(stream[0].Stream, stream[^1].Version, data));
            if (rows.Count == Batch) await Flush(into, view, shadow, rows, ct);
        }
        await Flush(into, view, shadow, rows, ct);
        return upTo;
    }

    private static async IAsyncEnumerable<List<StoredEvent>> Streams(
        NpgsqlConnection from, View view, long after, long upTo, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var touched = after == 0 ? "" : "AND e.stream_id IN (SELECT stream_id FROM mt_events WHERE seq_id > $3 AND seq_id <= $2)";
        await using var command = new NpgsqlCommand(
            "SELECT e.seq_id, e.id, e.stream_id, e.version, e.type, e.data, e.timestamp, e.correlation_id, e.causation_id, e.headers FROM mt_events e "
            + "JOIN mt_streams s ON s.id = e.stream_id AND s.is_archived = e.is_archived "
            + $"WHERE s.type = $1 AND e.is_archived = false AND e.seq_id <= $2 {touched} ORDER BY e.stream_id, e.version", from);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = view.StreamType });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = upTo });
        if (after > 0) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var stream = new List<StoredEvent>();
        while (await reader.ReadAsync(ct))
        {
            var stored = PlainReader.Read(reader);
            if (stream.Count > 0 && stream[0].Stream != stored.Stream)
            {
                yield return stream;
                stream = [];
            }
            stream.Add(stored);
        }
        if (stream.Count > 0) yield return stream;
    }

    private static async Task Flush(NpgsqlConnection into, View view, string shadow, List<TableRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0) return;
        await using var batch = new NpgsqlBatch(into);
        batch.BatchCommands.Add(Unnest.Command(view.Rows, shadow, rows));
        await batch.ExecuteNonQueryAsync(ct);
        rows.Clear();
    }

    private static async Task<long> Swap(NpgsqlConnection connection, View view, string shadow, CancellationToken ct)
    {
        await Migrations.Run(connection, $"DROP TABLE IF EXISTS {view.Name} CASCADE", ct); // with the guards that ask it, which are made anew
        await Migrations.Run(connection, $"ALTER TABLE {shadow} RENAME TO {view.Name}", ct);
        var indexes = new List<string>();
        await using (var command = new NpgsqlCommand("SELECT indexname FROM pg_indexes WHERE schemaname = 'registry' AND tablename = $1", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = view.Name });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct)) indexes.Add(reader.GetString(0));
        }
        foreach (var index in indexes.Where(i => i.Contains(shadow, StringComparison.Ordinal)))
        {
            await Migrations.Run(connection, $"ALTER INDEX {index} RENAME TO {index.Replace(shadow, view.Name, StringComparison.Ordinal)}", ct);
        }
        await Migrations.Run(connection, $"INSERT INTO registry_views VALUES ('{view.Name}', '{view.Sha256}') ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256", ct);
        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {view.Name}", connection);
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }
}
