using Registry.Domain.Kernel;
using Registry.EventStore;
using Registry.EventStore.Views;

namespace Registry.Application.Members;

/// <summary>A person's rows in the vault, for the service's own decisions: those who decide at the same time read together.</summary>
public sealed class Subjects(ViewReader itself, ViewCatalogue views)
{
    private readonly GroupedReading<string, List<VaultRow>> rows = new(
        async subjects => (await itself.Rows(views.Side("Vault").Query("by_subjects"), [subjects.Select(Convert.FromHexString).ToArray()], People.Row, CancellationToken.None))
            .GroupBy(row => Convert.ToHexStringLower(row.SubjectIndex!)).ToDictionary(g => g.Key, g => g.ToList()),
        _ => []);

    /// <summary>By the keyed digest of whom they sign in as.</summary>
    public Task<List<VaultRow>> Of(byte[] subject, CancellationToken ct) => rows.Ask(Convert.ToHexStringLower(subject), ct);
}
