using MediatR;
using Registry.Application.Members;
using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.EventStore.Views;

namespace Registry.Application.Mandates;

/// <summary>Where a mandate was read or used. A row that names no mandate is about every line of its request.</summary>
public static class MandateUses
{
    public const string Read = "read", Filed = "filed";

    public static readonly Table Table = new(
        "mandate_uses", "", Column.Uuid("id"), Column.Instant("at"), Column.Text("kind"), Column.Uuid("who"), Column.Text("purpose"), Column.Text("category"), Column.Uuid("request"), Column.Text("named"));

    public static TableRow Row(DateTimeOffset at, string kind, OrganisationId who, string purpose, string category, IEnumerable<MandateId> mandates, RequestId? request) =>
        Table.Row(NewIds.Public(at), at.UtcDateTime, kind, who.Value, purpose, category, request?.Value, string.Join(',', mandates));
}

/// <summary>Who used a mandate: by whom, when, for what, in which request. For the person and the representative.</summary>
public sealed record ReadUses(Guid Mandate, MandateReader By, PageAsked Page) : IRequest<Reply<UsesRead>>, IDiscloses<UsesRead>
{
    public IEnumerable<Disclosure> Discloses(UsesRead view) => By.Discloses(view.Disclosed);
}

/// <param name="Kind"><c>read</c>: shown to somebody; <c>filed</c>: put into a request.</param>
public sealed record UseView(DateTimeOffset At, string Kind, UserView By, string Purpose, string Category, Guid? Request);

public sealed record UserView(Guid Organisation, string Name);

public sealed record UsesRead(Guid Mandate, Page<UseView> Page) : IAboutMembers
{
    public Disclosed Disclosed => new([new MandateId(Mandate)], null, 1);
}

public sealed class ReadUsesHandler(MandateReadings mandates, UsesOfMandate uses) : IRequestHandler<ReadUses, Reply<UsesRead>>
{
    public async Task<Reply<UsesRead>> Handle(ReadUses q, CancellationToken ct)
    {
        var found = await mandates.Find(q.Mandate, q.By, ct);
        if (found.View is not { } row) return found.Refused!;
        if (row.Facts.KeptUntil() < mandates.Today) return Domain.Mandates.MandateRefusals.Unknown;
        return new UsesRead(q.Mandate, await uses.Page(q.Mandate, q.Page, ct));
    }
}

public sealed class UsesOfMandate(Readings readings)
{
    public async Task<Page<UseView>> Page(Guid mandate, PageAsked page, CancellationToken ct)
    {
        var (uses, names, last) = (new List<UseView>(), new Dictionary<Guid, string>(), (Guid?)null);
        var rows = await readings.Rows(readings.Named<MandateRow>("uses"), [mandate, page.AfterId, page.Limit + 1], row => row, ct);
        foreach (var row in rows.Take(page.Limit))
        {
            var who = (Guid)row[3]!;
            if (!names.TryGetValue(who, out var name)) names[who] = name = (await readings.View<OrganisationView>(who, ct))!.Name;
            uses.Add(new UseView(new DateTimeOffset((DateTime)row[1]!, TimeSpan.Zero), (string)row[2]!, new UserView(who, name), (string)row[4]!, (string)row[5]!, (Guid?)row[6]));
            last = (Guid)row[0]!;
        }
        return new Page<UseView>(uses, rows.Count > page.Limit ? last.ToString() : null);
    }
}
