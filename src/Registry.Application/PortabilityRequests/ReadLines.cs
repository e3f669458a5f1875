using MediatR;
using Registry.Application.Members;
using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>The lines of a request, a page at a time, or all of them in order. Each read is recorded, once and not per line.</summary>
public sealed record ReadLines(RequestId Id, OrganisationId By, PageAsked? Page) : IRequest<Reply<LinesRead>>, IDiscloses<LinesRead>
{
    public IEnumerable<Disclosure> Discloses(LinesRead view) => [new(By, view.Purpose, Disclosing.Membership, view.Disclosed)];
}

/// <summary>One (line, category, hook). By what the person is known only for the platform, only while the line is open; sealed where the platform published a key.</summary>
/// <param name="Identifier">A JWE (RFC 7516) of <c>{"accountId", "identityAnswer"}</c> to the platform's published key; then the two stand nowhere else.</param>
public sealed record LineView(
    Guid Line, string Category, string Hook, LineState State, DateOnly? Due, Recipient DeliverTo, string? AccountId, string? Identifier = null, string? IdentityAnswer = null);

/// <summary>Lines that are about to be shown: a page of them, or a stream. <paramref name="SealTo"/>: the key to which what names people is encrypted.</summary>
public sealed record LinesRead(RequestId Request, string Purpose, int Count, Page<LineView>? Page, IAsyncEnumerable<LineView>? All, string? SealTo) : IAboutMembers
{
    public Disclosed Disclosed => new([], Request, Count);
}

public sealed class ReadLinesHandler(Ledger ledger, Readings readings, RequestReadings requests, People people, Vault vault) : IRequestHandler<ReadLines, Reply<LinesRead>>
{
    public async Task<Reply<LinesRead>> Handle(ReadLines q, CancellationToken ct)
    {
        if (await readings.View<RequestView>(q.Id.Value, ct) is not { } view || !view.Facts.IsKnownTo(q.By)) return RequestRefusals.Unknown;
        var day = await requests.Day(view, ct);
        if (view.LinesUntil < day.AsOf) return new LinesRead(q.Id, view.Matter.Purpose, 0, new Page<LineView>([], null), null, null);
        var forPlatform = view.Matter.Platform == q.By;
        var sealTo = forPlatform ? day.Platform.Keys.LastOrDefault(k => k.Use == KeyUse.Enc)?.Jwk.GetRawText() : null;
        var lines = Lines(day, forPlatform, q.Page?.After, ct);
        if (q.Page is not { } page) return new LinesRead(q.Id, view.Matter.Purpose, view.Facts.Filed?.Count ?? 0, null, lines.Select(l => l.Line), sealTo);
        var items = new List<(string Place, LineView Line)>();
        await foreach (var line in lines)
        {
            items.Add(line);
            if (items.Count > page.Limit) break;
        }
        var next = items.Count > page.Limit ? items[page.Limit - 1].Place : null;
        return new LinesRead(q.Id, view.Matter.Purpose, Math.Min(items.Count, page.Limit), new Page<LineView>([.. items.Take(page.Limit).Select(i => i.Line)], next), null, sealTo);
    }

    /// <summary>
    /// Block by block, so that a hundred thousand lines never stand in memory; a place is "block.entry". A representative
    /// does not see those whose mandate is paused, was renounced or has run out.
    /// </summary>
    private async IAsyncEnumerable<(string Place, LineView Line)> Lines(
        RequestOnTheDay day, bool forPlatform, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (fromBlock, fromEntry) = Place.Read(after);
        var blocks = day.Facts.Blocks;
        for (var index = fromBlock; index < blocks.Count; index++)
        {
            var block = await ledger.Load<LineBlock, LineBlockEvent>(blocks[index], ct);
            if (block is null) yield break; // dropped
            var named = forPlatform && day.Facts.Closed is null;
            var (accounts, answers) = named ? (await Opened("accounts_of_block", blocks[index], ct), await Opened("answers_of_block", blocks[index], ct)) : ([], []);
            var entry = 0;
            foreach (var line in block.Lines)
            {
                for (var column = 0; column < block.Columns.Count; column++)
                {
                    if (line.States[column] is not { } state) continue;
                    entry++;
                    if ((index == fromBlock && entry <= fromEntry) || !(forPlatform || line.InSight(day.AsOf))) continue;
                    yield return (Place.Write(index, entry), View(requests.Last(day, block.Columns[column], line.Clock), day, block.Columns[column], line, state, accounts, answers));
                }
            }
        }
    }

    private static LineView View(DateOnly? due, RequestOnTheDay day, LineColumn column, BlockLine line, LineState state, Dictionary<Guid, string> accounts, Dictionary<Guid, string> answers)
    {
        var open = BlockLine.IsOpen(state);
        return new LineView(
            line.Line.Value, column.Category, column.Hook, state, due, line.AnsweredTo(day.AsOf),
            open ? accounts.GetValueOrDefault(line.Line.Value) : null, null, open ? answers.GetValueOrDefault(line.Line.Value) : null);
    }

    private async Task<Dictionary<Guid, string>> Opened(string query, Guid block, CancellationToken ct)
    {
        var boxes = await readings.Rows(readings.Named<LineBlockView>(query), [block], row => (Line: (Guid)row[0]!, Member: new MemberRef((Guid)row[1]!), Box: (byte[])row[2]!), ct);
        var rows = boxes.Count == 0 ? [] : (await people.OfMembers([.. boxes.Select(b => b.Member)], ct)).ToDictionary(r => r.Member);
        return boxes.Where(b => rows.ContainsKey(b.Member)).ToDictionary(b => b.Line, b => vault.OpenFor(rows[b.Member], b.Box, b.Line));
    }

    private static class Place
    {
        public static string Write(int block, int entry) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{block}.{entry}");

        public static (int Block, int Entry) Read(string? place) =>
            place?.Split('.') is [var block, var entry] && int.TryParse(block, out var b) && int.TryParse(entry, out var e) ? (b, e) : (0, 0);
    }
}
