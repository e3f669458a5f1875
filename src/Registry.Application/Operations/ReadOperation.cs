using MediatR;
using Registry.Domain.Kernel;

namespace Registry.Application.Operations;

public sealed record GetOperation(Guid Id, OrganisationId By) : IRequest<Reply<OperationView>>;

public sealed record OperationRow(int Row, string Outcome, Guid? Mandate, string? Code, string? Pointer);

/// <summary>What became of each row of an import.</summary>
public sealed record ListOperationRows(Guid Id, OrganisationId By, string? Outcome, PageAsked Page) : IRequest<Reply<Page<OperationRow>>>, IDiscloses<Page<OperationRow>>
{
    public IEnumerable<Disclosure> Discloses(Page<OperationRow> view)
    {
        List<MandateId> mandates = [.. view.Items.Select(row => row.Mandate).OfType<Guid>().Select(id => new MandateId(id))];
        return mandates.Count == 0 ? [] : [new(By, Disclosing.OwnMembers, Disclosing.Membership, new Disclosed(mandates, null, mandates.Count))];
    }
}

public sealed class GetOperationHandler(Readings readings) : IRequestHandler<GetOperation, Reply<OperationView>>
{
    internal static readonly Refusal Unknown = new("unknown-operation", RefusalKind.Unknown);

    public async Task<Reply<OperationView>> Handle(GetOperation q, CancellationToken ct) =>
        await readings.Find<OperationView>(q.Id, ct) is { } found && found.View!.Owner == q.By.Value ? found : Unknown;
}

public sealed class ListOperationRowsHandler(Readings readings) : IRequestHandler<ListOperationRows, Reply<Page<OperationRow>>>
{
    public async Task<Reply<Page<OperationRow>>> Handle(ListOperationRows q, CancellationToken ct)
    {
        if (await readings.Find<OperationView>(q.Id, ct) is not { } found || found.View!.Owner != q.By.Value) return GetOperationHandler.Unknown;
        var after = int.TryParse(q.Page.After, out var row) ? row : 0;
        var rows = await readings.Rows(readings.Named<OperationView>("rows"), [q.Id, q.Outcome ?? "", after, q.Page.Limit + 1], r =>
            new OperationRow((int)r[0]!, (string)r[1]!, (Guid?)r[2], (string?)r[3], (string?)r[4]), ct);
        if (rows.Count <= q.Page.Limit) return new Page<OperationRow>(rows, null);
        rows.RemoveAt(q.Page.Limit);
        return new Page<OperationRow>(rows, rows[^1].Row.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
