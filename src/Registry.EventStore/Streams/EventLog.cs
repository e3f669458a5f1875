using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>An aggregate with the version that a decision on it rests on.</summary>
/// <param name="Aggregate">Null where the stream does not exist.</param>
/// <param name="Version">0 where the stream does not exist.</param>
public sealed record ForWriting<T>(T? Aggregate, long Version) where T : class;

/// <summary>The log: streams of events, appended under one head row and read in one order. Events name nobody, so who reads them is not asked.</summary>
public sealed class EventLog(Database database, AppendWriter writer)
{
    private readonly LogReader reader = writer.Engine.Reader(database, writer.Names);

    /// <summary>The engine of this build: <c>registry</c>, or <c>marten</c> where it was built with <c>-p:EventStore=Marten</c>.</summary>
    public static string EngineBuiltIn => Engine.BuiltIn.Name;

    /// <summary>Stores an append, or tells why it lost. It is all or nothing over all its streams.</summary>
    /// <exception cref="DatabaseAwayException">PostgreSQL cannot be reached.</exception>
    /// <exception cref="AppendRejectedException">PostgreSQL rejected it.</exception>
    public Task<Appended> Append(Append append, CancellationToken ct) => writer.Append(append, ct);

    /// <summary>A stream with its events in order: up to a version and up to a position of the log where they are named.</summary>
    public Task<EventStream> FetchStream(Guid stream, CancellationToken ct, long upTo = long.MaxValue, long asOf = long.MaxValue) =>
        upTo <= 0 ? Task.FromResult(new EventStream(stream, 0, [])) : reader.FetchStream(stream, upTo, asOf, ct);

    /// <summary>What a decision rests on: a stream as it ends now, from after a version that is known. Those who decide at the same time are read for together.</summary>
    public Task<EventStream> FetchEnd(Guid stream, long after, CancellationToken ct) => reader.FetchEnd(stream, after, ct);

    /// <summary>Several streams with their events in order up to a position of the log, in one question; a stream that does not exist is left out.</summary>
    public Task<IReadOnlyList<EventStream>> FetchStreams(IReadOnlyCollection<Guid> streams, CancellationToken ct, long asOf = long.MaxValue) => reader.FetchStreams(streams, asOf, ct);

    /// <summary>The fold of a stream; null where it does not exist.</summary>
    public async Task<T?> AggregateStream<T>(Guid stream, Func<T?, StoredEvent, T?> evolve, CancellationToken ct, long upTo = long.MaxValue)
        where T : class => (await reader.Aggregate(stream, evolve, upTo, ct)).Aggregate;

    /// <summary>The fold of a stream with the version to append at.</summary>
    public Task<ForWriting<T>> FetchForWriting<T>(Guid stream, Func<T?, StoredEvent, T?> evolve, CancellationToken ct) where T : class => reader.Aggregate(stream, evolve, long.MaxValue, ct);

    /// <summary>Every event after a position, in order. A reader at N has seen everything up to N.</summary>
    /// <param name="after">0 reads from the first on.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="ct">Ends the reading.</param>
    public IAsyncEnumerable<StoredEvent> ReadAll(long after, int limit, CancellationToken ct) => reader.ReadAll(after, limit, ct);

    /// <summary>The log's last position, and the streams to which events of some types were appended after a position.</summary>
    public Task<(long Head, IReadOnlyList<Guid> Streams)> ChangedStreams(long after, IReadOnlyCollection<string> types, CancellationToken ct) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT h.position, e.stream_id FROM registry_head h
            LEFT JOIN LATERAL (SELECT DISTINCT stream_id FROM mt_events WHERE seq_id > $1 AND seq_id <= h.position AND type = ANY($2)) e ON true
            """, connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = after }, new NpgsqlParameter<string[]> { TypedValue = [.. types] } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (head, streams) = (0L, new List<Guid>());
        while (await reader.ReadAsync(ct))
        {
            head = reader.GetInt64(0);
            if (!reader.IsDBNull(1)) streams.Add(reader.GetGuid(1));
        }
        return (head, (IReadOnlyList<Guid>)streams);
    }, ct);

    /// <summary>The position of each stream's last event of some types, up to a position; a stream without one is left out.</summary>
    public Task<Dictionary<Guid, long>> LastOf(IReadOnlyCollection<Guid> streams, IReadOnlyCollection<string> types, long asOf, CancellationToken ct) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand(
            "SELECT stream_id, max(seq_id) FROM mt_events WHERE stream_id = ANY($1) AND is_archived = false AND type = ANY($2) AND seq_id <= $3 GROUP BY stream_id", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid[]> { TypedValue = [.. streams] }, new NpgsqlParameter<string[]> { TypedValue = [.. types] }, new NpgsqlParameter<long> { TypedValue = asOf },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var last = new Dictionary<Guid, long>();
        while (await reader.ReadAsync(ct)) last.Add(reader.GetGuid(0), reader.GetInt64(1));
        return last;
    }, ct);

    /// <summary>The log's last position.</summary>
    public Task<long> Head(CancellationToken ct) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT position FROM registry_head", connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }, ct);

    /// <summary>The leaf at a position; null where the log does not reach it.</summary>
    public Task<byte[]?> LeafAt(long position, CancellationToken ct) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT leaf FROM registry_leaves WHERE position = $1", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = position } },
        };
        return (byte[]?)await command.ExecuteScalarAsync(ct);
    }, ct);

    /// <summary>Salt and leaf of a stream's events by position; no salt where the data were dropped.</summary>
    public Task<IReadOnlyDictionary<long, (byte[]? Salt, byte[] Leaf)>> LeavesOf(Guid stream, CancellationToken ct) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT l.position, l.salt, l.leaf FROM registry_leaves l JOIN mt_events e ON e.seq_id = l.position WHERE e.stream_id = $1", connection)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = stream } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var leaves = new Dictionary<long, (byte[]?, byte[])>();
        while (await reader.ReadAsync(ct)) leaves.Add(reader.GetInt64(0), (reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2)));
        return (IReadOnlyDictionary<long, (byte[]? Salt, byte[] Leaf)>)leaves;
    }, ct);

    /// <summary>What was answered to a key before; null where it is new.</summary>
    public Task<KeptAnswer?> FindKey(IdempotencyKey key, CancellationToken ct) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT request, status, stream, version FROM registry_idempotency WHERE caller = $1 AND key = $2", connection)
        {
            Parameters = { new NpgsqlParameter<byte[]> { TypedValue = key.Caller }, new NpgsqlParameter<string> { TypedValue = key.Key } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new KeptAnswer(reader.GetFieldValue<byte[]>(0), reader.GetInt16(1), reader.GetGuid(2), reader.GetInt64(3))
            : null;
    }, ct);

    /// <summary>Those of some claims that are taken. The append decides; this only saves it the work.</summary>
    public Task<HashSet<string>> TakenClaims(IReadOnlyCollection<string> claims, CancellationToken ct) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT claim FROM registry_claims WHERE claim = ANY($1)", connection)
        {
            Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. claims] } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct)) taken.Add(reader.GetString(0));
        return taken;
    }, ct);
}
