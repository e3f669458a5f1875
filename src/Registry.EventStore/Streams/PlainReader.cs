using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>Reads events by plain statements.</summary>
internal sealed class PlainReader(Database database) : LogReader
{
    public const string Columns = "seq_id, id, stream_id, version, type, data, timestamp, correlation_id, causation_id, headers";

    /// <summary>Whole streams, or what came after what is known of them.</summary>
    private readonly GroupedReading<(Guid Stream, long After), EventStream> ends = new(
        asked => database.Use(connection => Ends(connection, [.. asked]), CancellationToken.None), asked => new EventStream(asked.Stream, asked.After, []));

    public override Task<EventStream> FetchEnd(Guid stream, long after, CancellationToken ct) => ends.Ask((stream, after), ct);

    private static async Task<Dictionary<(Guid Stream, long After), EventStream>> Ends(NpgsqlConnection connection, (Guid Stream, long After)[] asked)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT {Columns}, n FROM unnest($1, $2) WITH ORDINALITY AS asked (stream, after, n)
            CROSS JOIN LATERAL (SELECT {Columns} FROM mt_events WHERE stream_id = stream AND is_archived = false AND version > after ORDER BY version) e
            """, connection)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [.. asked.Select(a => a.Stream)] }, new NpgsqlParameter<long[]> { TypedValue = [.. asked.Select(a => a.After)] } },
        };
        await using var reader = await command.ExecuteReaderAsync();
        var found = new Dictionary<long, List<StoredEvent>>();
        while (await reader.ReadAsync())
        {
            var n = reader.GetInt64(10);
            if (!found.TryGetValue(n, out var events)) found.Add(n, events = []);
            events.Add(Read(reader));
        }
        return found.ToDictionary(f => asked[f.Key - 1], f => new EventStream(asked[f.Key - 1].Stream, f.Value[^1].Version, f.Value));
    }

    public override Task<EventStream> FetchStream(Guid stream, long upTo, long asOf, CancellationToken ct) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {Columns} FROM mt_events WHERE stream_id = $1 AND is_archived = false AND version <= $2 AND seq_id <= $3 ORDER BY version", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = stream }, new NpgsqlParameter<long> { TypedValue = upTo }, new NpgsqlParameter<long> { TypedValue = asOf },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var events = new List<StoredEvent>();
        while (await reader.ReadAsync(ct)) events.Add(Read(reader));
        return new EventStream(stream, events.Count == 0 ? 0 : events[^1].Version, events);
    }, ct);

    public override Task<IReadOnlyList<EventStream>> FetchStreams(IReadOnlyCollection<Guid> streams, long asOf, CancellationToken ct) => database.Use<IReadOnlyList<EventStream>>(async connection =>
    {
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM mt_events WHERE stream_id = ANY($1) AND is_archived = false AND seq_id <= $2 ORDER BY stream_id, version", connection)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [.. streams] }, new NpgsqlParameter<long> { TypedValue = asOf } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var events = new List<StoredEvent>();
        while (await reader.ReadAsync(ct)) events.Add(Read(reader));
        return [.. events.GroupBy(e => e.Stream).Select(g => new EventStream(g.Key, g.Last().Version, [.. g]))];
    }, ct);

    public override async Task<ForWriting<T>> Aggregate<T>(Guid stream, Func<T?, StoredEvent, T?> evolve, long upTo, CancellationToken ct) where T : class
    {
        var fetched = upTo == long.MaxValue ? await FetchEnd(stream, 0, ct) : await FetchStream(stream, upTo, long.MaxValue, ct);
        return new ForWriting<T>(fetched.Events.Aggregate<StoredEvent, T?>(null, evolve), fetched.Version);
    }

    public override async IAsyncEnumerable<StoredEvent> ReadAll(long after, int limit, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await database.Open(ct);
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM mt_events WHERE seq_id > $1 ORDER BY seq_id LIMIT $2", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = after }, new NpgsqlParameter<int> { TypedValue = limit } },
        };
        await using var reader = await Database.Step(() => command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, ct));
        while (await Database.Step(() => reader.ReadAsync(ct))) yield return Read(reader);
    }

    internal static StoredEvent Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetInt64(3), reader.GetString(4), reader.GetString(5),
        reader.GetFieldValue<DateTimeOffset>(6), Text(reader, 7), Text(reader, 8), Text(reader, 9));

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
