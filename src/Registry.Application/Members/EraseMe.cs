using MediatR;
using Registry.Application.Instance;
using Registry.Application.Mandates;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Members;

/// <summary>Ends every mandate of the person, then destroys what names them (GDPR 17). What was done with the mandates stays, and points at nobody.</summary>
public sealed record EraseMe(string Subject) : IRequest<Reply<MeView>>;

public sealed class EraseMeHandler(MembersWords words, MandateReadings mandates, People people, RegistryInstance instance, LegalTime clock)
    : IRequestHandler<EraseMe, Reply<MeView>>
{
    public async Task<Reply<MeView>> Handle(EraseMe c, CancellationToken ct)
    {
        // Looked at again until nothing is left: an import under way may have written somebody down meanwhile.
        while (await people.OfSubject(c.Subject, ct) is { Count: > 0 } rows)
        {
            var members = rows.Select(r => r.Member).ToList();
            foreach (var mandate in await mandates.OfMembers(members, ct)) await Withdraw(mandate.View!.Facts, ct);
            await instance.Erase([.. members.Select(m => m.Value)], ct);
        }
        return new MeView([], [], []);
    }

    /// <summary>An act of its own for each: two mandates may stand in one block of lines.</summary>
    private Task<Reply<MandateRow>> Withdraw(Mandate mandate, CancellationToken ct) => words.Ending(
        mandate.Id, known => Mandate.Withdraw(known, new Speaker(mandate.Deed.Member, null), null, null, null, mandates.Today, clock.Now), ct, remembered: false);
}
