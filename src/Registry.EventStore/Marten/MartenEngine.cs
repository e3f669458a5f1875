namespace Registry.EventStore.Streams;

internal sealed partial record Engine
{
    /// <summary>Marten's own document store and sessions, on the same tables.</summary>
    public static readonly Engine Marten = new("marten", 2, (database, names) => new MartenWriter(database, names), (database, names) => new MartenReader(database, names));

    /// <summary>The engine of this build.</summary>
    public static Engine BuiltIn => Marten;

    /// <summary>Those that this build holds, for comparing them.</summary>
    public static IReadOnlyList<Engine> All => [Grouped, Marten];
}
