using Registry.EventStore.Views;

namespace Registry.Application.Members;

/// <summary>Wraps the keys of the vault's rows anew, a thousand at a time. Run again it finds nothing to do; stopped in the middle it goes on.</summary>
public sealed class KeyRotation(ViewReader reader, View view, Vault vault)
{
    public async Task<int> Run(CancellationToken ct)
    {
        var (after, rewrapped) = (Guid.Empty, 0);
        while (true)
        {
            var rows = await reader.Rows(view.Query("wrapped"), [after], row => (Member: (Guid)row[0]!, Wrapped: (byte[])row[1]!), ct);
            if (rows.Count == 0) return rewrapped;
            var fresh = rows.Select(r => (r.Member, r.Wrapped, Fresh: vault.Rewrap(r.Wrapped, r.Member))).Where(r => r.Fresh is not null).ToList();
            if (fresh.Count > 0)
            {
                rewrapped += await reader.Execute(view.Query("rewrap"), [fresh.Select(r => r.Member).ToArray(), fresh.Select(r => r.Fresh!).ToArray(), fresh.Select(r => r.Wrapped).ToArray()], ct);
            }
            after = rows[^1].Member;
        }
    }
}
