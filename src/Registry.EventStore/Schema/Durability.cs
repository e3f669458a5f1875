using Npgsql;

namespace Registry.EventStore.Schema;

/// <summary>An answer leaves only after the commit, and a commit is only one if it survives a power cut.</summary>
internal static class Durability
{
    private static readonly string[] Settings = ["fsync", "full_page_writes", "synchronous_commit"];

    public static async Task Check(NpgsqlConnection connection, CancellationToken ct)
    {
        foreach (var setting in Settings)
        {
            await using var command = new NpgsqlCommand($"SHOW {setting}", connection);
            var value = (string)(await command.ExecuteScalarAsync(ct))!;
            if (value == "off")
            {
                throw new SchemaException("durability-off", $"PostgreSQL runs with {setting} = {value}: an acknowledged act could be lost. Set {setting} = on.");
            }
        }
    }
}
