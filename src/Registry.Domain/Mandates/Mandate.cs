using System.Diagnostics;
using Registry.Domain.Kernel;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Mandates;

public enum MandateStatus
{
    Offered,
    Active,
    Withdrawn,
}

/// <summary>Who speaks: the member, or the representative that writes the member's word down.</summary>
public sealed record Speaker(MemberRef? Member, OrganisationId? Representative);

public sealed record Mandate(MandateId Id, MandateDeed Deed, MandateStatus Status, IReadOnlyList<Scope> Live) : IEvolve<Mandate, MandateEvent>
{
    public static Mandate? Evolve(Mandate? mandate, MandateEvent happened) => happened switch
    {
        MandateGranted e => new(e.Mandate, e.Deed, MandateStatus.Offered, e.Deed.Scopes),
        MandateRecorded e => new(e.Mandate, e.Deed, MandateStatus.Active, e.Deed.Scopes),
        MandateAccepted => mandate! with { Status = MandateStatus.Active },
        MandateWithdrawn e => mandate!.Without(e.Scope),
        _ => throw new UnreachableException($"Mandate has no arm for {happened.GetType().Name}"),
    };

    /// <summary>Granted by the member it is an offer until the representative accepts (C. civ. 1984).</summary>
    public static Outcome<MandateEvent> Grant(
        Mandate? mandate, MandateId id, MandateDeed deed, VocabularySet codes, DateOnly today, DateTimeOffset at) =>
        mandate is not null ? MandateRefusals.Exists
        : MandatePolicy.Check(deed, codes, today) is { } refused ? refused
        : new MandateGranted(id, deed, at);

    public static Outcome<MandateEvent> Record(
        Mandate? mandate, MandateId id, MandateDeed deed, VocabularySet codes, DateOnly today, DateTimeOffset at) =>
        mandate is not null ? MandateRefusals.Exists
        : deed.Evidence is null ? MandateRefusals.EvidenceNeeded
        : MandatePolicy.Check(deed, codes, today) is { } refused ? refused
        : new MandateRecorded(id, deed, at);

    public static Outcome<MandateEvent> Accept(Mandate? mandate, OrganisationId by, DateOnly today, DateTimeOffset at) => mandate switch
    {
        null => MandateRefusals.Unknown,
        _ when mandate.Deed.Representative != by => MandateRefusals.Unknown,
        { Status: MandateStatus.Withdrawn } => MandateRefusals.Withdrawn,
        _ when mandate.Deed.Validity.To <= today => MandateRefusals.Expired,
        { Status: MandateStatus.Active } => Outcome<MandateEvent>.Nothing,
        _ => new MandateAccepted(mandate.Id, at),
    };

    public static Outcome<MandateEvent> Withdraw(
        Mandate? mandate, Speaker by, ScopeId? scope, DateOnly? receivedOn, MandateEvidence? evidence, DateTimeOffset at) => mandate switch
        {
            null => MandateRefusals.Unknown,
            _ when !mandate.IsHeardFrom(by) => MandateRefusals.Unknown, // not yours to know about
            { Status: MandateStatus.Withdrawn } => Outcome<MandateEvent>.Nothing, // asking twice is harmless
            _ when scope is { } named && mandate.Deed.Scopes.All(s => s.Id != named) => MandateRefusals.UnknownScope,
            _ when scope is { } named && mandate.Live.All(s => s.Id != named) => Outcome<MandateEvent>.Nothing,
            _ => new MandateWithdrawn(mandate.Id, scope, receivedOn, evidence, at),
        };

    private bool IsHeardFrom(Speaker speaker) => speaker.Member == Deed.Member || speaker.Representative == Deed.Representative;

    private Mandate Without(ScopeId? scope)
    {
        var left = scope is null ? [] : Live.Where(s => s.Id != scope).ToList();
        return this with { Live = left, Status = left.Count == 0 ? MandateStatus.Withdrawn : Status };
    }
}
