using FluentValidation;
using MediatR;
using Registry.Application.Members;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>The member keeps a proof of their own: its digest stands in the log, the document stays with the member, a remark goes to the vault.</summary>
public sealed record AddProof(MandateId Mandate, string Subject, string DocumentHash, DateOnly MadeOn, string? Note) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => []; // a member is shown their own
}

public sealed class AddProofValidator : AbstractValidator<AddProof>
{
    public AddProofValidator()
    {
        RuleFor(c => c.DocumentHash).Digest();
        RuleFor(c => c.Note).MaximumLength(2_000).WithErrorCode("text-too-long");
    }
}

public sealed class AddProofHandler(Ledger ledger, MandateReadings mandates, People people, Vault vault, LegalTime clock) : IRequestHandler<AddProof, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(AddProof c, CancellationToken ct)
    {
        var proof = new MemberProof(NewIds.Secret(), c.DocumentHash, c.MadeOn);
        var rows = await people.OfSubject(c.Subject, ct);
        var reply = await ledger.Decide<Mandate, MandateEvent, MandateRow>(
            c.Mandate.Value, mandate => Mandate.AddProof(mandate, rows.FirstOrDefault(r => r.Member == mandate?.Deed.Member)?.Member, proof, mandates.Today, clock.Now), ct);
        if (reply.Changed && c.Note is { } note) await Remark(reply.View!.Facts, proof.Id, note, ct);
        return await mandates.Show(reply, ct);
    }

    private async Task Remark(Mandate mandate, Guid proof, string note, CancellationToken ct)
    {
        var said = Person.Nobody with { Remarks = new Dictionary<Guid, string> { [proof] = note } };
        while ((await people.OfMembers([mandate.Deed.Member], ct)).FirstOrDefault() is { } row && !await people.Change(row, vault.Reseal(row, vault.Open(row).With(said)), ct)) ct.ThrowIfCancellationRequested();
    }
}
