using Npgsql;

namespace Registry.Api.Tests.House;

/// <summary>Row-level security stands on every table that is not public or nobody's: a new table is guarded, or named here.</summary>
public sealed class Guards : RegistryApp
{
    private static readonly string[] Public = ["agreements", "organisations", "representativeness"];

    /// <summary>Events and leaves hold references only; the rest holds digests, places and settings.</summary>
    private static bool NamesNobody(string table) => table.StartsWith("mt_", StringComparison.Ordinal) || table.StartsWith("registry_", StringComparison.Ordinal);

    [Fact]
    public async Task Every_other_table_is_guarded()
    {
        Assert.Equal(Public, (await Tables("NOT relrowsecurity")).Where(t => !NamesNobody(t)));
        Assert.Equal(
            ["line_accounts", "line_blocks", "mandates", "operation_rows", "operations", "portability_requests", "request_lines", "vault"], await Tables("relrowsecurity"));
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
