using MediatR;
using Registry.Application.Mandates;
using Registry.Application.Organisations;

namespace Registry.Application.Members;

/// <summary>What the registry holds of the person who asks: accounts, and the mandates given.</summary>
public sealed record ReadMe(string Subject) : IRequest<Reply<MeView>>;

public sealed record MeView(IReadOnlyList<AccountKept> Accounts, IReadOnlyList<MyMandate> Mandates);

public sealed record MyMandate(Guid Id, Guid Representative, string RepresentativeName, string State);

public sealed class ReadMeHandler(Readings readings, People people, Vault vault, LegalTime clock) : IRequestHandler<ReadMe, Reply<MeView>>
{
    private const int Most = 1_000;

    public async Task<Reply<MeView>> Handle(ReadMe q, CancellationToken ct)
    {
        var rows = await people.OfSubject(q.Subject, ct);
        var (mandates, _) = await readings.Page<MandateView>("of_members", [rows.Select(r => r.Member.Value).ToArray()], new PageAsked(Most, null), ct);
        var mine = new List<MyMandate>();
        foreach (var mandate in mandates.Select(m => m.View!.On(clock.Today("EU"))))
        {
            mine.Add(new MyMandate(mandate.Id, mandate.Representative, (await readings.View<OrganisationView>(mandate.Representative, ct))!.Name, mandate.State));
        }
        var accounts = rows.SelectMany(row => vault.Open(row).Accounts).DistinctBy(a => a.Key).Select(a => new AccountKept(a.Key, a.Value));
        return new MeView([.. accounts], mine);
    }
}
