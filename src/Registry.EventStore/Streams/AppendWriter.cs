using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>PostgreSQL rejected an append that the store itself found nothing wrong with. Its neighbours were stored.</summary>
public sealed class AppendRejectedException(string message, Exception inner) : Exception(message, inner);

/// <summary>The one writer of this node, on the engine that was built in.</summary>
public sealed class AppendWriter : IAsyncDisposable
{
    private readonly Database database;
    private readonly LogWriter writer;
    private readonly EngineHold hold;
    private readonly HashSet<string> names;

    /// <param name="database">As the writer.</param>
    /// <param name="names">Every stored name that may stand in the log, Marten's aliases; an event of another name is a mistake of the program's.</param>
    public AppendWriter(Database database, IEnumerable<string> names) : this(database, names, Engine.BuiltIn)
    {
    }

    internal AppendWriter(Database database, IEnumerable<string> names, Engine engine)
    {
        (this.database, this.names, Engine) = (database, names.ToHashSet(StringComparer.Ordinal), engine);
        (writer, hold) = (engine.Writer(database, this.names), new EngineHold(database, engine));
    }

    internal Engine Engine { get; }

    internal IReadOnlyCollection<string> Names => names;

    /// <summary>Takes the log for this node's engine, before anything is appended, and again where PostgreSQL let go of it.</summary>
    /// <exception cref="DatabaseAwayException">PostgreSQL cannot be reached, or a node with another engine writes there.</exception>
    public Task Open(CancellationToken ct = default) => hold.Take(ct);

    /// <summary>Stores an append or tells why it lost.</summary>
    /// <exception cref="DatabaseAwayException">PostgreSQL cannot be reached; a repetition with the same key is safe.</exception>
    /// <exception cref="AppendRejectedException">PostgreSQL rejected this append.</exception>
    public Task<Appended> Append(Append append, CancellationToken ct)
    {
        append.Prepare(names);
        return writer.Append(append, ct);
    }

    /// <summary>Drops what was kept for keys before an instant of machine time.</summary>
    public Task<int> DropKeys(DateTimeOffset before, CancellationToken ct) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand("DELETE FROM registry_idempotency WHERE created_at < $1", connection)
        {
            Parameters = { new NpgsqlParameter<DateTime> { TypedValue = before.UtcDateTime } },
        };
        return await command.ExecuteNonQueryAsync(ct);
    }, ct);

    /// <summary>Finishes what was taken, then closes. Who still waited for a place is told that it is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        await hold.DisposeAsync();
    }
}
