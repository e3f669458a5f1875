using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Registry.Api.Security;
using Registry.Application.PortabilityRequests;

namespace Registry.Api.PortabilityRequests;

/// <summary>What names people in a line, encrypted to the key that the platform published. Without a key it stands as it is.</summary>
internal static class SealedLines
{
    public static IReadOnlyList<LineView> All(IReadOnlyList<LineView> lines, string? key) => key is null ? lines : [.. lines.Select(Sealing(key))];

    public static async IAsyncEnumerable<LineView> Each(IAsyncEnumerable<LineView> lines, string? key)
    {
        var seal = key is null ? null : Sealing(key);
        await foreach (var line in lines) yield return seal is null ? line : seal(line);
    }

    private static Func<LineView, LineView> Sealing(string jwk)
    {
        var (key, last, box) = (new JsonWebKey(jwk), Guid.Empty, "");
        return line =>
        {
            if (line.AccountId is null && line.IdentityAnswer is null) return line;
            if (last != line.Line) (last, box) = (line.Line, Jwe.Encrypt(key, JsonSerializer.Serialize(new { accountId = line.AccountId, identityAnswer = line.IdentityAnswer })));
            return line with { AccountId = null, IdentityAnswer = null, Identifier = box }; // one box for all rights of a line
        };
    }
}
