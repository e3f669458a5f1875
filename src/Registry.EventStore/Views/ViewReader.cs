using System.Runtime.CompilerServices;
using Npgsql;

namespace Registry.EventStore.Views;

/// <summary>A row of a view.</summary>
/// <param name="Id">The stream that it is folded from.</param>
/// <param name="Version">The stream's version that it shows.</param>
/// <param name="Data">Its JSON.</param>
public sealed record ViewRow(Guid Id, long Version, string Data);

/// <summary>
/// Reads views by their named queries, each read for somebody: the database is told in the read's own transaction, and
/// forgets it with its end, so that a pooled connection carries nobody over to the next. What the service itself decides on
/// is read as the writer, whom nothing is hidden from and who is told nobody's name.
/// </summary>
/// <param name="reads">As the reader.</param>
/// <param name="writes">As the writer, for statements and the service's own decisions.</param>
/// <param name="caller">Who reads: <see cref="Itself"/> for the service's own decisions, <c>org:ID</c>, <c>subject:HEX</c>, or anything else for nobody.</param>
public sealed class ViewReader(Database reads, Database writes, Func<string> caller)
{
    /// <summary>The service, deciding.</summary>
    public const string Itself = "registry";

    private const string Named = "SELECT set_config('registry.caller', $1, true)";
    private const string Planned = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)";
    private const string NamedAndPlanned = "SELECT set_config('registry.caller', $1, true), set_config('plan_cache_mode', 'force_custom_plan', true)";

    /// <summary>The row of one stream; null where there is none.</summary>
    public async Task<ViewRow?> Find(View view, Guid id, CancellationToken ct)
    {
        var rows = await Query(new NamedQuery(view.Name, "by_id", $"SELECT id, version, data FROM {view.Name} WHERE id = $1"), [id], ct);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Rows of <c>id, version, data</c>.</summary>
    /// <param name="query">A named query.</param>
    /// <param name="arguments">Its arguments: uuid, text, bigint, integer, boolean, bytea, or arrays of uuid, text and bytea.</param>
    /// <param name="ct">Ends the reading.</param>
    public Task<List<ViewRow>> Query(NamedQuery query, IReadOnlyList<object?> arguments, CancellationToken ct) => Use(async (connection, by) =>
    {
        await using var batch = Batch(query, arguments, connection, by);
        await using var reader = await Answers(batch, ct);
        var rows = new List<ViewRow>();
        while (await reader.ReadAsync(ct)) rows.Add(new ViewRow(reader.GetGuid(0), reader.GetInt64(1), reader.GetString(2)));
        return rows;
    }, ct);

    /// <summary>Rows of any columns, all of them.</summary>
    public Task<List<T>> Rows<T>(NamedQuery query, IReadOnlyList<object?> arguments, Func<IReadOnlyList<object?>, T> shape, CancellationToken ct) => Use(async (connection, by) =>
    {
        await using var batch = Batch(query, arguments, connection, by);
        await using var reader = await Answers(batch, ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct)) rows.Add(shape(Row(reader)));
        return rows;
    }, ct);

    /// <summary>Rows of any columns, one at a time, for as long as the caller takes.</summary>
    public async IAsyncEnumerable<IReadOnlyList<object?>> Stream(
        NamedQuery query, IReadOnlyList<object?> arguments, [EnumeratorCancellation] CancellationToken ct)
    {
        var by = caller();
        await using var connection = await Door(by).Open(ct);
        await using var batch = Batch(query, arguments, connection, by);
        await using var reader = await Database.Step(() => Answers(batch, ct));
        while (await Database.Step(() => reader.ReadAsync(ct))) yield return Row(reader);
    }

    /// <summary>A single number, such as a count.</summary>
    public Task<long> Count(NamedQuery query, IReadOnlyList<object?> arguments, CancellationToken ct) => Use(async (connection, by) =>
    {
        await using var batch = Batch(query, arguments, connection, by);
        await using var reader = await Answers(batch, ct);
        await reader.ReadAsync(ct);
        return reader.GetInt64(0);
    }, ct);

    /// <summary>Runs a statement beside the log, such as one that keeps a contact up to date; gives the rows it touched.</summary>
    public Task<int> Execute(NamedQuery statement, IReadOnlyList<object?> arguments, CancellationToken ct) => writes.Use(async connection =>
    {
        await using var command = new NpgsqlCommand(statement.Sql, connection);
        foreach (var argument in arguments) command.Parameters.Add(Parameter(argument));
        return await command.ExecuteNonQueryAsync(ct);
    }, ct);

    private Database Door(string by) => by == Itself ? writes : reads;

    /// <summary>Who reads is asked once: the door and the name told behind it are always of the same.</summary>
    private Task<T> Use<T>(Func<NpgsqlConnection, string, Task<T>> read, CancellationToken ct)
    {
        var by = caller();
        return Door(by).Use(connection => read(connection, by), ct);
    }

    /// <summary>Without BEGIN a batch is one transaction, and a setting that is local to it ends with it.</summary>
    private static NpgsqlBatch Batch(NamedQuery query, IReadOnlyList<object?> arguments, NpgsqlConnection connection, string by)
    {
        var read = new NpgsqlBatchCommand(query.Sql);
        foreach (var argument in arguments) read.Parameters.Add(Parameter(argument));
        if (by == Itself) return query.PlannedEachTime ? new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(Planned), read } } : new NpgsqlBatch(connection) { BatchCommands = { read } };
        var named = new NpgsqlBatchCommand(query.PlannedEachTime ? NamedAndPlanned : Named) { Parameters = { new NpgsqlParameter<string> { TypedValue = by } } };
        return new NpgsqlBatch(connection) { BatchCommands = { named, read } };
    }

    private static async Task<NpgsqlDataReader> Answers(NpgsqlBatch batch, CancellationToken ct)
    {
        var reader = await batch.ExecuteReaderAsync(ct);
        if (batch.BatchCommands.Count > 1) await reader.NextResultAsync(ct);
        return reader;
    }

    private static object?[] Row(NpgsqlDataReader reader)
    {
        var row = new object?[reader.FieldCount];
        for (var i = 0; i < row.Length; i++) row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
        return row;
    }

    private static NpgsqlParameter Parameter(object? argument) => argument switch
    {
        Guid id => new NpgsqlParameter<Guid> { TypedValue = id },
        string text => new NpgsqlParameter<string> { TypedValue = text },
        long number => new NpgsqlParameter<long> { TypedValue = number },
        int number => new NpgsqlParameter<int> { TypedValue = number },
        bool flag => new NpgsqlParameter<bool> { TypedValue = flag },
        byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes },
        Guid[] ids => Unnest.Array(NpgsqlTypes.NpgsqlDbType.Uuid, ids),
        byte[][] many => Unnest.Array(NpgsqlTypes.NpgsqlDbType.Bytea, many),
        string[] texts => Unnest.Array(NpgsqlTypes.NpgsqlDbType.Text, texts),
        null => new NpgsqlParameter { Value = DBNull.Value },
        _ => throw new ArgumentException($"no parameter of {argument.GetType().Name}", nameof(argument)),
    };
}
