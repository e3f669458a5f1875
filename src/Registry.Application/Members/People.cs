using Registry.Domain.Kernel;
using Registry.EventStore.Views;

namespace Registry.Application.Members;

/// <summary>Finds members in the vault by what they or their representative call them.</summary>
public sealed class People(Readings readings, ViewCatalogue views, Vault vault)
{
    /// <summary>A person's own row, which no representative has: what they said of themselves before any mandate.</summary>
    public static readonly OrganisationId Themselves = new(Guid.Empty);

    public Task<List<VaultRow>> OfSubject(string subject, CancellationToken ct) => Query("by_subjects", [new[] { vault.SubjectIndex(subject) }], ct);

    public Task<List<VaultRow>> OfMembers(IReadOnlyCollection<MemberRef> members, CancellationToken ct) =>
        Query("of_members", [members.Select(m => m.Value).ToArray()], ct);

    public Task<List<VaultRow>> OfReferences(OrganisationId representative, IEnumerable<string> references, CancellationToken ct) =>
        Query("by_references", [representative.Value, references.Select(r => vault.ReferenceIndex(representative, r)).ToArray()], ct);

    /// <summary>False where somebody made the row in the meantime: read it and decide again.</summary>
    public async Task<bool> Make(VaultRow row, CancellationToken ct) =>
        await readings.Execute(Vault.Query("make"), [row.Member.Value, row.Representative.Value, row.SubjectIndex, row.WrappedKey, row.Sealed], ct) == 1;

    /// <summary>False where the row has changed since it was read.</summary>
    public async Task<bool> Change(VaultRow read, VaultRow changed, CancellationToken ct) =>
        await readings.Execute(Vault.Query("change"), [read.Member.Value, changed.Sealed, read.Sealed], ct) == 1;

    /// <summary>The act loses if the person was erased meanwhile: nobody is brought back by what was read before.</summary>
    public void ExpectThere(Act act, VaultRow row) => act.Expect(Vault.Query("count"), row.Member.Value, 1);

    private View Vault => views.Side("Vault");

    private Task<List<VaultRow>> Query(string query, IReadOnlyList<object?> arguments, CancellationToken ct) => readings.Rows(Vault.Query(query), arguments, Row, ct);

    internal static VaultRow Row(IReadOnlyList<object?> row) =>
        new(new MemberRef((Guid)row[0]!), new OrganisationId((Guid)row[1]!), (byte[]?)row[2], (byte[]?)row[3], (byte[])row[4]!, (byte[])row[5]!);
}
