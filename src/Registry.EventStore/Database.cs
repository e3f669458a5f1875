using Npgsql;

namespace Registry.EventStore;

/// <summary>PostgreSQL did not answer, or broke off: nothing is known to be wrong with what was asked. Ask again.</summary>
public sealed class DatabaseAwayException(string message, Exception inner) : Exception(message, inner);

/// <summary>The one door to PostgreSQL: its pools, and one translation of what can go wrong with it.</summary>
public sealed class Database : IAsyncDisposable
{
    /// <summary>
    /// A processor that takes turns on many sessions finds none of them in its caches: 32 sessions read ten events in 240 µs
    /// each, four in half of that. Two for each processor is what PostgreSQL's wiki names (Number Of Database Connections).
    /// </summary>
    private static readonly int Few = 2 * Environment.ProcessorCount;

    private readonly SemaphoreSlim turns;
    private readonly NpgsqlDataSource few, others;

    /// <summary>Opens its pools. The connection string names host, database and role; schema and pool settings are ours.</summary>
    /// <param name="connectionString">As Npgsql reads it, such as <c>Host=…;Username=…;Password=…;Database=registry</c>.</param>
    public Database(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            SearchPath = SchemaName,
            ApplicationName = "registry",
            NoResetOnClose = true, // a quarter of the throughput of small batches; nothing is set on a session
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false, // details carry values, and values may be personal data
        };
        // One plan for every argument, or a guarded query would be planned anew each time, and its guards' own guards with it: 12 ms for one row.
        settings.Options = $"{settings.Options} -c plan_cache_mode=force_generic_plan -c jit=off".TrimStart();
        if (settings.Timeout == 15) settings.Timeout = 3;
        if (settings.CommandTimeout == 30) settings.CommandTimeout = 20;
        ConnectionString = settings.ConnectionString;
        Turns = Math.Min(Few, settings.MaxPoolSize);
        turns = new SemaphoreSlim(Turns);
        others = Pool(settings, Math.Max(1, settings.MaxPoolSize - Turns));
        few = Pool(settings, Turns); // a pool lends its sessions in turn: those who have a turn need a pool that is no larger
    }

    /// <summary>The schema that holds Marten's tables and ours.</summary>
    public const string SchemaName = "registry";

    internal string ConnectionString { get; }

    /// <summary>How many readings have their turn at once.</summary>
    internal int Turns { get; }

    /// <summary>Who waited so long for its turn goes without one: whatever holds the others up, a lock or a long answer, does not hold up everybody.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The pool for what takes its own time.</summary>
    internal NpgsqlDataSource Source => others;

    private static NpgsqlDataSource Pool(NpgsqlConnectionStringBuilder settings, int most) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(settings.ConnectionString) { MaxPoolSize = most, MinPoolSize = Math.Min(settings.MinPoolSize, most) }.ConnectionString);

    internal Task<NpgsqlConnection> Open(CancellationToken ct) => Open(others, ct);

    private static async Task<NpgsqlConnection> Open(NpgsqlDataSource source, CancellationToken ct)
    {
        try
        {
            return await source.OpenConnectionAsync(ct);
        }
        catch (Exception error) when (IsNotOpened(error))
        {
            throw NotReached(error);
        }
    }

    /// <summary>
    /// A writer's connection, outside the pool: closed means closed. One plan for every size of a group, or PostgreSQL would
    /// plan each statement anew for the arrays it is given. Its statements go by primary key; a foreign key's check that was
    /// planned while the tables were empty would scan them for as long as the connection lives. Without jit: a plan that is
    /// told to avoid a scan and cannot is priced so high that PostgreSQL would compile it, 80 ms each time. It is opened without
    /// async: a socket that was ever used so stays so.
    /// </summary>
    internal NpgsqlConnection OpenOwn()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(WriterSettings) { Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch (Exception error) when (IsNotOpened(error))
        {
            throw NotReached(error);
        }
    }

    /// <summary>How a writer's connection is set, in a pool or out of it.</summary>
    internal string WriterSettings
    {
        get
        {
            var settings = new NpgsqlConnectionStringBuilder(ConnectionString) { MaxAutoPrepare = 400 };
            settings.Options += " -c enable_seqscan=off";
            return settings.ConnectionString;
        }
    }

    private static bool IsNotOpened(Exception error) => error is NpgsqlException || IsAway(error);

    private static DatabaseAwayException NotReached(Exception error) => new("PostgreSQL cannot be reached", error);

    /// <summary>A reading or a statement whose whole answer is taken here. Few have their turn at once: more would only be slower.</summary>
    internal async Task<T> Use<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken ct)
    {
        var turn = await turns.WaitAsync(Patience, ct);
        try
        {
            await using var connection = await Open(turn ? few : others, ct);
            return await Step(() => work(connection));
        }
        finally
        {
            if (turn) turns.Release();
        }
    }

    /// <summary>One step of a reading that its caller goes on with row by row: what breaks in it is told as everywhere else.</summary>
    internal static async Task<T> Step<T>(Func<Task<T>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception error) when (IsAway(error))
        {
            throw new DatabaseAwayException("PostgreSQL broke off", error);
        }
    }

    /// <summary>The role that a connection string names; null where there is none.</summary>
    public static string? UserOf(string? connectionString) => connectionString is null ? null : new NpgsqlConnectionStringBuilder(connectionString).Username;

    /// <summary>True where an error tells that PostgreSQL cannot be reached or refuses the connection.</summary>
    public static bool IsConnectionFailure(Exception error) => error is NpgsqlException && (IsAway(error) || error is PostgresException);

    /// <summary>True for a broken or refused connection, a time-out and a server that shuts down; false for a rejected statement.</summary>
    internal static bool IsAway(Exception error) => error switch
    {
        PostgresException p => p.SqlState.StartsWith("08", StringComparison.Ordinal) || p.SqlState.StartsWith("53", StringComparison.Ordinal)
            || p.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
                or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DatabaseDropped,
        NpgsqlException => true,
        TimeoutException or System.Net.Sockets.SocketException or IOException => true,
        _ => false,
    };

    /// <summary>Closes the pools.</summary>
    public async ValueTask DisposeAsync()
    {
        await few.DisposeAsync();
        await others.DisposeAsync();
    }
}
