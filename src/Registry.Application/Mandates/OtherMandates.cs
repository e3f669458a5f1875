using Registry.Application.Members;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.RuleSets;

namespace Registry.Application.Mandates;

/// <summary>
/// What the beginning or the end of one mandate does to the person's others, in its own append. Acts on others of the
/// person meanwhile make it lose, so that of two that begin at once one sees the other.
/// </summary>
public sealed class OtherMandates(Readings readings, MandateReadings mandates, People people, Subjects subjects, LinesOfMandate lines, Law law, LegalTime clock)
{
    /// <summary>A mandate holds from now on: what shares its matter ends, and its lines with it.</summary>
    public async Task Supersede(Act act, Mandate begun, CancellationToken ct)
    {
        var now = new Dictionary<MandateId, Mandate> { [begun.Id] = begun };
        foreach (var other in begun.Deed.Exclusive ? await Of(act, begun, ct) : [])
        {
            var reply = await act.Decide<Mandate, MandateEvent, MandateRow>(
                other.Id, known => Supersession.Of(begun, known!, law.Codes, mandates.Today, clock.Now), ct);
            now[other.Facts.Id] = reply.View!.Facts;
            if (!reply.Changed) act.ExpectVersion<Mandate>(other.Id, reply.Revision);
            else act.Tell(other.Facts.Deed.Representative, "mandate.superseded", other.Id);
        }
        foreach (var (member, representative) in now.Values.Select(m => (m.Deed.Member, m.Deed.Representative)).Distinct().ToList()) await lines.Follow(act, member, representative, now.Values, ct);
    }

    /// <summary>A document that the member has withdrawn is no evidence for a new mandate.</summary>
    public async Task<Refusal?> Withdrawn(MandateDeed deed, CancellationToken ct) =>
        (await mandates.OfMembers([deed.Member], ct)).Any(row => row.View!.Facts.Said == MandateStatus.Withdrawn && row.View.Facts.Deed.Evidence?.DocumentHash == deed.Evidence?.DocumentHash)
            ? MandateRefusals.DocumentWithdrawn
            : null;

    /// <summary>A mandate, or a scope of it, ended before its first day: what it was to take over stays where it was.</summary>
    public async Task GiveBack(Act act, Mandate before, Mandate after, CancellationToken ct)
    {
        if (before.Validity.From <= mandates.Today) return;
        var standing = (await Of(act, before, ct)).Select(row => row.Facts).OrderByDescending(m => m.GrantedAt).ToList(); // the later word first
        for (var i = 0; i < standing.Count; i++)
        {
            var other = standing[i];
            var reply = await act.Decide<Mandate, MandateEvent, MandateRow>(other.Id.Value, known => Supersession.Lifted(before, after, known!, standing, law.Codes, mandates.Today, clock.Now), ct);
            if (reply.View is { } row) standing[i] = row.Facts;
        }
    }

    /// <summary>Of the same reference always; of the person's other representatives only where the person granted it: records of two unions are never matched.</summary>
    private async Task<IEnumerable<MandateRow>> Of(Act act, Mandate mandate, CancellationToken ct)
    {
        var members = new HashSet<MemberRef> { mandate.Deed.Member };
        if (!mandate.Recorded && (await people.OfMembers([mandate.Deed.Member], ct)).FirstOrDefault()?.SubjectIndex is { } person)
        {
            members.UnionWith((await subjects.Of(person, ct)).Select(row => row.Member));
        }
        var rows = await mandates.OfMembers(members, ct);
        foreach (var member in members) act.Expect(readings.Named<MandateRow>("count_of_member"), member.Value, rows.Count(r => r.View!.Facts.Deed.Member == member));
        return rows.Select(r => r.View!).Where(r => r.Facts.Id != mandate.Id && r.Facts.Deed.Exclusive);
    }
}
