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
    private readonly List<(NpgsqlBatchCommand Question, Action<NpgsqlDataReader> Row)> asked = [];
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

    /// <summary>What is to be read: the head row, which is locked first, and what the appends rest on.</summary>
    /// <param name="appends">Whose ground it is.</param>
    /// <param name="trusting">Takes it that a stream that is to start is not there: its primary key says otherwise soon enough.</param>
    public static Ground Unread(IReadOnlyList<Append> appends, bool trusting)
    {
        var ground = new Ground();
        ground.Ask(new("SELECT position, at FROM registry_head WHERE one FOR UPDATE"), ground.TakeHead);
        var streams = appends.SelectMany(a => a.Streams).Where(s => !trusting || s.ExpectedVersion != 0).Select(s => s.Stream).ToArray();
        if (streams.Length > 0) ground.Ask(Versions(streams), row => ground.versions[row.GetGuid(0)] = row.GetInt64(1));
        var keyed = appends.Where(a => a.Key is not null).Select(a => a.Key!.Key).ToList();
        if (keyed.Count > 0) ground.Ask(Keys(keyed), row => ground.keys.Add((Convert.ToHexString(row.GetFieldValue<byte[]>(0)), row.GetString(1))));
        var claimed = appends.SelectMany(a => a.Claims.Keys).ToArray();
        if (claimed.Length > 0) ground.Ask(Claims(claimed), row => ground.claims[row.GetString(0)] = row.GetGuid(1));
        foreach (var expectation in appends.SelectMany(a => a.Expectations)) ground.Ask(Count(expectation), row => ground.counts[expectation] = row.GetInt64(0));
        return ground;
    }

    /// <summary>One round trip that locks and reads.</summary>
    /// <param name="connection">In a transaction, or not yet.</param>
    /// <param name="begun">The transaction runs already.</param>
    public NpgsqlBatch Questions(NpgsqlConnection connection, bool begun)
    {
        var batch = new NpgsqlBatch(connection);
        if (!begun) batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        foreach (var (question, _) in asked) batch.BatchCommands.Add(question);
        return batch;
    }

    /// <summary>Takes in what they answered.</summary>
    public void Answers(NpgsqlDataReader reader)
    {
        foreach (var (_, row) in asked)
        {
            while (reader.Read()) row(reader);
            reader.NextResult();
        }
        if (LockedAt == 0) throw new InvalidOperationException("registry_head has no row");
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

    private void Ask(NpgsqlBatchCommand question, Action<NpgsqlDataReader> row) => asked.Add((question, row));

    private void TakeHead(NpgsqlDataReader row)
    {
        Position = row.GetInt64(0);
        At = row.GetDateTime(1) is var at && at == DateTime.MinValue ? DateTimeOffset.MinValue : new DateTimeOffset(at, TimeSpan.Zero);
        LockedAt = Stopwatch.GetTimestamp();
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
