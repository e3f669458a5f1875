namespace Registry.Domain.Kernel;

/// <summary>What a decision gives: events, nothing (asking twice is harmless), or a refusal.</summary>
public sealed record Outcome<TEvent>(IReadOnlyList<TEvent> Events, Refusal? Refused) where TEvent : class
{
    public static Outcome<TEvent> Nothing { get; } = new([], null);

    public static Outcome<TEvent> Of(params TEvent[] happened) => new(happened, null);

    public static implicit operator Outcome<TEvent>(TEvent happened) => new([happened], null);

    public static implicit operator Outcome<TEvent>(Refusal refusal) => new([], refusal);
}
