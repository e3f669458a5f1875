using Registry.Application.Members;
using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

/// <summary>Who asks about mandates: the person, or an organisation.</summary>
public sealed record MandateReader(string? Subject, OrganisationId? Organisation)
{
    /// <summary>A representative's reading is a disclosure; a person's own is none.</summary>
    public IEnumerable<Disclosure> Discloses(Disclosed what) => Organisation is { } by && what.Count > 0 ? [new(by, Disclosing.OwnMembers, Disclosing.Membership, what)] : [];
}

/// <summary>Mandates as they stand today: what their events say, and whether their representative is still there.</summary>
public sealed class MandateReadings(Readings readings, People people, Dissolutions dissolutions, LegalTime clock)
{
    /// <summary>One call decides on one day for each.</summary>
    private readonly System.Collections.Concurrent.ConcurrentDictionary<OrganisationId, DateOnly?> dissolved = new();

    public DateOnly Today => clock.Today("EU");

    public async Task<Mandate> Standing(Mandate facts, CancellationToken ct) => facts.WithoutRepresentative(await DissolvedOn(facts.Deed.Representative, ct), Today);

    public async Task<DateOnly?> DissolvedOn(OrganisationId representative, CancellationToken ct)
    {
        if (!dissolved.TryGetValue(representative, out var on)) dissolved[representative] = on = await dissolutions.On(representative, ct);
        return on;
    }

    public async Task<MandateView> View(Mandate facts, CancellationToken ct) => MandateView.Of(await Standing(facts, ct), Today);

    public async Task<Reply<MandateView>> Show(Reply<MandateRow> reply, CancellationToken ct)
    {
        if (reply.View is not { } row) return reply.As(_ => (MandateView)null!);
        var view = await View(row.Facts, ct);
        return reply.As(_ => view);
    }

    /// <summary>A mandate that the asker may know of: the person's own, the representative's, or its substitute's.</summary>
    public async Task<Reply<MandateRow>> Find(Guid id, MandateReader by, CancellationToken ct)
    {
        if (await readings.Find<MandateRow>(id, ct) is not { View: { } row } found) return MandateRefusals.Unknown;
        var theirs = by.Organisation is { } organisation
            ? row.Facts.Deed.Representative == organisation || (row.Facts.Substitute == organisation && (await Standing(row.Facts, ct)).StatusOn(Today) is (MandateStatus.Active or MandateStatus.Paused))
            : by.Subject is { } subject && (await people.OfSubject(subject, ct)).Any(r => r.Member == row.Facts.Deed.Member);
        return theirs ? found : MandateRefusals.Unknown;
    }

    /// <summary>All mandates of some references of one person, who has few.</summary>
    public async Task<List<Reply<MandateRow>>> OfMembers(IReadOnlyCollection<MemberRef> members, CancellationToken ct)
    {
        var (all, page) = (new List<Reply<MandateRow>>(), new PageAsked(200, null));
        while (members.Count > 0)
        {
            var (rows, next) = await readings.Page<MandateRow>("of_members", [members.Select(m => m.Value).ToArray()], page, ct);
            all.AddRange(rows);
            if (next is null) break;
            page = page with { After = next };
        }
        return all;
    }
}
