using Npgsql;
using Registry.EventStore.Views;

namespace Registry.EventStore.Streams;

/// <summary>
/// What a large append can write before it locks the head row, because nobody else can know its keys: the streams that it
/// starts, the rows of their views, and rows of tables that are only ever inserted into. Whatever may meet another's row
/// (claims, keys, rows that replace others) waits for the head row, so that no two transactions can lock each other out. An
/// append that expects a count writes nothing ahead: it must not count its own rows.
/// </summary>
internal sealed class RowsAhead
{
    private readonly HashSet<Guid> streams;
    private readonly Append append;

    private RowsAhead(Append append, HashSet<Guid> streams) => (this.append, this.streams) = (append, streams);

    public static RowsAhead Of(Append append) => new(append, append.Expectations.Count > 0 ? [] : [.. append.Streams.Where(s => s is { ExpectedVersion: 0, Events.Count: > 0 }).Select(s => s.Stream)]);

    public bool Holds(Guid stream) => streams.Contains(stream);

    public bool Holds(TableRow row) => (append.Expectations.Count == 0 && row.Table.OnlyInserted) || (row.Table.IsView && streams.Contains((Guid)row.Values[0]!));

    public NpgsqlBatch Batch(NpgsqlConnection connection)
    {
        var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand("BEGIN") } };
        var started = new NewStreams();
        foreach (var stream in append.Streams.Where(s => streams.Contains(s.Stream))) started.Add(stream.Stream, stream.Type, stream.Events.Count, append.Context.At.UtcDateTime);
        if (started.Any) batch.BatchCommands.Add(started.Command());
        foreach (var table in append.Rows.Where(Holds).GroupBy(row => row.Table)) batch.BatchCommands.Add(Unnest.Command(table.Key, [.. table]));
        return batch;
    }
}
