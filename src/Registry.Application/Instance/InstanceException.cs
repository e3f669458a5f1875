namespace Registry.Application.Instance;

/// <summary>The instance cannot run; the message is one sentence for a person, the code chooses the exit code.</summary>
public sealed class InstanceException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
