using MediatR;
using Registry.Application.Instance;
using Registry.Application.Mandates;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Members;

/// <summary>Ends every mandate of the person, then destroys what names them (GDPR 17). What was done with the mandates stays, and points at nobody.</summary>
public sealed record EraseMe(string Subject) : IRequest<Reply<MeView>>;

public sealed class EraseMeHandler(Ledger ledger, Readings readings, People people, LinesOfMandate lines, RegistryInstance instance, LegalTime clock)
    : IRequestHandler<EraseMe, Reply<MeView>>
{
    private const int AtOnce = 200;

    public async Task<Reply<MeView>> Handle(EraseMe c, CancellationToken ct)
    {
        var rows = await people.OfSubject(c.Subject, ct);
        var members = rows.Select(r => r.Member).ToList();
        for (var page = new PageAsked(AtOnce, null); ;)
        {
            var (mandates, next) = await readings.Page<MandateView>("of_members", [members.Select(m => m.Value).ToArray()], page, ct);
            foreach (var mandate in mandates) await Withdraw(mandate.View!, ct);
            if (next is null) break;
            page = page with { After = next };
        }
        await instance.Erase([.. members.Select(m => m.Value)], ct);
        return new MeView([], []);
    }

    /// <summary>An act of its own for each: two mandates may stand in one block of lines.</summary>
    private Task<Reply<MandateView>> Withdraw(MandateView mandate, CancellationToken ct) => ledger.Together<MandateView, MandateEvent>(async act =>
    {
        var reply = await act.Decide<Mandate, MandateEvent, MandateView>(
            mandate.Id, known => Mandate.Withdraw(known, new Speaker(mandate.Member, null), null, null, null, clock.Now), ct);
        if (act.HasEvents) await lines.CancelUncovered(act, reply.View!, ct);
        return reply;
    }, ct, remembered: false);
}
