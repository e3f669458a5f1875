namespace Registry.EventStore.Embedded;

/// <summary>The private cluster cannot be made or started; the message says what to do.</summary>
/// <param name="code"><c>no-binaries</c>, <c>no-cluster-user</c>, <c>folder-unreachable</c>, <c>folder-in-use</c>, <c>disk-full</c>, <c>keys-missing</c>, <c>cluster-failed</c>, <c>backup-failed</c> or <c>not-a-backup</c>.</param>
/// <param name="message">One sentence for a person.</param>
public sealed class EmbeddedException(string code, string message) : Exception(message)
{
    /// <summary>What kind of obstacle it is.</summary>
    public string Code { get; } = code;
}
