using Npgsql;
using Registry.EventStore;
using Registry.EventStore.Replay;
using Registry.EventStore.Schema;
using Registry.EventStore.Views;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests;

[Collection(OnPostgres.Name)]
public sealed class SchemaChecks(Postgres postgres)
{
    private static View Notes(string column = "length") => new("notes", "note", $$"""
        -- :table
        CREATE TABLE {table} (id uuid PRIMARY KEY, version bigint NOT NULL, data jsonb NOT NULL, {{column}} int GENERATED ALWAYS AS ((data ->> 'length')::int) STORED);
        CREATE INDEX {table}_by_length ON {table} ({{column}});
        -- :query longer
        SELECT id, version, data FROM {table} WHERE {{column}} > $1
        """);

    [Fact]
    public async Task A_database_as_it_was_made_is_accepted()
    {
        await using var log = await postgres.NewLog(Notes());
        await Migrations.Check(log.Database, [Notes()], default);
        await Migrations.Apply(log.Owner, Embedded.EmbeddedCluster.Roles, [Notes()], default); // again is harmless
    }

    [Theory]
    [InlineData("ALTER TABLE mt_events ADD COLUMN note text", "column note text")]
    [InlineData("DROP INDEX idx_mt_events_event_type", "idx_mt_events_event_type")]
    [InlineData("ALTER TABLE registry_leaves ALTER COLUMN leaf DROP NOT NULL", "column leaf bytea")]
    [InlineData("CREATE TABLE extra (id int)", "table extra")]
    public async Task A_table_altered_by_hand_is_noticed_and_named(string alteration, string named)
    {
        await using var log = await postgres.NewLog();
        await log.Execute(alteration);
        var refused = await Assert.ThrowsAsync<SchemaException>(() => Migrations.Check(log.Database, [], default));
        Assert.Equal("schema-altered", refused.Code);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_database_is_refused_in_one_sentence()
    {
        await using var log = await postgres.NewLog();
        await log.Execute("INSERT INTO registry_schema VALUES (999, '0999_future', 'x')");
        var refused = await Assert.ThrowsAsync<SchemaException>(() => Migrations.Check(log.Database, [], default));
        Assert.Equal("schema-version", refused.Code);
        Assert.Contains("999", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SchemaException>(() => Migrations.Apply(log.Owner, Embedded.EmbeddedCluster.Roles, [], default));
    }

    [Fact]
    public async Task An_older_or_empty_database_is_refused_by_the_service()
    {
        await using var log = await postgres.NewLog();
        await log.Execute($"DELETE FROM registry_schema WHERE version = {Migrations.Version}");
        Assert.Equal("schema-version", (await Assert.ThrowsAsync<SchemaException>(() => Migrations.Check(log.Database, [], default))).Code);
        await postgres.Cluster.MakeDatabase("empty", default);
        await using var empty = new Database(postgres.Cluster.OwnerConnection("empty"));
        Assert.Contains("migrate", (await Assert.ThrowsAsync<SchemaException>(() => Migrations.Check(empty, [], default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_the_step_before_is_brought_here()
    {
        await using var log = await postgres.NewLog();
        await log.Execute("DELETE FROM registry_schema WHERE version = 7; ALTER TABLE mt_events ALTER COLUMN data SET STATISTICS -1");
        await Migrations.Apply(log.Owner, Embedded.EmbeddedCluster.Roles, [], default);
        await Migrations.Check(log.Database, [], default);
        Assert.Equal(0L, await log.Scalar<long>("SELECT count(*) FROM pg_attribute WHERE attrelid IN ('mt_events'::regclass, 'mt_events_default'::regclass) AND attname = 'data' AND attstattarget IS DISTINCT FROM 0"));
    }

    [Theory]
    [InlineData("synchronous_commit")]
    public async Task Durability_switched_off_is_refused(string setting)
    {
        await using var log = await postgres.NewLog();
        await using var unsafely = new Database(log.Connection + $";Options=-c {setting}=off");
        var refused = await Assert.ThrowsAsync<SchemaException>(() => Migrations.Check(unsafely, [], default));
        Assert.Equal("durability-off", refused.Code);
    }

    [Fact]
    public async Task The_service_can_neither_change_nor_delete_an_event()
    {
        await using var log = await postgres.NewLog();
        await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()));
        await using var connection = new NpgsqlConnection(log.Connection + ";Search Path=registry");
        await connection.OpenAsync();
        foreach (var tampering in new[] { "UPDATE mt_events SET data = '{}'", "DELETE FROM mt_events", "UPDATE registry_leaves SET leaf = ''", "DROP TABLE mt_events", "TRUNCATE mt_events CASCADE" })
        {
            await using var command = new NpgsqlCommand(tampering, connection);
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState);
        }
    }

    [Fact]
    public async Task A_view_of_another_shape_is_refused_until_it_is_rebuilt()
    {
        await using var log = await postgres.NewLog(Notes());
        for (var i = 1; i <= 5; i++)
        {
            var id = Guid.NewGuid();
            await log.Append(Act().StartStream(id, "note", Happened("note_written", $$"""{"length": {{i}}}""")).Write(Notes().Row(id, 1, $$"""{"length": {{i}}}""")));
        }
        var reshaped = Notes("size");
        Assert.Contains("rebuild notes", (await Assert.ThrowsAsync<SchemaException>(() => Migrations.Check(log.Database, [reshaped], default))).Message, StringComparison.Ordinal);
        Assert.Equal(5, await Rebuild.Run(log.Owner, Embedded.EmbeddedCluster.Roles, reshaped, [reshaped], stream => stream[^1].Data, default));
        await Migrations.Check(log.Database, [reshaped], default);
        Assert.Equal(3, (await new ViewReader(log.Database, log.Database, () => "registry").Query(reshaped.Query("longer"), [2], default)).Count);
        // The service goes on writing into the table that was swapped in.
        var later = Guid.NewGuid();
        Assert.Null((await log.Append(Act().StartStream(later, "note", Happened("note_written")).Write(reshaped.Row(later, 1, """{"length": 9}""")))).Conflict);
    }
}
