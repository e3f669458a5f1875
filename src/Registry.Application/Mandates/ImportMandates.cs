using MediatR;
using Registry.Application.Operations;
using Registry.Domain.Kernel;

namespace Registry.Application.Mandates;

/// <summary>One row as it came: a mandate, or why it is none.</summary>
public sealed record ImportRow(int Row, MandateAsked? Mandate, Refusal? Malformed);

/// <summary>Records many mandates that wait already. A bad row stops nothing, and a row that came before changes nothing.</summary>
public sealed record ImportMandates(StagedImport Staged, bool DryRun, OrganisationId By) : IRequest<Reply<OperationView>>;

public sealed class ImportMandatesHandler(Ledger ledger, OperationQueue operations, Staging staging) : IRequestHandler<ImportMandates, Reply<OperationView>>
{
    public async Task<Reply<OperationView>> Handle(ImportMandates c, CancellationToken ct)
    {
        var reply = await operations.Start(ledger, c.DryRun ? MandateImport.Dry : MandateImport.Real, c.By, c.Staged.Rows, MandateImport.Work, ct, c.Staged.Operation);
        if (reply.View?.Id != c.Staged.Operation.Value) await staging.Drop(c.Staged.Operation, ct); // the call was a repetition, or was refused
        return reply;
    }
}
