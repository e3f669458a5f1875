namespace Registry.EventStore.Schema;

/// <summary>The database is not what this program expects; the message says what to do.</summary>
/// <param name="code"><c>schema-version</c>, <c>schema-altered</c>, <c>durability-off</c>, <c>engine-other</c> or <c>event-unprovable</c>.</param>
/// <param name="message">One sentence for a person.</param>
public sealed class SchemaException(string code, string message) : Exception(message)
{
    /// <summary>What kind of mismatch it is.</summary>
    public string Code { get; } = code;
}
