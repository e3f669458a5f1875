using Npgsql;

namespace Registry.Api.Tests.House;

/// <summary>Row-level security stands on every table that is not public or nobody's: a new table is guarded, or named here.</summary>
public sealed class Guards : RegistryApp
{
    private static readonly string[] Public = ["agreements", "organisations", "representativeness"];

    /// <summary>Events and leaves hold references only; the rest holds digests, places and settings.</summary>
    private static bool NamesNobody(string table) => table.StartsWith("mt_", StringComparison.Ordinal) || table.StartsWith("registry_", StringComparison.Ordinal);

    /// <summary>PostgreSQL would keep samples of what was said, where no erasure reaches them.</summary>
    [Fact]
    public async Task No_JSON_of_an_event_or_a_view_is_sampled()
    {
        const string columns = "SELECT count(*) FROM pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'registry'::regnamespace AND relkind IN ('r', 'p')) AND attname = 'data' AND atttypid = 'jsonb'::regtype";
        Assert.InRange(await Scalar<long>(columns), 8, 100);
        Assert.Equal(0L, await Scalar<long>(columns + " AND attstattarget IS DISTINCT FROM 0"));
    }

    [Fact]
    public async Task Every_other_table_is_guarded()
    {
        Assert.Equal(Public, (await Tables("NOT relrowsecurity")).Where(t => !NamesNobody(t)));
        Assert.Equal(
            ["import_parts", "invitations", "line_answers", "line_blocks", "mandate_uses", "mandates", "operation_rows", "operations", "portability_requests", "request_lines", "vault"], await Tables("relrowsecurity"));
    }

    /// <summary>With a wall that lets nobody through, a GET finds nothing and a command, which reads as the writer, still decides.</summary>
    [Fact]
    public async Task A_reading_is_made_as_its_caller_and_a_command_as_the_registry()
    {
        var sector = await Sector.Found(this);
        var (driver, union) = (Member("driver"), sector.Unions['A']);
        var at = (await driver.Post("/v1/mandates", sector.Mandate(union, "2026-11-25", "2027-11-25"))).Headers.Location!.ToString();
        await union.Http.Get(at).Expect(200);
        await Run("ALTER POLICY reading ON registry.mandates USING (false)");
        foreach (var reader in new[] { driver, union.Http }) await reader.Get(at).ExpectProblem(404, "unknown-mandate");
        Assert.Empty((await union.Http.Get("/v1/mandates").Expect(200))["items"]!.AsArray());
        Assert.Equal("withdrawn", (await driver.Post(at + "/withdrawal", null).Expect(200))["state"].Text());
    }

    private async Task Run(string sql)
    {
        await using var connection = new NpgsqlConnection(Owner + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<string>> Tables(string which)
    {
        await using var connection = new NpgsqlConnection(Owner + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT relname FROM pg_class WHERE relnamespace = 'registry'::regnamespace AND relkind IN ('r', 'p') AND {which} ORDER BY relname", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        return tables;
    }
}
