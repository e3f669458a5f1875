namespace Registry.EventStore.Tests.Proofs;

/// <summary>A proof runs once in <c>./registry test</c>, and as often as it must in <c>./registry prove</c>.</summary>
internal static class Rounds
{
    public static bool Full => Environment.GetEnvironmentVariable("REGISTRY_PROVE") == "full";

    public static int Of(int full, int brief = 1) => Full ? full : brief;
}
