using Npgsql;
using Registry.EventStore;
using Registry.EventStore.Embedded;
using Registry.EventStore.Leaves;
using Registry.EventStore.Schema;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.EventStore.Tests;

/// <summary>One private cluster for the whole run; a database of its own for each test.</summary>
public sealed class Postgres : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "registry-tests-" + Guid.NewGuid().ToString("N")[..12]);
    private int databases;

    public EmbeddedCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await EmbeddedCluster.Start(folder, null, ClusterPasswords.Random(), default);
        await using var admin = new NpgsqlConnection(Cluster.AdminConnection("postgres"));
        await admin.OpenAsync();
        foreach (var sql in new[] { "ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()" }) // many small databases, each looked at every few seconds
        {
            await using var command = new NpgsqlCommand(sql, admin);
            await command.ExecuteNonQueryAsync();
        }
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await Cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    internal async Task<TestLog> NewLog(params IReadOnlyList<View> views)
    {
        var name = $"t{Interlocked.Increment(ref databases)}";
        await Cluster.MakeDatabase(name, default);
        await Migrations.Apply(Cluster.OwnerConnection(name), EmbeddedCluster.Roles, views, default);
        return new TestLog(Cluster.OwnerConnection(name), Cluster.WriterConnection(name), Cluster.AdminConnection(name)) { Reader = Cluster.ReaderConnection(name), Eraser = Cluster.EraserConnection(name) };
    }
}

[CollectionDefinition(Name)]
public sealed class OnPostgres : ICollectionFixture<Postgres>
{
    public const string Name = "PostgreSQL";
}

/// <summary>A log in a database of its own, with the words that tests need.</summary>
internal sealed class TestLog : IAsyncDisposable
{
    /// <summary>Every stored name that stands in the logs of these tests.</summary>
    public static readonly string[] Names = ["thing_began", "thing_ended", "thing_grew", "thing_happened", "note_written", "huge", "slow"];

    public static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public TestLog(string owner, string connection, string admin, Engine? engine = null)
    {
        (Owner, Admin) = (owner, admin);
        Connection = connection;
        Database = new Database(connection);
        Writer = new AppendWriter(Database, Names, engine ?? Engine.BuiltIn);
        Log = new EventLog(Database, Writer);
    }

    public string Owner { get; }

    public string Admin { get; }

    public string Connection { get; }

    public string Reader { get; init; } = "";

    public string Eraser { get; init; } = "";

    public Database Database { get; }

    public AppendWriter Writer { get; }

    public EventLog Log { get; }

    public static Append Act(DateTimeOffset? at = null) => new(new AppendContext(at ?? Noon, """{"actor": "test"}""", new string('a', 32), "test"));

    public static NewEvent Happened(string type = "thing_happened", string data = """{"n": 1}""") => new(Guid.NewGuid(), type, $"Tests.{type}, Tests", data);

    /// <summary>The same database, opened once more, on another engine where one is named.</summary>
    public TestLog Again(Engine? engine = null) => new(Owner, Connection, Admin, engine) { Reader = Reader, Eraser = Eraser };

    public Task<Appended> Append(Append append) => Log.Append(append, default);

    public async Task<List<StoredEvent>> All()
    {
        var stored = new List<StoredEvent>();
        await foreach (var happened in Log.ReadAll(0, int.MaxValue, default)) stored.Add(happened);
        return stored;
    }

    /// <summary>Each event has a leaf, and each leaf follows from its event as it stands in the log now.</summary>
    public async Task EveryLeafCommits()
    {
        var all = await All();
        Assert.Equal((long)all.Count, await Scalar<long>("SELECT count(*) FROM registry_leaves"));
        foreach (var stream in all.GroupBy(e => e.Stream))
        {
            var leaves = await Log.LeavesOf(stream.Key, default);
            foreach (var e in stream) Assert.Equal(Leaf.Of(leaves[e.Position].Salt!, e.Position, e.Stream, e.Version, e.Type, e.At, e.Data), leaves[e.Position].Leaf);
        }
    }

    public async Task<T> Scalar<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Owner + ";Search Path=registry;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Execute(string sql, string? role = null)
    {
        await using var connection = new NpgsqlConnection((role ?? Owner) + ";Search Path=registry;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await Database.DisposeAsync();
    }
}
