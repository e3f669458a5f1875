using MediatR;
using Registry.Application.Mandates;
using Registry.Application.Organisations;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.Members;

/// <summary>What the registry holds of the person who asks: what is said of them, accounts, and the mandates given.</summary>
public sealed record ReadMe(string Subject) : IRequest<Reply<MeView>>;

/// <param name="Held">What representatives wrote down of the person.</param>
public sealed record MeView(IReadOnlyList<AccountKept> Accounts, IReadOnlyList<HeldView> Held, IReadOnlyList<MyMandate> Mandates);

public sealed record HeldView(Guid Representative, string RepresentativeName, string? Name, string? Contact, string? MemberReference);

public sealed record MyMandate(Guid Id, Guid Representative, string RepresentativeName, MandateStatus State, Validity Validity);

/// <summary>Everything held of the person, to take along (GDPR 15 and 20).</summary>
public sealed record ExportMe(string Subject) : IRequest<Reply<ExportView>>;

public sealed record ExportedMandate(MandateView Mandate, IReadOnlyList<ProofView> Evidence, IReadOnlyList<UseView> Uses, System.Text.Json.Nodes.JsonObject Receipt);

public sealed record ProofView(Guid Id, string DocumentHash, DateOnly MadeOn, string? Note);

public sealed record ExportView(DateTimeOffset At, IReadOnlyList<AccountKept> Accounts, IReadOnlyList<HeldView> Held, IReadOnlyList<ExportedMandate> Mandates, IReadOnlyList<MyRequest> Requests);

/// <summary>The requests in which the person stands, with their own lines only.</summary>
public sealed record ReadMyRequests(string Subject, PageAsked Page) : IRequest<Reply<Page<MyRequest>>>;

public sealed record MyRequest(
    Guid Id, Guid Representative, string RepresentativeName, Guid Platform, string PlatformName, string Purpose, DateOnly? FiledOn, DateOnly? ReceivedOn, IReadOnlyList<MyLine> Lines);

/// <param name="Deliveries">What the platform says that it delivered in this category, to be checked against what came.</param>
public sealed record MyLine(Guid Line, Guid Mandate, string Category, string Hook, LineState State, DateOnly? Due, Recipient DeliverTo, IReadOnlyList<MyDelivery> Deliveries);

/// <param name="Late">It came after you had changed your mind; it must not be used.</param>
/// <param name="Checked">What the receiver found.</param>
public sealed record MyDelivery(Guid Delivery, string Sha256, DateOnly On, bool Late, CheckResult? Checked);

/// <summary>What is known of one person, put together from the vault, the mandates and the lines.</summary>
public sealed class Myself(Ledger ledger, Readings readings, RequestReadings requests, MandateReadings mandates, People people, Vault vault)
{
    private readonly Dictionary<Guid, string> names = [];

    /// <summary>Of whom no mandate is left that would keep their name, nothing is told from the vault, even where the clean-up is late.</summary>
    public async Task<List<VaultRow>> Rows(string subject, CancellationToken ct)
    {
        var rows = await people.OfSubject(subject, ct);
        var last = (await mandates.OfMembers(Members(rows), ct)).Select(row => row.View!.Facts).GroupBy(m => m.Deed.Member).ToDictionary(g => g.Key, g => g.Max(m => m.OverFrom()));
        var over = rows.Where(row => last.TryGetValue(row.Member, out var end) && end.AddDays(MandatePolicy.VaultDays) < mandates.Today).Select(row => row.Member).ToHashSet();
        if (over.Count > 0 && rows.All(row => over.Contains(row.Member) || row.Representative == People.Themselves)) over.UnionWith(Members(rows));
        return [.. rows.Select(row => over.Contains(row.Member) ? row with { WrappedKey = [], Sealed = [] } : row)];
    }

    public static IReadOnlyCollection<MemberRef> Members(IEnumerable<VaultRow> rows) => [.. rows.Select(r => r.Member)];

    public IReadOnlyList<AccountKept> Accounts(IEnumerable<VaultRow> rows) =>
        [.. rows.SelectMany(row => vault.Open(row).Accounts).DistinctBy(a => a.Key).Select(a => new AccountKept(a.Key, a.Value))];

    public async Task<IReadOnlyList<HeldView>> Held(IEnumerable<VaultRow> rows, CancellationToken ct)
    {
        var held = new List<HeldView>();
        foreach (var row in rows.Where(r => r.Representative != People.Themselves && r.Sealed.Length > 0))
        {
            var person = vault.Open(row);
            held.Add(new HeldView(row.Representative.Value, await Name(row.Representative.Value, ct), person.Name, person.Contact, person.Reference));
        }
        return held;
    }

    public async Task<IReadOnlyList<Mandate>> Mandates(IReadOnlyCollection<MemberRef> members, CancellationToken ct) =>
        [.. (await mandates.OfMembers(members, ct)).Select(row => row.View!.Facts).Where(facts => facts.KeptUntil() >= mandates.Today)];

    public IReadOnlyDictionary<Guid, string> Remarks(IEnumerable<VaultRow> rows) =>
        rows.SelectMany(row => vault.Open(row).Remarks ?? new Dictionary<Guid, string>()).ToDictionary(r => r.Key, r => r.Value);

    public async Task<Page<MyRequest>> Requests(IReadOnlyCollection<MemberRef> members, PageAsked page, CancellationToken ct)
    {
        if (members.Count == 0) return new Page<MyRequest>([], null);
        var own = (await mandates.OfMembers(members, ct)).Select(row => row.View!.Facts.Id).ToHashSet();
        var (rows, next) = await readings.Page<RequestView>("of_members", [members.Select(m => m.Value).ToArray()], page, ct);
        var blocks = await readings.Rows(readings.Named<LineBlockView>("blocks_of_mandates"), [own.Select(m => m.Value).ToArray()], row => (Block: (Guid)row[1]!, Request: (Guid)row[2]!), ct);
        var mine = new List<MyRequest>();
        foreach (var request in rows.Select(r => r.View!)) mine.Add(await Mine(request, own, [.. blocks.Where(b => b.Request == request.Id && request.Blocks.Contains(b.Block)).Select(b => b.Block)], ct));
        return new Page<MyRequest>(mine, next);
    }

    private async Task<MyRequest> Mine(RequestView request, HashSet<MandateId> own, IReadOnlyList<Guid> blocks, CancellationToken ct)
    {
        var day = await requests.Day(request, ct);
        var lines = new List<MyLine>();
        foreach (var id in blocks)
        {
            var block = await ledger.Load<LineBlock, LineBlockEvent>(id, ct);
            if (block is null) continue; // dropped
            lines.AddRange(
                from line in block.Lines
                where own.Contains(line.Mandate)
                from column in block.Columns.Select((column, index) => (column, state: line.States[index]))
                where column.state is not null
                select new MyLine(
                    line.Line.Value, line.Mandate.Value, column.column.Category, column.column.Hook, column.state!.Value, requests.Last(day, column.column, line.Clock), line.AnsweredTo(day.AsOf),
                    [.. line.Manifests.Where(m => m.Category == column.column.Category).Select(m => new MyDelivery(m.Delivery.Value, m.Sha256, m.On, m.Late, m.Checked))]));
        }
        var matter = request.Matter;
        return new MyRequest(
            request.Id, matter.Representative.Value, await Name(matter.Representative.Value, ct), matter.Platform.Value, await Name(matter.Platform.Value, ct), matter.Purpose,
            request.FiledOn, request.ReceivedOn, lines);
    }

    public async Task<string> Name(Guid organisation, CancellationToken ct)
    {
        if (!names.TryGetValue(organisation, out var name)) names[organisation] = name = (await readings.View<OrganisationView>(organisation, ct))!.Name;
        return name;
    }
}

public sealed class ReadMeHandler(Myself me, MandateReadings mandates) : IRequestHandler<ReadMe, Reply<MeView>>
{
    public async Task<Reply<MeView>> Handle(ReadMe q, CancellationToken ct)
    {
        var rows = await me.Rows(q.Subject, ct);
        var mine = new List<MyMandate>();
        foreach (var facts in await me.Mandates(Myself.Members(rows), ct))
        {
            var mandate = await mandates.View(facts, ct);
            mine.Add(new MyMandate(mandate.Id, mandate.Representative, await me.Name(mandate.Representative, ct), mandate.State, mandate.Validity));
        }
        return new MeView(me.Accounts(rows), await me.Held(rows, ct), mine);
    }
}

public sealed class ReadMyRequestsHandler(Myself me) : IRequestHandler<ReadMyRequests, Reply<Page<MyRequest>>>
{
    public async Task<Reply<Page<MyRequest>>> Handle(ReadMyRequests q, CancellationToken ct) => await me.Requests(Myself.Members(await me.Rows(q.Subject, ct)), q.Page, ct);
}

public sealed class ExportMeHandler(Myself me, MandateReadings mandates, Receipts receipts, UsesOfMandate uses, LegalTime clock) : IRequestHandler<ExportMe, Reply<ExportView>>
{
    public async Task<Reply<ExportView>> Handle(ExportMe q, CancellationToken ct)
    {
        var rows = await me.Rows(q.Subject, ct);
        var (members, remarks, exported) = (Myself.Members(rows), me.Remarks(rows), new List<ExportedMandate>());
        foreach (var facts in await me.Mandates(members, ct))
        {
            var used = await All(page => uses.Page(facts.Id.Value, page, ct));
            exported.Add(new ExportedMandate(
                await mandates.View(facts, ct), [.. facts.Proofs.Select(p => new ProofView(p.Id, p.DocumentHash, p.MadeOn, remarks.GetValueOrDefault(p.Id)))], used, (await receipts.Of(facts.Id, ct)).Document));
        }
        return new ExportView(clock.Now, me.Accounts(rows), await me.Held(rows, ct), exported, await All(page => me.Requests(members, page, ct)));
    }

    private static async Task<List<TItem>> All<TItem>(Func<PageAsked, Task<Page<TItem>>> read)
    {
        var (all, after) = (new List<TItem>(), (string?)"");
        while (after is not null)
        {
            var page = await read(new PageAsked(200, after));
            all.AddRange(page.Items);
            after = page.Next;
        }
        return all;
    }
}
