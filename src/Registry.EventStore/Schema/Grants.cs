using Npgsql;

namespace Registry.EventStore.Schema;

/// <summary>What the service's role may do: it inserts events and can neither change nor delete one.</summary>
internal static class Grants
{
    private static readonly string[] InsertOnly = ["mt_events", "registry_leaves", "registry_outbox"];
    private static readonly string[] InsertAndUpdate = ["mt_streams", "registry_head", "registry_clock"];

    public static async Task Give(NpgsqlConnection connection, string role, CancellationToken ct)
    {
        var writer = '"' + role.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        await Migrations.Run(connection, $"GRANT USAGE ON SCHEMA registry TO {writer}", ct);
        await Migrations.Run(connection, $"GRANT SELECT ON ALL TABLES IN SCHEMA registry TO {writer}", ct);
        await Migrations.Run(connection, $"GRANT SELECT, UPDATE ON SEQUENCE mt_events_sequence TO {writer}", ct);
        await Migrations.Run(connection, $"GRANT INSERT ON {string.Join(", ", InsertOnly)} TO {writer}", ct);
        await Migrations.Run(connection, $"GRANT INSERT, UPDATE ON {string.Join(", ", InsertAndUpdate)} TO {writer}", ct);
        await Migrations.Run(connection, $"GRANT INSERT, UPDATE, DELETE ON registry_idempotency, registry_claims TO {writer}", ct);
        foreach (var table in await ViewTables(connection, ct))
        {
            await Migrations.Run(connection, $"GRANT INSERT, UPDATE, DELETE ON {table} TO {writer}", ct);
        }
    }

    private static async Task<List<string>> ViewTables(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'registry' AND tablename NOT LIKE 'mt\\_%' AND tablename NOT LIKE 'registry\\_%'", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tables = new List<string>();
        while (await reader.ReadAsync(ct)) tables.Add(reader.GetString(0));
        return tables;
    }
}
