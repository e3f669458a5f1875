using Npgsql;
using NpgsqlTypes;
using Registry.EventStore.Leaves;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.EventStore.Schema;

/// <summary>
/// Events that another program of Marten's appended while no node of ours wrote: the head moves to the last of them, and each
/// gets the leaf that it lacks. Their positions are Marten's and may have gaps.
/// </summary>
internal static class ForeignEvents
{
    private const string Last = "SELECT h.position, h.at, coalesce((SELECT max(seq_id) FROM mt_events), 0) FROM registry_head h";

    public static async Task TakeOver(NpgsqlConnection connection, CancellationToken ct)
    {
        if (!await AreThere(connection, Last, ct)) return;
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await AreThere(connection, Last + " FOR UPDATE", ct))
        {
            var leaves = await Leaves(connection, ct);
            await using var batch = new NpgsqlBatch(connection);
            var insert = new NpgsqlBatchCommand(leaves.Sql(1));
            leaves.AddTo(insert.Parameters);
            batch.BatchCommands.Add(insert);
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                "UPDATE registry_head h SET position = last.seq_id, at = greatest(h.at, last.at) FROM (SELECT max(seq_id) AS seq_id, max(timestamp) AS at FROM mt_events "
                + "WHERE seq_id > (SELECT position FROM registry_head)) AS last"));
            await batch.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
    }

    private static async Task<bool> AreThere(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) && reader.GetInt64(2) > reader.GetInt64(0);
    }

    private static async Task<NewLeaves> Leaves(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT {PlainReader.Columns} FROM mt_events WHERE seq_id > (SELECT position FROM registry_head) ORDER BY seq_id", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var leaves = new NewLeaves();
        while (await reader.ReadAsync(ct))
        {
            var happened = PlainReader.Read(reader);
            var salt = Leaf.NewSalt();
            leaves.Add(happened.Position, salt, Leaf.Of(salt, happened.Position, happened.Stream, happened.Version, happened.Type, happened.At, Canonical(happened)));
        }
        return leaves;
    }

    private static byte[] Canonical(StoredEvent happened)
    {
        try
        {
            return CanonicalJson.Of(happened.Data);
        }
        catch (Exception error) when (error is FormatException or System.Text.Json.JsonException)
        {
            throw new SchemaException("event-unprovable", $"Another program appended an event at position {happened.Position} that no leaf can commit to: {error.Message}");
        }
    }
}
