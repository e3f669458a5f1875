using Npgsql;
using NpgsqlTypes;
using Registry.EventStore.Leaves;
using Registry.EventStore.Views;

namespace Registry.EventStore.Streams;

/// <summary>The rows of the appends that won, numbered over winners only.</summary>
internal sealed class WinnersRows(Ground ground, RowsAhead? ahead, bool trusting)
{
    private readonly SortedDictionary<(string Table, bool Fresh), NewRows> rows = [];
    private readonly HashSet<Guid> fresh = [];
    private readonly NewStreams started = new();
    private readonly MovedStreams moved = new();
    private readonly NewEvents events = new();
    private long position = ground.Position;
    private DateTimeOffset at = ground.At;

    public bool Any { get; private set; }

    /// <summary>The first event, by which the transaction is known again after a break.</summary>
    public (long Position, Guid Event)? First => events.First;

    /// <summary>Where the log ends with them.</summary>
    public (long Position, DateTimeOffset At) End => (position, at);

    public Appended Add(Append append)
    {
        Any = true;
        var asked = Microseconds(append.Context.At);
        if (asked > at) at = asked; // never earlier than its predecessor, so that "as known at" is a prefix of the log
        foreach (var stream in append.Streams)
        {
            if (stream.Events.Count > 0) AddStream(stream, append.Context);
        }
        foreach (var row in append.Rows)
        {
            if (ahead?.Holds(row) != true) Put(row);
        }
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

    /// <summary>All of them, written if the log still ends where its ground says.</summary>
    /// <param name="besideEvents">Streams and events are written by somebody else.</param>
    public NpgsqlBatchCommand Command(bool besideEvents = false)
    {
        var parts = new List<Part>();
        if (started.Any && !besideEvents) parts.Add(started);
        if (moved.Any && !besideEvents) parts.Add(moved);
        if (events.Any) parts.Add(events.Leaves);
        if (events.Any && !besideEvents) parts.Add(events);
        parts.AddRange(rows.Values);
        var command = LogStatement.Of(parts, parts.Contains(events));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = position });
        command.Parameters.Add(Instant(at));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = ground.Position });
        command.Parameters.Add(Instant(ground.At));
        foreach (var part in parts) part.AddTo(command.Parameters);
        return command;
    }

    private static NpgsqlParameter<DateTime> Instant(DateTimeOffset at) => new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private void AddStream(StreamAppend stream, AppendContext context)
    {
        var version = ground.Version(stream.Stream);
        var after = version + stream.Events.Count;
        if (version == 0 && trusting) fresh.Add(stream.Stream);
        if (version > 0) moved.Add(stream.Stream, after, at.UtcDateTime);
        else if (ahead?.Holds(stream.Stream) != true) started.Add(stream.Stream, stream.Type, after, at.UtcDateTime);
        foreach (var happened in stream.Events)
        {
            position++;
            version++;
            var leaf = Leaf.Of(happened.Salt, position, stream.Stream, version, happened.Type, at, happened.Canonical);
            events.Add(position, stream.Stream, version, at.UtcDateTime, happened, context, leaf);
        }
    }

    /// <summary>The view of a stream that starts has no row to replace.</summary>
    private void Put(TableRow row)
    {
        var isFresh = row.Table.IsView && fresh.Contains((Guid)row.Values[0]!);
        if (!rows.TryGetValue((row.Table.Name, isFresh), out var part)) rows.Add((row.Table.Name, isFresh), part = new NewRows(row.Table, isFresh));
        part.Add(row);
    }

    private static DateTimeOffset Microseconds(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
