using System.Security.Cryptography;
using MediatR;
using Registry.Application.Members;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>Makes a code with which the person of a paper record takes it over once they sign in.</summary>
public sealed record InviteMember(MandateId Mandate, OrganisationId By) : IRequest<Reply<InvitationView>>, IDiscloses<InvitationView>
{
    public IEnumerable<Disclosure> Discloses(InvitationView view) => [new(By, Disclosing.OwnMembers, Disclosing.Membership, view.Disclosed)];
}

/// <param name="Code">Shown once: null when the call is repeated.</param>
/// <param name="Until">The last day on which it can be taken up; told with the code.</param>
public sealed record InvitationView(Guid Mandate, string? Code, DateOnly? Until) : IAboutMembers
{
    public Disclosed Disclosed => new([new MandateId(Mandate)], null, 1);
}

public sealed class InviteMemberHandler(Ledger ledger, Readings readings, MandateReadings mandates, Vault vault, LegalTime clock) : IRequestHandler<InviteMember, Reply<InvitationView>>
{
    public async Task<Reply<InvitationView>> Handle(InviteMember c, CancellationToken ct)
    {
        var (code, until) = (InvitationCode.New(), mandates.Today.AddDays(MandatePolicy.InvitationDays));
        var reply = await ledger.Together<MandateRow, MandateEvent>(async act =>
        {
            var invited = await act.Decide<Mandate, MandateEvent, MandateRow>(c.Mandate.Value, mandate => Mandate.Invite(mandate, c.By, until, clock.Now), ct);
            if (invited.Changed) await readings.Execute(readings.Named<MandateRow>("drop_invitations"), [c.Mandate.Value], ct); // an earlier code goes: it may have reached somebody else
            if (invited.View is { } row) act.Write(MandateRow.Invitations.Row(InvitationCode.Digest(vault, code), c.Mandate.Value, row.Facts.Deed.Member.Value, LegalDates.Text(until)));
            return invited;
        }, ct);
        return reply.As(_ => new InvitationView(c.Mandate.Value, reply.Replayed ? null : code, reply.Replayed ? null : until));
    }
}

/// <summary>80 random bits in 16 letters and digits that nobody takes for each other (Crockford's base 32).</summary>
internal static class InvitationCode
{
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New() => string.Join('-', RandomNumberGenerator.GetItems<char>(Letters, 16).Chunk(4).Select(four => new string(four)));

    public static byte[] Digest(Vault vault, string code) => vault.Blind("invitation", Read(code));

    /// <summary>As somebody may type it.</summary>
    private static string Read(string code) => string.Concat(code.ToUpperInvariant().Where(c => c is not ('-' or ' ')).Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c }));
}
