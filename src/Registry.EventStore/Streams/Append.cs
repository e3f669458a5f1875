using Registry.EventStore.Views;

namespace Registry.EventStore.Streams;

/// <summary>More events than one append holds.</summary>
public sealed class AppendTooLargeException(string message) : ArgumentException(message);

/// <summary>Who appends, when and in which call; the same for every event of an append.</summary>
/// <param name="At">Legal instant; recorded at microseconds and never earlier than the log's last.</param>
/// <param name="Headers">JSON object that names the actor by role and reference, never by name.</param>
/// <param name="Correlation">W3C trace id of the call.</param>
/// <param name="Causation">What in the call caused it, such as the command's name.</param>
public sealed record AppendContext(DateTimeOffset At, string? Headers = null, string? Correlation = null, string? Causation = null);

/// <summary>Events for one stream, at the version that the decision was made on.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Type">The aggregate's alias, written when the stream starts.</param>
/// <param name="ExpectedVersion">0 starts the stream; <see cref="Append.AnyVersion"/> appends wherever it stands.</param>
/// <param name="Events">None: the version is only checked, so that a decision may rest on a stream that it does not change.</param>
public sealed record StreamAppend(Guid Stream, string Type, long ExpectedVersion, IReadOnlyList<NewEvent> Events);

/// <summary>What a call is remembered by, so that its repetition has one effect and one answer.</summary>
/// <param name="Caller">Keyed digest of the caller.</param>
/// <param name="Key">As the caller sent it.</param>
/// <param name="Request">Keyed digest of method, route and body.</param>
public sealed record IdempotencyKey(byte[] Caller, string Key, byte[] Request);

/// <summary>What is kept of the first answer to a key.</summary>
/// <param name="Request">Keyed digest of the first call's method, route and body.</param>
/// <param name="Status">HTTP status that was answered.</param>
/// <param name="Stream">The stream that the answer shows.</param>
/// <param name="Version">The version that it was shown at.</param>
public sealed record KeptAnswer(byte[] Request, int Status, Guid Stream, long Version);

/// <summary>A key with the answer to keep for it.</summary>
/// <param name="Key">The call's key.</param>
/// <param name="Status">HTTP status that will be answered.</param>
/// <param name="Stream">The stream that the answer shows.</param>
/// <param name="Version">The version it will have after this append.</param>
/// <param name="CreatedAt">Machine time; the row is dropped 24 h later.</param>
public sealed record KeyToKeep(IdempotencyKey Key, int Status, Guid Stream, long Version, DateTimeOffset CreatedAt);

/// <summary>A named query that must give this number under the head row, or the append loses.</summary>
/// <param name="Query">A query of one bigint.</param>
/// <param name="Argument">Its only argument.</param>
/// <param name="Expected">The number that the decision rests on.</param>
public sealed record CountExpected(NamedQuery Query, Guid Argument, long Expected);

/// <summary>One message that something changed.</summary>
/// <param name="Recipient">The organisation to tell.</param>
/// <param name="Topic">What kind of thing changed.</param>
/// <param name="Subject">Which one.</param>
public sealed record OutboxMessage(Guid Recipient, string Topic, Guid Subject);

/// <summary>Everything that one act changes: all of it or nothing, in one transaction.</summary>
/// <param name="context">Who acts, when, and why.</param>
/// <param name="most">How many events it may hold: <see cref="MostEvents"/> where its maker can split it, <see cref="MostOfOneAct"/> where nothing of it may stand alone.</param>
public sealed class Append(AppendContext context, int most = Append.MostEvents)
{
    /// <summary>For events that rest on nothing, such as the record of a read.</summary>
    public const long AnyVersion = -1;

    private readonly List<StreamAppend> streams = [];
    private readonly HashSet<Guid> ids = [];
    private readonly List<TableRow> rows = [];

    /// <summary>Who, when, in which call.</summary>
    public AppendContext Context { get; } = context;

    /// <summary>The streams that it appends to; no stream twice.</summary>
    public IReadOnlyList<StreamAppend> Streams => streams;

    /// <summary>Rows of views and side tables.</summary>
    public IReadOnlyList<TableRow> Rows => rows;

    /// <summary>Names that may be taken once only, with the stream that takes them.</summary>
    public Dictionary<string, Guid> Claims { get; } = new(StringComparer.Ordinal);

    /// <summary>Numbers that must still hold under the head row.</summary>
    public List<CountExpected> Expectations { get; } = [];

    /// <summary>Whom to tell.</summary>
    public List<OutboxMessage> Outbox { get; } = [];

    /// <summary>The call's key with the answer to keep, if it named one.</summary>
    public KeyToKeep? Key { get; set; }

    /// <summary>How many events it appends.</summary>
    public int EventCount { get; private set; }

    /// <summary>The most events of an append that can be split: the head row must be free again within 50 ms.</summary>
    public const int MostEvents = 300;

    /// <summary>The most events of one act: a person whose mandate stands in a thousand requests withdraws it from all of them at once, or from none.</summary>
    public const int MostOfOneAct = 5_000;

    /// <summary>Too large to stand in a group: it is written on a connection of its own and locks the head row last.</summary>
    internal bool IsLarge => EventCount > LargeEvents || rows.Count > LargeRows || streams.Count > LargeRows;

    private const int LargeEvents = 64;
    private const int LargeRows = 256;

    /// <summary>Starts a stream.</summary>
    public Append StartStream(Guid stream, string type, params IReadOnlyList<NewEvent> events) => AppendTo(stream, type, 0, events);

    /// <summary>Appends to a stream that stands at a version.</summary>
    public Append AppendTo(Guid stream, string type, long expectedVersion, params IReadOnlyList<NewEvent> events)
    {
        if (!ids.Add(stream)) throw new ArgumentException($"stream {stream} stands in the append already", nameof(stream));
        Count(events.Count);
        streams.Add(new StreamAppend(stream, type, expectedVersion, events));
        return this;
    }

    /// <summary>The stream stands in it already, with events or with the version that it must have.</summary>
    public bool Holds(Guid stream) => ids.Contains(stream);

    /// <summary>More events for a stream that stands in the append already.</summary>
    public Append Extend(Guid stream, IReadOnlyList<NewEvent> events)
    {
        Count(events.Count);
        var at = streams.FindIndex(s => s.Stream == stream);
        streams[at] = streams[at] with { Events = [.. streams[at].Events, .. events] };
        return this;
    }

    /// <summary>Appends only if the stream still stands at this version.</summary>
    public Append ExpectVersion(Guid stream, string type, long expectedVersion) => AppendTo(stream, type, expectedVersion, []);

    /// <summary>Does what needs no lock on the caller's own thread: every event's name is known, and its canonical form made.</summary>
    internal void Prepare(HashSet<string> names)
    {
        foreach (var stream in streams)
        {
            foreach (var happened in stream.Events)
            {
                if (!names.Contains(happened.Type)) throw new ArgumentException($"{happened.Type} is no stored name of this log");
                _ = happened.Canonical;
            }
        }
    }

    private void Count(int more)
    {
        EventCount += more;
        if (EventCount > most) throw new AppendTooLargeException($"an append holds at most {most} events");
    }

    /// <summary>Writes a row with the events.</summary>
    public Append Write(TableRow row)
    {
        rows.Add(row);
        return this;
    }
}

/// <summary>Why an append lost. Nothing of it was stored.</summary>
public enum ConflictKind
{
    /// <summary>A stream stands at another version.</summary>
    Version,

    /// <summary>The key was used before.</summary>
    Key,

    /// <summary>A name is taken by another stream.</summary>
    Claim,

    /// <summary>A number that the decision rests on has changed.</summary>
    Expectation,
}

/// <summary>How an append ended.</summary>
/// <param name="Position">The position of its last event, or the log's last position where it had none.</param>
/// <param name="At">The instant its events were recorded with.</param>
/// <param name="Conflict">Null where it was stored.</param>
public sealed record Appended(long Position, DateTimeOffset At, ConflictKind? Conflict)
{
    /// <summary>The stream whose version had moved on, where that is the conflict.</summary>
    public Guid? Stream { get; init; }
}
