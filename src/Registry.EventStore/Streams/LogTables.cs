using NpgsqlTypes;
using Registry.EventStore.Views;

namespace Registry.EventStore.Streams;

/// <summary>How rows enter Marten's tables and ours.</summary>
internal static class LogTables
{
    public static readonly Table NewStreams = new(
        "mt_streams", "", Uuid("id"), new("type", NpgsqlDbType.Varchar), Bigint("version"), Instant("timestamp"), Instant("created"));

    public static readonly Table Leaves = new("registry_leaves", "", Bigint("position"), Bytes("salt"), Bytes("leaf"));

    public static readonly Table Claims = new("registry_claims", "ON CONFLICT (claim) DO NOTHING", Text("claim"), Uuid("stream"));

    public static readonly Table Keys = new(
        "registry_idempotency", "", Bytes("caller"), Text("key"), Bytes("request"), new("status", NpgsqlDbType.Smallint), Uuid("stream"),
        Bigint("version"), Instant("created_at"));

    public static readonly Table Outbox = new(
        "registry_outbox", "", Uuid("id"), Bigint("position"), Uuid("recipient"), Text("topic"), Uuid("subject"));

    private static readonly Table Events = new(
        "mt_events", "RETURNING seq_id", Bigint("seq_id"), Uuid("id"), Uuid("stream_id"), Bigint("version"), new("data", NpgsqlDbType.Jsonb),
        new("type", NpgsqlDbType.Varchar), Instant("timestamp"), new("mt_dotnet_type", NpgsqlDbType.Varchar),
        new("correlation_id", NpgsqlDbType.Varchar), new("causation_id", NpgsqlDbType.Varchar), new("headers", NpgsqlDbType.Jsonb));

    /// <summary>The events, with Marten's sequence moved to the last position in the same statement.</summary>
    public static readonly string InsertEvents =
        $"WITH stored AS ({Events.Insert}) SELECT setval('mt_events_sequence', max(seq_id)) FROM stored";

    public static IReadOnlyList<Column> EventColumns => Events.Columns;

    public static TableRow EventRow(params IReadOnlyList<object?> values) => Events.Row(values);

    /// <summary>Streams that go on: the version moves with the events.</summary>
    public static readonly IReadOnlyList<Column> MovedColumns = [Uuid("id"), Bigint("version"), Instant("timestamp")];

    public const string MoveStreams =
        "UPDATE mt_streams s SET version = moved.version, timestamp = moved.at "
        + "FROM unnest($1, $2, $3) AS moved (id, version, at) WHERE s.id = moved.id AND s.is_archived = false";

    private static Column Uuid(string name) => new(name, NpgsqlDbType.Uuid);

    private static Column Bigint(string name) => new(name, NpgsqlDbType.Bigint);

    private static Column Text(string name) => new(name, NpgsqlDbType.Text);

    private static Column Bytes(string name) => new(name, NpgsqlDbType.Bytea);

    private static Column Instant(string name) => new(name, NpgsqlDbType.TimestampTz);
}
