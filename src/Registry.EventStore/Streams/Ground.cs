using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Registry.EventStore.Views;

namespace Registry.EventStore.Streams;

/// <summary>What the log looks like under the head row. Once it is locked a plain read is exact until the commit.</summary>
internal sealed class Ground
{
    private readonly Dictionary<Guid, long> versions = [];
    private readonly HashSet<(string Caller, string Key)> keys = [];
    private readonly Dictionary<string, Guid> claims = new(StringComparer.Ordinal);
    private readonly Dictionary<CountExpected, long> counts = [];
    private bool foreseen;

    public long Position { get; private set; }

    public DateTimeOffset At { get; private set; }

    /// <summary>When the head row was ours.</summary>
    public long LockedAt { get; private set; }

    public long Version(Guid stream) => versions.GetValueOrDefault(stream);

    /// <summary>The ground as it must be for every one of the appends to win, on a log that ends here.</summary>
    public static Ground Foreseen(long position, DateTimeOffset at, IReadOnlyList<Append> appends)
    {
        var ground = new Ground { foreseen = true, Position = position, At = at, LockedAt = Stopwatch.GetTimestamp() };
        foreach (var stream in appends.SelectMany(a => a.Streams)) ground.versions[stream.Stream] = stream.ExpectedVersion;
        return ground;
    }

    /// <summary>One round trip: lock the head row, then read what the appends rest on.</summary>
    /// <param name="connection">In a transaction, or not yet.</param>
    /// <param name="appends">Whose ground it is.</param>
    /// <param name="begun">The transaction runs already.</param>
    /// <param name="trusting">Takes it that a stream that is to start is not there: its primary key says otherwise soon enough.</param>
    public static async Task<Ground> Read(NpgsqlConnection connection, IReadOnlyList<Append> appends, bool begun, bool trusting)
    {
        var ground = new Ground();
        var asked = appends.SelectMany(a => a.Expectations).ToList();
        var keyed = appends.Where(a => a.Key is not null).Select(a => a.Key!.Key).ToList();
        var claimed = appends.SelectMany(a => a.Claims.Keys).ToArray();
        var streams = appends.SelectMany(a => a.Streams).Where(s => !trusting || s.ExpectedVersion != 0).Select(s => s.Stream).ToArray();
        await using var batch = new NpgsqlBatch(connection);
        if (!begun) batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT position, at FROM registry_head WHERE one FOR UPDATE"));
        if (streams.Length > 0) batch.BatchCommands.Add(Versions(streams));
        if (keyed.Count > 0) batch.BatchCommands.Add(Keys(keyed));
        if (claimed.Length > 0) batch.BatchCommands.Add(Claims(claimed));
        asked.ForEach(expectation => batch.BatchCommands.Add(Count(expectation)));

        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        await ground.ReadHead(reader);
        if (streams.Length > 0) await Each(reader, () => ground.versions[reader.GetGuid(0)] = reader.GetInt64(1));
        if (keyed.Count > 0) await Each(reader, () => ground.keys.Add((Convert.ToHexString(reader.GetFieldValue<byte[]>(0)), reader.GetString(1))));
        if (claimed.Length > 0) await Each(reader, () => ground.claims[reader.GetString(0)] = reader.GetGuid(1));
        foreach (var expectation in asked) await Each(reader, () => ground.counts[expectation] = reader.GetInt64(0));
        return ground;
    }

    /// <summary>Null for a winner. A conflict is told apart, so that the caller gets the answer that is its own.</summary>
    public Appended? Conflict(Append append)
    {
        if (foreseen) return null;
        if (append.Key is { } key && keys.Contains((Convert.ToHexString(key.Key.Caller), key.Key.Key))) return Lost(ConflictKind.Key);
        foreach (var stream in append.Streams)
        {
            if (stream.ExpectedVersion != Append.AnyVersion && Version(stream.Stream) != stream.ExpectedVersion)
            {
                return Lost(ConflictKind.Version) with { Stream = stream.Stream };
            }
        }
        if (append.Claims.Any(c => claims.TryGetValue(c.Key, out var owner) && owner != c.Value)) return Lost(ConflictKind.Claim);
        return append.Expectations.Any(e => counts[e] != e.Expected) ? Lost(ConflictKind.Expectation) : null;
    }

    private Appended Lost(ConflictKind kind) => new(Position, At, kind);

    private async Task ReadHead(NpgsqlDataReader reader)
    {
        if (!await reader.ReadAsync()) throw new InvalidOperationException("registry_head has no row");
        Position = reader.GetInt64(0);
        At = reader.GetDateTime(1) is var at && at == DateTime.MinValue ? DateTimeOffset.MinValue : new DateTimeOffset(at, TimeSpan.Zero);
        LockedAt = Stopwatch.GetTimestamp();
    }

    private static async Task Each(NpgsqlDataReader reader, Action row)
    {
        await reader.NextResultAsync();
        while (await reader.ReadAsync()) row();
    }

    private static NpgsqlBatchCommand Versions(Guid[] streams) =>
        new("SELECT id, version FROM mt_streams WHERE id = ANY($1) AND is_archived = false") { Parameters = { Unnest.Array(NpgsqlDbType.Uuid, streams) } };

    private static NpgsqlBatchCommand Keys(List<IdempotencyKey> keys) =>
        new("SELECT k.caller, k.key FROM registry_idempotency k JOIN unnest($1, $2) AS asked (caller, key) ON k.caller = asked.caller AND k.key = asked.key")
        {
            Parameters =
            {
                Unnest.Array(NpgsqlDbType.Bytea, keys.Select(k => k.Caller).ToArray()), Unnest.Array(NpgsqlDbType.Text, keys.Select(k => k.Key).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Claims(string[] claims) =>
        new("SELECT claim, stream FROM registry_claims WHERE claim = ANY($1)") { Parameters = { Unnest.Array(NpgsqlDbType.Text, claims) } };

    private static NpgsqlBatchCommand Count(CountExpected expected) =>
        new(expected.Query.Sql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = expected.Argument } } };
}
