using NpgsqlTypes;
using Registry.EventStore.Views;

namespace Registry.EventStore.Streams;

/// <summary>How rows enter our side tables.</summary>
internal static class LogTables
{
    public static readonly Table Claims = new("registry_claims", "ON CONFLICT (claim) DO NOTHING", Column.Text("claim"), Column.Uuid("stream"));

    public static readonly Table Keys = new(
        "registry_idempotency", "", Column.Bytes("caller"), Column.Text("key"), Column.Bytes("request"), new("status", NpgsqlDbType.Smallint), Column.Uuid("stream"),
        new("version", NpgsqlDbType.Bigint), new("created_at", NpgsqlDbType.TimestampTz));

    public static readonly Table Outbox = new(
        "registry_outbox", "", Column.Uuid("id"), new("position", NpgsqlDbType.Bigint), Column.Uuid("recipient"), Column.Text("topic"), Column.Uuid("subject"));
}
