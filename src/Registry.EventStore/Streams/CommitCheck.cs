using Npgsql;
using NpgsqlTypes;
using Registry.EventStore.Views;

namespace Registry.EventStore.Streams;

/// <summary>After a connection broke at the commit: were these appends stored?</summary>
internal static class CommitCheck
{
    /// <summary>
    /// Null where nothing of the group is in the log. The head row is locked first: whoever holds it may still be the
    /// broken connection's own transaction, and only its end makes the answer final.
    /// </summary>
    public static async Task<IReadOnlyList<Appended>?> Find(Database database, IReadOnlyList<Append> appends)
    {
        var firsts = appends.Select(First).ToList();
        await using var connection = await database.Open(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT 1 FROM registry_head FOR UPDATE"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "SELECT e.id, last.seq_id, e.timestamp FROM unnest($1, $2, $3, $4) AS asked (stream, version, last_stream, last_version) "
            + "JOIN mt_events e ON e.stream_id = asked.stream AND e.version = asked.version AND e.is_archived = false "
            + "JOIN mt_events last ON last.stream_id = asked.last_stream AND last.version = asked.last_version AND last.is_archived = false")
        {
            Parameters =
            {
                Unnest.Array(NpgsqlDbType.Uuid, firsts.Select(f => f?.Stream).ToArray()), Unnest.Array(NpgsqlDbType.Bigint, firsts.Select(f => f?.Version).ToArray()),
                Unnest.Array(NpgsqlDbType.Uuid, firsts.Select(f => f?.LastStream).ToArray()), Unnest.Array(NpgsqlDbType.Bigint, firsts.Select(f => f?.LastVersion).ToArray()),
            },
        });
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        var found = new Dictionary<Guid, Appended>();
        while (await reader.ReadAsync()) found[reader.GetGuid(0)] = new Appended(reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2), null);
        if (!firsts.Any(f => f is not null && found.ContainsKey(f.Id))) return null;
        // The transaction was committed: whoever is not in the log had lost before.
        return [.. firsts.Select(f => f is not null && found.TryGetValue(f.Id, out var stored) ? stored : new Appended(0, default, ConflictKind.Version))];
    }

    private sealed record Place(Guid Id, Guid Stream, long Version, Guid LastStream, long LastVersion);

    private static Place? First(Append append)
    {
        var streams = append.Streams.Where(s => s.Events.Count > 0 && s.ExpectedVersion != Append.AnyVersion).ToList();
        return streams.Count == 0 ? null : new Place(
            streams[0].Events[0].Id, streams[0].Stream, streams[0].ExpectedVersion + 1,
            streams[^1].Stream, streams[^1].ExpectedVersion + streams[^1].Events.Count);
    }
}
