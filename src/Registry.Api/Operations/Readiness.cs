using Registry.Application.Instance;

namespace Registry.Api.Operations;

/// <summary>Ready is who has the right schema, durable settings and a database that answers.</summary>
public sealed class Readiness(RegistryInstance instance)
{
    /// <summary>What writes the log: <c>registry</c> or <c>marten</c>. In what they differ: docs/marten.md.</summary>
    public static string Engine => RegistryInstance.Engine;

    public async Task<string?> WhyNot(CancellationToken ct)
    {
        try
        {
            await instance.Check(ct);
            await instance.Hold(ct);
            return null;
        }
        catch (Exception error) when (RegistryInstance.Told(error) is { } told)
        {
            return told.Code;
        }
    }
}
