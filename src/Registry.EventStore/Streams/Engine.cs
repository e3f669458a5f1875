using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>What appends to the log and reads its events. One is built in; the tables are the same for all.</summary>
/// <param name="Name">As <c>/health/ready</c> tells it.</param>
/// <param name="Lock">The number under which its nodes hold the database while they serve.</param>
/// <param name="Writer">Appends as the writer, with every stored name that may stand in the log.</param>
/// <param name="Reader">Reads as whoever the database is opened for.</param>
internal sealed partial record Engine(
    string Name, int Lock, Func<Database, IReadOnlyCollection<string>, LogWriter> Writer, Func<Database, IReadOnlyCollection<string>, LogReader> Reader)
{
    /// <summary>Ours: grouped commits, on Npgsql alone.</summary>
    public static readonly Engine Grouped = new("registry", 1, (database, _) => new GroupedWriter(database), (database, _) => new PlainReader(database));
}

/// <summary>Stores appends, each all or nothing.</summary>
internal abstract class LogWriter : IAsyncDisposable
{
    public abstract Task<Appended> Append(Append append, CancellationToken ct);

    public abstract ValueTask DisposeAsync();

    /// <summary>An error as every caller is told it.</summary>
    protected static Exception Told(Exception error) => error switch
    {
        DatabaseAwayException => error,
        _ when Database.IsAway(error) => new DatabaseAwayException("PostgreSQL broke off", error),
        PostgresException rejected => new AppendRejectedException($"PostgreSQL rejected the append ({rejected.SqlState})", rejected),
        _ => error,
    };
}

/// <summary>Reads events.</summary>
internal abstract class LogReader
{
    public abstract Task<EventStream> FetchStream(Guid stream, long upTo, long asOf, CancellationToken ct);

    /// <summary>All after a version. An engine may read for many who ask at the same time.</summary>
    public abstract Task<EventStream> FetchEnd(Guid stream, long after, CancellationToken ct);

    public abstract Task<IReadOnlyList<EventStream>> FetchStreams(IReadOnlyCollection<Guid> streams, long asOf, CancellationToken ct);

    public abstract IAsyncEnumerable<StoredEvent> ReadAll(long after, int limit, CancellationToken ct);

    /// <summary>The fold of a stream with its version; null and 0 where it does not exist.</summary>
    public abstract Task<ForWriting<T>> Aggregate<T>(Guid stream, Func<T?, StoredEvent, T?> evolve, long upTo, CancellationToken ct) where T : class;
}
