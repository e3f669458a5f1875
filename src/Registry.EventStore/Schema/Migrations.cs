using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.EventStore.Schema;

/// <summary>Numbered SQL, applied once each by the owner of the schema, and the views' tables beside it.</summary>
public static class Migrations
{
    private sealed record Step(int Version, string Name, string Sql)
    {
        public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
    }

    private static readonly IReadOnlyList<Step> Steps = [.. Read()];

    /// <summary>The schema version that this program expects.</summary>
    public static int Version => Steps[^1].Version;

    /// <summary>Brings a database to this program's version; harmless where it stands there already.</summary>
    /// <param name="ownerConnectionString">A role that owns the database.</param>
    /// <param name="roles">The roles that the service works as; each gets what it needs and no more.</param>
    /// <param name="views">Every view of the program.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <exception cref="SchemaException">The database is newer than the program, or a view has another shape.</exception>
    public static async Task Apply(string ownerConnectionString, SchemaRoles roles, IReadOnlyList<View> views, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ownerConnectionString) { SearchPath = Database.SchemaName, Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Run(connection, "SELECT pg_advisory_xact_lock(7308332046119854695)", ct); // two nodes that start at once
        await Run(connection, "CREATE SCHEMA IF NOT EXISTS registry", ct);
        await Run(connection, "CREATE TABLE IF NOT EXISTS registry_schema (version int PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL)", ct);
        await Run(connection, "CREATE TABLE IF NOT EXISTS registry_shape (one boolean PRIMARY KEY DEFAULT true CHECK (one), lines text[] NOT NULL)", ct);
        var applied = await AppliedVersions(connection, ct);
        Refuse(applied);
        foreach (var step in Steps.Where(step => !applied.ContainsKey(step.Version)))
        {
            await Run(connection, step.Sql, ct);
            await Run(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO registry_schema VALUES ({step.Version}, '{step.Name}', '{step.Sha256}')"), ct);
        }
        foreach (var view in views) await Install(connection, view, ct);
        await Grants.Give(connection, roles, views, ct);
        await Shape.Record(connection, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Compares a database with what this program expects and with how it was left by the last migration.</summary>
    /// <exception cref="SchemaException">Another version, a table altered by hand, durability switched off, or another engine at work.</exception>
    public static Task Check(Database database, IReadOnlyList<View> views, CancellationToken ct) => Check(database, views, Engine.BuiltIn, ct);

    internal static Task Check(Database database, IReadOnlyList<View> views, Engine engine, CancellationToken ct) => database.Use(async connection =>
    {
        await Durability.Check(connection, ct);
        Dictionary<int, string> applied;
        try
        {
            applied = await AppliedVersions(connection, ct);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new SchemaException("schema-version", "The database holds no registry yet. Run: ./registry migrate");
        }
        Refuse(applied);
        if (applied.Count < Steps.Count)
        {
            throw new SchemaException("schema-version", $"The database stands at schema version {applied.Keys.Max()}, this program needs {Version}. Run: ./registry migrate");
        }
        await Shape.Check(connection, ct);
        foreach (var view in views) await CheckView(connection, view, ct);
        if (await EngineLock.IsAnothers(connection, engine, ct))
        {
            throw new SchemaException("engine-other", $"A service with another engine than {engine.Name} writes this database. Stop it first: one engine writes at a time.");
        }
        await ForeignEvents.TakeOver(connection, ct);
        return true;
    }, ct);

    internal static async Task Run(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static void Refuse(Dictionary<int, string> applied)
    {
        if (applied.Count > 0 && applied.Keys.Max() > Version)
        {
            throw new SchemaException(
                "schema-version", $"The database stands at schema version {applied.Keys.Max()}, this program knows {Version} only. Start the newer program.");
        }
        if (Steps.FirstOrDefault(step => applied.TryGetValue(step.Version, out var sha) && sha != step.Sha256) is { } other)
        {
            throw new SchemaException("schema-version", $"Step {other.Name} of the database's schema is not the one of this program. It was made by another build.");
        }
    }

    private static async Task Install(NpgsqlConnection connection, View view, CancellationToken ct)
    {
        var known = await Known(connection, view, ct);
        if (known == view.Sha256) return;
        if (known is not null) throw Reshaped(view);
        if (view.IsFolded) await Run(connection, view.TableSql(view.Name), ct);
        foreach (var side in view.SideTables) await Run(connection, side.Sql, ct);
        await Run(connection, $"INSERT INTO registry_views VALUES ('{view.Name}', '{view.Sha256}')", ct);
    }

    private static async Task CheckView(NpgsqlConnection connection, View view, CancellationToken ct)
    {
        if (await Known(connection, view, ct) != view.Sha256) throw Reshaped(view);
        foreach (var query in view.Queries)
        {
            await Run(connection, $"PREPARE registry_check AS {query.Sql}", ct); // a query that no longer fits its table is found now
            await Run(connection, "DEALLOCATE registry_check", ct);
        }
    }

    private static SchemaException Reshaped(View view) =>
        new("schema-version", $"The view {view.Name} has another shape than this program's. Run: ./registry rebuild {view.Name}");

    private static async Task<string?> Known(NpgsqlConnection connection, View view, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT sha256 FROM registry_views WHERE name = $1", connection) { Parameters = { new() { Value = view.Name } } };
        return (string?)await command.ExecuteScalarAsync(ct);
    }

    private static async Task<Dictionary<int, string>> AppliedVersions(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT version, sha256 FROM registry_schema", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var versions = new Dictionary<int, string>();
        while (await reader.ReadAsync(ct)) versions.Add(reader.GetInt32(0), reader.GetString(1));
        return versions;
    }

    private static IEnumerable<Step> Read()
    {
        var assembly = typeof(Migrations).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("Schema/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var file = Path.GetFileNameWithoutExtension(name);
            yield return new Step(int.Parse(file[..4], CultureInfo.InvariantCulture), file, reader.ReadToEnd());
        }
    }
}
