using MediatR;
using Registry.Application.Members;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>A mandate, read by its member or by its representative. To anybody else it does not exist.</summary>
public sealed record GetMandate(Guid Id, MandateReader By) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => By.Discloses(view.Disclosed);
}

/// <summary>A representative's own mandates, or a member's own; one disclosure a page.</summary>
public sealed record ListMandates(MandateReader By, MandateStatus? State, Guid? Controller, PageAsked Page) : IRequest<Reply<MandatePage>>, IDiscloses<MandatePage>
{
    public IEnumerable<Disclosure> Discloses(MandatePage view) => By.Discloses(view.Disclosed);
}

public sealed record MandatePage(Page<MandateView> Page) : IAboutMembers
{
    public Disclosed Disclosed => new([.. Page.Items.Select(m => new MandateId(m.Id))], null, Page.Items.Count);
}

public sealed class GetMandateHandler(MandateReadings mandates) : IRequestHandler<GetMandate, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(GetMandate q, CancellationToken ct) => await mandates.Show(await mandates.Find(q.Id, q.By, ct), ct);
}

public sealed class ListMandatesHandler(Readings readings, MandateReadings mandates, People people) : IRequestHandler<ListMandates, Reply<MandatePage>>
{
    public async Task<Reply<MandatePage>> Handle(ListMandates q, CancellationToken ct)
    {
        var (query, arguments) = await Asked(q, ct);
        var items = new List<MandateView>();
        var (asked, next) = (q.State is null && q.Controller is null ? q.Page : q.Page with { Limit = 200 }, (string?)"");
        while (next is not null && items.Count <= q.Page.Limit)
        {
            (var rows, next) = await readings.Page<MandateRow>(query, arguments, asked, ct);
            foreach (var row in rows)
            {
                var mandate = await mandates.View(row.View!.Facts, ct);
                if (!(mandate.KeptUntil < mandates.Today) && Fits(mandate, q)) items.Add(mandate);
            }
            asked = asked with { After = next };
        }
        var shown = items.Take(q.Page.Limit).ToList();
        return new MandatePage(new Page<MandateView>(shown, items.Count > q.Page.Limit || next is not null ? shown[^1].Id.ToString() : null));
    }

    /// <summary>What was said of a mandate is searched by; what follows from the day is looked at row by row.</summary>
    private async Task<(string Query, IReadOnlyList<object?> Arguments)> Asked(ListMandates q, CancellationToken ct)
    {
        if (q.By.Organisation is not { } representative) return ("of_members", [(await people.OfSubject(q.By.Subject!, ct)).Select(r => r.Member.Value).ToArray()]);
        return q.State is MandateStatus.Offered or MandateStatus.Active or MandateStatus.Paused or MandateStatus.Renounced
            ? ("of_representative_said", [representative.Value, RegistryJson.Word(q.State.Value)])
            : ("of_representative", [representative.Value]);
    }

    private static bool Fits(MandateView mandate, ListMandates q) =>
        (q.State is null || mandate.State == q.State) && (q.Controller is null || mandate.Scopes.Any(s => s.Controllers.Contains(q.Controller.Value)));
}
