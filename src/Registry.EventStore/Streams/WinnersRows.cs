using Npgsql;
using NpgsqlTypes;
using Registry.EventStore.Leaves;
using Registry.EventStore.Views;

namespace Registry.EventStore.Streams;

/// <summary>The rows of the appends that won, numbered over winners only.</summary>
internal sealed class WinnersRows(long position, DateTimeOffset at)
{
    private readonly Dictionary<Table, List<TableRow>> rows = [];
    private readonly List<TableRow> events = [];
    private readonly List<TableRow> moved = [];
    private long position = position;
    private DateTimeOffset at = at;

    public bool Any { get; private set; }

    public Appended Add(Append append, Ground ground)
    {
        Any = true;
        var asked = Microseconds(append.Context.At);
        if (asked > at) at = asked; // never earlier than its predecessor, so that "as known at" is a prefix of the log
        foreach (var stream in append.Streams.Where(s => s.Events.Count > 0)) AddStream(stream, append.Context, ground.Version(stream.Stream));
        foreach (var row in append.Rows) Put(row);
        foreach (var claim in append.Claims) Put(LogTables.Claims.Row(claim.Key, claim.Value));
        foreach (var message in append.Outbox)
        {
            Put(LogTables.Outbox.Row(Guid.CreateVersion7(at), position, message.Recipient, message.Topic, message.Subject));
        }
        if (append.Key is { } key)
        {
            Put(LogTables.Keys.Row(key.Key.Caller, key.Key.Key, key.Key.Request, (short)key.Status, key.Stream, key.Version, key.CreatedAt.UtcDateTime));
        }
        return new Appended(position, at, null);
    }

    public NpgsqlBatch Batch(NpgsqlConnection connection)
    {
        var batch = new NpgsqlBatch(connection);
        Take(LogTables.NewStreams, batch);
        if (moved.Count > 0) batch.BatchCommands.Add(Unnest.Command(LogTables.MoveStreams, LogTables.MovedColumns, moved));
        if (events.Count > 0)
        {
            batch.BatchCommands.Add(Unnest.Command(LogTables.InsertEvents, LogTables.EventColumns, events));
            batch.BatchCommands.Add(MoveHead());
        }
        foreach (var table in rows.Keys.OrderBy(table => table.Name, StringComparer.Ordinal).ToList()) Take(table, batch);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        return batch;
    }

    private void AddStream(StreamAppend stream, AppendContext context, long version)
    {
        var after = version + stream.Events.Count;
        if (version == 0) Put(LogTables.NewStreams.Row(stream.Stream, stream.Type, after, at.UtcDateTime, at.UtcDateTime));
        else moved.Add(new TableRow(LogTables.NewStreams, [stream.Stream, after, at.UtcDateTime]));
        foreach (var happened in stream.Events)
        {
            position++;
            version++;
            events.Add(LogTables.EventRow(
                position, happened.Id, stream.Stream, version, happened.Data, happened.Type, at.UtcDateTime, happened.ClrType,
                context.Correlation, context.Causation, context.Headers));
            var salt = Leaf.NewSalt();
            Put(LogTables.Leaves.Row(position, salt, Leaf.Of(salt, position, stream.Stream, version, happened.Type, at, happened.Data)));
        }
    }

    private NpgsqlBatchCommand MoveHead() => new("UPDATE registry_head SET position = $1, at = $2")
    {
        Parameters =
        {
            new NpgsqlParameter<long> { TypedValue = position }, new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        },
    };

    private void Put(TableRow row)
    {
        if (!rows.TryGetValue(row.Table, out var list)) rows.Add(row.Table, list = []);
        list.Add(row);
    }

    private void Take(Table table, NpgsqlBatch batch)
    {
        if (rows.Remove(table, out var list)) batch.BatchCommands.Add(Unnest.Command(table, list));
    }

    private static DateTimeOffset Microseconds(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
