using MediatR;
using Registry.Application.Members;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>The lines of a request, a page at a time, or all of them in order. Each read is recorded, once and not per line.</summary>
public sealed record ReadLines(RequestId Id, OrganisationId By, PageAsked? Page) : IRequest<Reply<LinesRead>>, IDiscloses<LinesRead>
{
    public IEnumerable<Disclosure> Discloses(LinesRead view) => [new(By, view.Purpose, Disclosing.Membership, view.Disclosed)];
}

/// <summary>One (line, category, hook). The account id only for the platform, and only while the line is open.</summary>
public sealed record LineView(Guid Line, string Category, string Hook, LineState State, DateOnly? Due, Recipient DeliverTo, string? AccountId);

/// <summary>Lines that are about to be shown: a page of them, or a stream.</summary>
public sealed record LinesRead(RequestId Request, string Purpose, int Count, Page<LineView>? Page, IAsyncEnumerable<LineView>? All) : IAboutMembers
{
    public Disclosed Disclosed => new([], Request, Count);
}

public sealed class ReadLinesHandler(Ledger ledger, Readings readings, RequestReadings requests, People people, Vault vault) : IRequestHandler<ReadLines, Reply<LinesRead>>
{
    public async Task<Reply<LinesRead>> Handle(ReadLines q, CancellationToken ct)
    {
        if (await readings.View<RequestView>(q.Id.Value, ct) is not { } view || !view.IsKnownTo(q.By)) return RequestRefusals.Unknown;
        var due = (await requests.Deadlines(view, await requests.Columns(view, ct), await requests.Today(view, ct), ct)).ToDictionary(d => (d.Category, d.Hook), d => d.Due);
        var lines = Lines(view, due, forPlatform: view.Matter.Platform == q.By, q.Page?.After, ct);
        if (q.Page is not { } page) return new LinesRead(q.Id, view.Matter.Purpose, view.Count, null, lines.Select(l => l.Line));
        var items = new List<(string Place, LineView Line)>();
        await foreach (var line in lines)
        {
            items.Add(line);
            if (items.Count > page.Limit) break;
        }
        var next = items.Count > page.Limit ? items[page.Limit - 1].Place : null;
        return new LinesRead(q.Id, view.Matter.Purpose, Math.Min(items.Count, page.Limit), new Page<LineView>([.. items.Take(page.Limit).Select(i => i.Line)], next), null);
    }

    /// <summary>Block by block, so that a hundred thousand lines never stand in memory; a place is "block.entry".</summary>
    private async IAsyncEnumerable<(string Place, LineView Line)> Lines(
        RequestView view, Dictionary<(string, string), DateOnly> due, bool forPlatform, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (fromBlock, fromEntry) = Place.Read(after);
        for (var index = fromBlock; index < view.Blocks.Count; index++)
        {
            var block = await ledger.Load<LineBlock, LineBlockEvent>(view.Blocks[index], ct);
            var accounts = forPlatform ? await Accounts(view.Blocks[index], ct) : [];
            var entries = block!.Lines.SelectMany(line => block.Columns.Select((column, i) => (line, column, state: line.States[i]))).Where(e => e.state is not null)
                .Select((e, entry) => (Place.Write(index, entry + 1), entry, new LineView(
                    e.line.Line.Value, e.column.Category, e.column.Hook, e.state!.Value, due.TryGetValue((e.column.Category, e.column.Hook), out var day) ? day : null,
                    e.line.DeliverTo, BlockLine.IsOpen(e.state) ? accounts.GetValueOrDefault(e.line.Line.Value) : null)));
            foreach (var (place, entry, line) in entries)
            {
                if (index > fromBlock || entry >= fromEntry) yield return (place, line);
            }
        }
    }

    private async Task<Dictionary<Guid, string>> Accounts(Guid block, CancellationToken ct)
    {
        var boxes = new List<(Guid Line, MemberRef Member, byte[] Box)>();
        await foreach (var row in readings.Stream(readings.Named<LineBlockView>("accounts_of_block"), [block], ct))
        {
            boxes.Add(((Guid)row[0]!, new MemberRef((Guid)row[1]!), (byte[])row[2]!));
        }
        var rows = (await people.OfMembers([.. boxes.Select(b => b.Member)], ct)).ToDictionary(r => r.Member);
        return boxes.Where(b => rows.ContainsKey(b.Member)).ToDictionary(b => b.Line, b => vault.OpenFor(rows[b.Member], b.Box, b.Line));
    }

    private static class Place
    {
        public static string Write(int block, int entry) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{block}.{entry}");

        public static (int Block, int Entry) Read(string? place) =>
            place?.Split('.') is [var block, var entry] && int.TryParse(block, out var b) && int.TryParse(entry, out var e) ? (b, e) : (0, 0);
    }
}
