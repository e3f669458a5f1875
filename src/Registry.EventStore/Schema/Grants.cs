using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Registry.EventStore.Views;

namespace Registry.EventStore.Schema;

/// <summary>The roles that work on the schema beside its owner. Null: the owner does that itself.</summary>
/// <param name="Writer">Inserts events and can neither change nor delete one.</param>
/// <param name="Reader">Reads, and of guarded tables only the rows of whoever it reads for.</param>
/// <param name="Eraser">Blanks a stream that has ended, by one function, and nothing else.</param>
public sealed record SchemaRoles(string? Writer, string? Reader, string? Eraser);

/// <summary>What each role may do.</summary>
internal static class Grants
{
    private static readonly string[] InsertOnly = ["mt_events", "registry_leaves", "registry_outbox"];
    private static readonly string[] InsertAndUpdate = ["mt_streams", "registry_head", "registry_clock"];

    public static async Task Give(NpgsqlConnection connection, SchemaRoles roles, IReadOnlyList<View> views, CancellationToken ct)
    {
        if (roles.Writer is { } writer) await Write(connection, Quoted(writer), ct);
        if (roles.Reader is { } reader) await Read(connection, Quoted(reader), ct);
        if (roles.Eraser is { } eraser)
        {
            await Migrations.Run(connection, $"GRANT USAGE ON SCHEMA registry TO {Quoted(eraser)}", ct);
            await Migrations.Run(connection, $"GRANT EXECUTE ON FUNCTION registry_erase(uuid, bigint), registry_turn_over() TO {Quoted(eraser)}", ct);
        }
        foreach (var (table, condition) in views.SelectMany(view => view.Guarded)) await Guard(connection, table, condition, roles, ct);
    }

    private static async Task Write(NpgsqlConnection connection, string writer, CancellationToken ct)
    {
        await Read(connection, writer, ct);
        await Migrations.Run(connection, $"GRANT SELECT, UPDATE ON SEQUENCE mt_events_sequence TO {writer}", ct);
        await Migrations.Run(connection, $"GRANT INSERT ON {string.Join(", ", InsertOnly)} TO {writer}", ct);
        await Migrations.Run(connection, $"GRANT INSERT, UPDATE ON {string.Join(", ", InsertAndUpdate)} TO {writer}", ct);
        await Migrations.Run(connection, $"GRANT INSERT, UPDATE, DELETE ON registry_idempotency, registry_claims TO {writer}", ct);
        foreach (var table in await ViewTables(connection, ct))
        {
            await Migrations.Run(connection, $"GRANT INSERT, UPDATE, DELETE ON {table} TO {writer}", ct);
        }
    }

    private static async Task Read(NpgsqlConnection connection, string reader, CancellationToken ct)
    {
        await Migrations.Run(connection, $"GRANT USAGE ON SCHEMA registry TO {reader}", ct);
        await Migrations.Run(connection, $"GRANT SELECT ON ALL TABLES IN SCHEMA registry TO {reader}", ct);
    }

    /// <summary>
    /// The second wall: even a query that forgot its condition gives only what its reader may see. Made anew only where it
    /// changed: each statement here locks the table against the nodes that are serving.
    /// </summary>
    private static async Task Guard(NpgsqlConnection connection, string table, string condition, SchemaRoles roles, CancellationToken ct)
    {
        var made = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"USING {condition}\0{roles.Writer}")));
        if (await Made(connection, table, ct) == made) return;
        await Migrations.Run(connection, $"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", ct);
        await Migrations.Run(connection, $"DROP POLICY IF EXISTS reading ON {table}", ct);
        await Migrations.Run(connection, $"CREATE POLICY reading ON {table} FOR SELECT USING ({condition})", ct);
        await Migrations.Run(connection, $"DROP POLICY IF EXISTS writing ON {table}", ct);
        if (roles.Writer is { } writer) await Migrations.Run(connection, $"CREATE POLICY writing ON {table} TO {Quoted(writer)} USING (true) WITH CHECK (true)", ct);
        await Migrations.Run(connection, $"COMMENT ON POLICY reading ON {table} IS '{made}'", ct);
    }

    private static async Task<string?> Made(NpgsqlConnection connection, string table, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT obj_description(p.oid, 'pg_policy') FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid "
            + "WHERE c.relnamespace = 'registry'::regnamespace AND c.relname = $1 AND p.polname = 'reading'", connection) { Parameters = { new() { Value = table } } };
        return await command.ExecuteScalarAsync(ct) as string;
    }

    private static string Quoted(string role) => '"' + role.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

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
