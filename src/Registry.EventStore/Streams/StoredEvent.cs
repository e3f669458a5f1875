using Registry.EventStore.Leaves;

namespace Registry.EventStore.Streams;

/// <summary>An event as it is about to be stored.</summary>
/// <param name="Id">The event's own id: by it the store finds out whether a commit that broke off was made.</param>
/// <param name="Type">Stored name, Marten's alias: <c>mandate_granted</c>, <c>mandate_granted_v2</c>.</param>
/// <param name="ClrType">"Namespace.Type, Assembly": Marten's fallback only.</param>
/// <param name="Data">The event's JSON, without U+0000.</param>
public sealed record NewEvent(Guid Id, string Type, string ClrType, string Data)
{
    private byte[]? canonical;

    /// <summary>32 random bytes that blind the event's leaf.</summary>
    internal byte[] Salt { get; } = Leaf.NewSalt();

    /// <summary>The RFC 8785 form of the data. Made by whoever appends, so that nobody waits for it under the head row.</summary>
    internal byte[] Canonical => canonical ??= CanonicalJson.Of(Data);
}

/// <summary>An event as it was stored.</summary>
/// <param name="Position">Place in the log, gapless from 1, in the order of the commits.</param>
/// <param name="Id">The event's own id.</param>
/// <param name="Stream">The event's stream.</param>
/// <param name="Version">Version of the stream with this event, from 1.</param>
/// <param name="Type">Stored name.</param>
/// <param name="Data">The event's JSON.</param>
/// <param name="At">Recorded instant; never earlier than its predecessor's in the log.</param>
/// <param name="Correlation">W3C trace id of the call, 32 hexadecimal digits.</param>
/// <param name="Causation">What in the call caused it.</param>
/// <param name="Headers">JSON object with the actor.</param>
public sealed record StoredEvent(
    long Position, Guid Id, Guid Stream, long Version, string Type, string Data, DateTimeOffset At, string? Correlation, string? Causation,
    string? Headers);

/// <summary>A stream with its events in order.</summary>
/// <param name="Id">The stream.</param>
/// <param name="Version">Its highest event's version; where there is none, the version after which was asked: 0 for a stream that does not exist.</param>
/// <param name="Events">Its events from there on.</param>
public sealed record EventStream(Guid Id, long Version, IReadOnlyList<StoredEvent> Events);
