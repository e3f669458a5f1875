using FluentValidation;
using MediatR;
using Registry.Application.Members;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>Joins a representative's paper record to the person who has signed in and knows its code. A code works once.</summary>
public sealed record LinkMember(string Subject, string Code) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => []; // a member is shown their own
}

public sealed class LinkMemberValidator : AbstractValidator<LinkMember>
{
    public LinkMemberValidator() => RuleFor(c => c.Code).Named(100);
}

public sealed class LinkMemberHandler(Ledger ledger, Readings readings, MandateReadings mandates, People people, Vault vault, LegalTime clock) : IRequestHandler<LinkMember, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(LinkMember c, CancellationToken ct)
    {
        var digest = InvitationCode.Digest(vault, c.Code);
        var reply = await ledger.Together<MandateRow, MandateEvent>(async act =>
        {
            if (await Invited(digest, ct) is not { } invitation) return MandateRefusals.UnknownInvitation;
            if ((await people.OfMembers([invitation.Member], ct)).FirstOrDefault() is not { SubjectIndex: null } row) return MandateRefusals.UnknownInvitation;
            var linked = await act.Decide<Mandate, MandateEvent, MandateRow>(invitation.Mandate, mandate => Mandate.Link(mandate, clock.Now), ct);
            act.Claim($"linked {invitation.Member}", NewIds.Secret()); // one record, one person: whoever comes second loses, and looks again
            people.ExpectThere(act, row);
            act.Write(Vault.Row(row with { SubjectIndex = vault.SubjectIndex(c.Subject) }));
            return linked;
        }, ct);
        if (reply.Changed) await readings.Execute(readings.Named<MandateRow>("drop_invitation"), [digest], ct);
        return await mandates.Show(reply, ct);
    }

    private async Task<(Guid Mandate, MemberRef Member)?> Invited(byte[] digest, CancellationToken ct)
    {
        var found = await readings.Rows(readings.Named<MandateRow>("invitation"), [digest], row => (Mandate: (Guid)row[0]!, Member: new MemberRef((Guid)row[1]!), Until: (string)row[2]!), ct);
        return found.Where(i => string.CompareOrdinal(i.Until, LegalDates.Text(mandates.Today)) >= 0).Select(i => ((Guid, MemberRef)?)(i.Mandate, i.Member)).FirstOrDefault();
    }
}
