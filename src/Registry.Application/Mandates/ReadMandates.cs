using MediatR;
using Registry.Application.Members;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.RuleSets;

namespace Registry.Application.Mandates;

/// <summary>A mandate, read by its member or by its representative. To anybody else it does not exist.</summary>
public sealed record GetMandate(Guid Id, string? Subject, OrganisationId? Representative) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => Representative is { } by ? [new(by, Disclosing.OwnMembers, Disclosing.Membership, view.Disclosed)] : [];
}

/// <summary>A representative's own mandates, or a member's own; one disclosure a page.</summary>
public sealed record ListMandates(string? Subject, OrganisationId? Representative, string? State, Guid? Controller, PageAsked Page)
    : IRequest<Reply<MandatePage>>, IDiscloses<MandatePage>
{
    public IEnumerable<Disclosure> Discloses(MandatePage view) => Representative is { } by && view.Page.Items.Count > 0 ? [new(by, Disclosing.OwnMembers, Disclosing.Membership, view.Disclosed)] : [];
}

public sealed record MandatePage(Page<MandateView> Page) : IAboutMembers
{
    public Disclosed Disclosed => new([.. Page.Items.Select(m => new MandateId(m.Id))], null, Page.Items.Count);
}

public sealed record ListMandateTexts(string? Language) : IRequest<Reply<Page<MandateText>>>;

public sealed class GetMandateHandler(Readings readings, People people, LegalTime clock) : IRequestHandler<GetMandate, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(GetMandate q, CancellationToken ct)
    {
        if (await readings.Find<MandateView>(q.Id, ct) is not { } found) return MandateRefusals.Unknown;
        var theirs = q.Representative is { } representative
            ? found.View!.Representative == representative.Value
            : q.Subject is not null && (await people.OfSubject(q.Subject, ct)).Any(r => r.Member == found.View!.Member);
        return theirs ? found.As(view => view.On(clock.Today("EU"))) : MandateRefusals.Unknown;
    }
}

public sealed class ListMandatesHandler(Readings readings, People people, LegalTime clock) : IRequestHandler<ListMandates, Reply<MandatePage>>
{
    public async Task<Reply<MandatePage>> Handle(ListMandates q, CancellationToken ct)
    {
        var (query, whose) = q.Representative is { } representative
            ? ("of_representative", (object)representative.Value)
            : ("of_members", (await people.OfSubject(q.Subject!, ct)).Select(r => r.Member.Value).ToArray());
        var items = new List<MandateView>();
        var (asked, next) = (q.Page, (string?)"");
        while (next is not null && items.Count <= q.Page.Limit)
        {
            (var rows, next) = await readings.Page<MandateView>(query, [whose], asked, ct);
            items.AddRange(rows.Select(r => r.View!.On(clock.Today("EU"))).Where(m => !(m.KeptUntil < clock.Today("EU")))
                .Where(m => (q.State is null || m.State == q.State) && (q.Controller is null || m.Scopes.Any(s => s.Controllers.Contains(q.Controller.Value)))));
            asked = asked with { After = next };
        }
        var shown = items.Take(q.Page.Limit).ToList();
        return new MandatePage(new Page<MandateView>(shown, items.Count > q.Page.Limit || next is not null ? shown[^1].Id.ToString() : null));
    }
}

public sealed class ListMandateTextsHandler(Law law) : IRequestHandler<ListMandateTexts, Reply<Page<MandateText>>>
{
    public Task<Reply<Page<MandateText>>> Handle(ListMandateTexts q, CancellationToken ct) =>
        Task.FromResult<Reply<Page<MandateText>>>(new Page<MandateText>([.. law.MandateTexts.Where(t => q.Language is null || t.Language == q.Language)], null));
}
