namespace Registry.EventStore.Streams;

internal sealed partial record Engine
{
    /// <summary>The engine of this build. Another is built in with <c>-p:EventStore=Marten</c>.</summary>
    public static Engine BuiltIn => Grouped;

    /// <summary>Those that this build holds, for comparing them.</summary>
    public static IReadOnlyList<Engine> All => [Grouped];
}
