using Npgsql;

namespace Registry.EventStore.Schema;

/// <summary>
/// What the schema looks like to PostgreSQL itself: columns, constraints, indexes, triggers, policies, functions. The last migration writes it
/// down; a table altered by hand since then is noticed at start, by name.
/// </summary>
internal static class Shape
{
    private const string Lines = """
        SELECT line FROM (
            SELECT format('table %s column %s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                          CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
                          CASE WHEN d.adbin IS NULL THEN '' ELSE ' default ' || pg_get_expr(d.adbin, d.adrelid) END) AS line
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
            WHERE c.relnamespace = 'registry'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE '%\_shadow'
            UNION ALL
            SELECT format('table %s constraint %s %s', c.relname, k.conname, pg_get_constraintdef(k.oid))
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
            WHERE k.connamespace = 'registry'::regnamespace AND c.relname NOT LIKE '%\_shadow'
            UNION ALL
            SELECT format('table %s index %s', tablename, indexdef) FROM pg_indexes WHERE schemaname = 'registry' AND tablename NOT LIKE '%\_shadow'
            UNION ALL
            SELECT format('table %s trigger %s', c.relname, pg_get_triggerdef(t.oid))
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'registry'::regnamespace AND NOT t.tgisinternal
            UNION ALL
            SELECT format('table %s policy %s %s to %s using %s', tablename, policyname, cmd, roles, qual) FROM pg_policies WHERE schemaname = 'registry' AND tablename NOT LIKE '%\_shadow'
            UNION ALL
            SELECT format('table %s row security', relname) FROM pg_class WHERE relnamespace = 'registry'::regnamespace AND relrowsecurity AND relname NOT LIKE '%\_shadow'
            UNION ALL
            SELECT format('function %s %s', p.proname, md5(p.prosrc)) FROM pg_proc p WHERE p.pronamespace = 'registry'::regnamespace
        ) AS shape ORDER BY line
        """;

    public static async Task Record(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO registry_shape (lines) VALUES ($1) ON CONFLICT (one) DO UPDATE SET lines = excluded.lines", connection)
        {
            Parameters = { new() { Value = (await Now(connection, ct)).ToArray() } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task Check(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT lines FROM registry_shape", connection);
        var recorded = (string[]?)await command.ExecuteScalarAsync(ct) ?? [];
        var now = await Now(connection, ct);
        var added = now.Except(recorded, StringComparer.Ordinal).Select(line => $"there is now: {line}");
        var gone = recorded.Except(now, StringComparer.Ordinal).Select(line => $"gone: {line}");
        var differences = added.Concat(gone).ToList();
        if (differences.Count == 0) return;
        throw new SchemaException(
            "schema-altered", $"The database's tables were altered by hand since the last migration ({differences.Count} differences; {string.Join("; ", differences.Take(3))}). "
            + "Undo that, or restore a backup.");
    }

    private static async Task<List<string>> Now(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Lines, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var lines = new List<string>();
        while (await reader.ReadAsync(ct)) lines.Add(reader.GetString(0));
        return lines;
    }
}
