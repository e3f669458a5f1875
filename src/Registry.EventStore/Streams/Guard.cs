using Npgsql;
using NpgsqlTypes;
using Registry.EventStore.Views;

namespace Registry.EventStore.Streams;

/// <summary>
/// A writer that wrote last knows where the log ends and takes it that every append of its group wins. It sends everything
/// in one round trip: the head row's lock, tests of what it takes for granted, and the rows, which are written only if the
/// log still ends there and no test turned a setting of the transaction off. Else the group is decided on what is read.
/// </summary>
internal static class Guard
{
    /// <summary>No test failed. Where none was made the setting is not there, or empty since an earlier transaction.</summary>
    public const string Holds = "coalesce(current_setting('registry.foreseen', true), '') <> 'no'";

    private const string Off = "SELECT set_config('registry.foreseen', 'no', true)";

    /// <summary>A stream at any version needs its version read, so that its events can be numbered.</summary>
    public static bool CanForesee(IReadOnlyList<Append> appends) => appends.All(a => !a.IsLarge && a.Streams.All(s => s.ExpectedVersion != Append.AnyVersion));

    /// <summary>Tests what the group rests on, after the lock and so on a snapshot that is exact. None where it only starts streams.</summary>
    public static List<NpgsqlBatchCommand> Tests(IReadOnlyList<Append> appends)
    {
        var tests = new List<NpgsqlBatchCommand>();
        var moving = appends.SelectMany(a => a.Streams).Where(s => s.ExpectedVersion > 0).ToList();
        if (moving.Count > 0) tests.Add(Versions(moving));
        var keys = appends.Where(a => a.Key is not null).Select(a => a.Key!.Key).ToList();
        if (keys.Count > 0) tests.Add(Keys(keys));
        var claims = appends.SelectMany(a => a.Claims).ToList();
        if (claims.Count > 0) tests.Add(Claims(claims));
        tests.AddRange(appends.SelectMany(a => a.Expectations).Select(Count));
        if (tests.Count > 0) tests.Insert(0, new NpgsqlBatchCommand("SELECT 1 FROM registry_head WHERE one FOR UPDATE"));
        return tests;
    }

    private static NpgsqlBatchCommand Versions(List<StreamAppend> moving) =>
        new($"{Off} FROM unnest($1, $2) AS asked (id, version) LEFT JOIN mt_streams s ON s.id = asked.id AND s.is_archived = false "
            + "WHERE coalesce(s.version, 0) <> asked.version LIMIT 1")
        {
            Parameters =
            {
                Unnest.Array(NpgsqlDbType.Uuid, moving.Select(s => s.Stream).ToArray()), Unnest.Array(NpgsqlDbType.Bigint, moving.Select(s => s.ExpectedVersion).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Keys(List<IdempotencyKey> keys) =>
        new($"{Off} FROM unnest($1, $2) AS asked (caller, key) JOIN registry_idempotency k ON k.caller = asked.caller AND k.key = asked.key LIMIT 1")
        {
            Parameters =
            {
                Unnest.Array(NpgsqlDbType.Bytea, keys.Select(k => k.Caller).ToArray()), Unnest.Array(NpgsqlDbType.Text, keys.Select(k => k.Key).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Claims(List<KeyValuePair<string, Guid>> claims) =>
        new($"{Off} FROM unnest($1, $2) AS asked (claim, stream) JOIN registry_claims c ON c.claim = asked.claim WHERE c.stream <> asked.stream LIMIT 1")
        {
            Parameters =
            {
                Unnest.Array(NpgsqlDbType.Text, claims.Select(c => c.Key).ToArray()), Unnest.Array(NpgsqlDbType.Uuid, claims.Select(c => c.Value).ToArray()),
            },
        };

    private static NpgsqlBatchCommand Count(CountExpected expected) =>
        new($"{Off} FROM ({expected.Query.Sql}) AS counted (n) WHERE n <> $2")
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = expected.Argument }, new NpgsqlParameter<long> { TypedValue = expected.Expected } },
        };
}
