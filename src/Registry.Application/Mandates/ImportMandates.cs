using MediatR;
using Registry.Application.Operations;
using Registry.Domain.Kernel;

namespace Registry.Application.Mandates;

/// <summary>One row as it came: a mandate, or why it is none.</summary>
public sealed record ImportRow(int Row, MandateAsked? Mandate, Refusal? Malformed);

/// <summary>Records many mandates. A bad row stops nothing, and a row that came before changes nothing.</summary>
public sealed record ImportMandates(IReadOnlyList<ImportRow> Rows, bool DryRun, OrganisationId By) : IRequest<Reply<OperationView>>;

public sealed class ImportMandatesHandler(Ledger ledger, OperationQueue operations) : IRequestHandler<ImportMandates, Reply<OperationView>>
{
    public Task<Reply<OperationView>> Handle(ImportMandates c, CancellationToken ct) => operations.Start(
        ledger, c.DryRun ? "import-dry-run" : "import", c.By, c.Rows.Count, (operation, services, stop) => services.Get<MandateImport>().Run(operation, c, stop), ct);
}
