using System.Text.Json;
using Registry.Application.Members;
using Registry.Application.Operations;
using Registry.Domain.Kernel;
using Registry.EventStore.Views;

namespace Registry.Application.Mandates;

/// <summary>An import's rows as they wait to be recorded.</summary>
/// <param name="Operation">Under which they wait.</param>
/// <param name="Rows">How many.</param>
public sealed record StagedImport(OperationId Operation, int Rows);

/// <summary>
/// Takes rows in as they arrive and keeps them sealed until they are recorded: what waits needs no memory, and outlives the
/// process. The key is the import's own and stands wrapped beside it, as the vault's do.
/// </summary>
public sealed class Staging(Readings readings, Vault vault, LegalTime clock)
{
    public const int RowsAPart = 400;

    /// <summary>More than any union has members to import at once; a larger file is sent in parts.</summary>
    public const int Most = 1_000_000;

    private sealed record Staged(int Row, MandateAsked? Mandate, string? Code, string? Pointer);

    /// <summary>Nothing is kept where the rows end too early, are too many, or their sender goes away.</summary>
    public async Task<(StagedImport? Staged, Refusal? Refused)> Take(IAsyncEnumerable<ImportRow> rows, CancellationToken ct)
    {
        var operation = new OperationId(NewIds.Public(clock.Now));
        var (wrapped, part, count, waiting) = (vault.NewKey(operation.Value), 0, 0, new List<ImportRow>(RowsAPart));
        try
        {
            await foreach (var row in rows.WithCancellation(ct))
            {
                if (++count > Most) break;
                waiting.Add(row);
                if (waiting.Count == RowsAPart) await Keep(operation, part++, wrapped, waiting, ct);
            }
            if (waiting.Count > 0) await Keep(operation, part, wrapped, waiting, ct);
        }
        catch (Exception)
        {
            await Drop(operation, CancellationToken.None);
            throw;
        }
        if (count is > 0 and <= Most) return (new StagedImport(operation, count), null);
        await Drop(operation, ct);
        return (null, new Refusal(count == 0 ? "empty-body" : "too-many-items", RefusalKind.Invalid, ""));
    }

    /// <summary>The rows of a part; null behind the last.</summary>
    public async Task<IReadOnlyList<ImportRow>?> Read(OperationId operation, int part, CancellationToken ct)
    {
        var found = await readings.Rows(Query("part"), [operation.Value, part], row => (Key: (byte[])row[1]!, Box: (byte[])row[2]!), ct);
        if (found.Count == 0) return null;
        var staged = JsonSerializer.Deserialize<List<Staged>>(vault.OpenUnder(found[0].Key, operation.Value, found[0].Box), RegistryJson.Stored)!;
        return [.. staged.Select(s => new ImportRow(s.Row, s.Mandate, s.Code is null ? null : new Refusal(s.Code, RefusalKind.Invalid, s.Pointer)))];
    }

    /// <summary>A part and those before it are done with.</summary>
    public Task Done(OperationId operation, int part, CancellationToken ct) => readings.Execute(Query("unstage"), [operation.Value, part], ct);

    public Task Drop(OperationId operation, CancellationToken ct) => Done(operation, int.MaxValue, ct);

    private async Task Keep(OperationId operation, int part, byte[] wrapped, List<ImportRow> rows, CancellationToken ct)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(rows.Select(r => new Staged(r.Row, r.Mandate, r.Malformed?.Code, r.Malformed?.Pointer)), RegistryJson.Stored);
        await readings.Execute(Query("stage"), [operation.Value, part, wrapped, vault.SealUnder(wrapped, operation.Value, text)], ct);
        rows.Clear();
    }

    private NamedQuery Query(string name) => readings.Named<OperationView>(name);
}
