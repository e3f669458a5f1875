using System.Diagnostics;
using Registry.Domain.Kernel;

namespace Registry.Domain.Organisations;

/// <summary>A membership, half-open.</summary>
public sealed record Belonging(OrganisationId To, DateOnly From, DateOnly? Until);

public sealed record Organisation(
    OrganisationId Id, OrganisationKind Kind, string Country, string? Subdivision, IReadOnlyList<Belonging> MemberOf,
    IReadOnlyList<PublishedKey> Keys, IReadOnlyList<string> Secrets, IReadOnlyList<string> RuleSets, DateOnly? Dissolved = null) : IEvolve<Organisation, OrganisationEvent>
{
    private const int LivingSecrets = 2;

    public static Organisation? Evolve(Organisation? organisation, OrganisationEvent happened) => happened switch
    {
        OrganisationRegistered e => new(e.Organisation, e.Kind, e.Country, e.Subdivision, [.. e.MemberOf.Select(o => new Belonging(o, e.On, null))], e.Keys, [], e.RuleSets),
        OrganisationKeyPublished e => organisation! with { Keys = [.. organisation.Keys, e.Key] },
        OrganisationSecretIssued e => organisation! with { Secrets = [e.Sha256, .. organisation.Secrets.Take(LivingSecrets - 1)] },
        OrganisationJoined e => organisation! with { MemberOf = [.. organisation.MemberOf, new Belonging(e.MemberOf, e.From, null)] },
        OrganisationLeft e => organisation! with { MemberOf = [.. organisation.MemberOf.Select(b => b.To == e.MemberOf && b.Until is null ? b with { Until = e.On } : b)] },
        OrganisationDissolved e => organisation! with { Dissolved = e.On },
        _ => throw new UnreachableException($"Organisation has no arm for {happened.GetType().Name}"),
    };

    public static Outcome<OrganisationEvent> Register(Organisation? organisation, OrganisationRegistered registered) =>
        organisation is null ? registered : OrganisationRefusals.Exists;

    public static Outcome<OrganisationEvent> PublishKey(Organisation? organisation, PublishedKey key, DateTimeOffset at) => organisation switch
    {
        null => OrganisationRefusals.Unknown,
        _ when organisation.Keys.Contains(key) => Outcome<OrganisationEvent>.Nothing,
        _ when organisation.Keys.Any(k => k.Kid == key.Kid) => OrganisationRefusals.KeyIdTaken(key.Kid),
        _ => new OrganisationKeyPublished(organisation.Id, key, at),
    };

    /// <param name="organisation">Who joins.</param>
    /// <param name="other">What it joins.</param>
    /// <param name="by">Whose word it is: the member's own, for nobody else binds it; null for the operator's, who alone may date it back.</param>
    /// <param name="from">The first day of its membership.</param>
    /// <param name="today">The day it is there.</param>
    /// <param name="at">Now.</param>
    public static Outcome<OrganisationEvent> Join(
        Organisation? organisation, OrganisationId other, OrganisationId? by, DateOnly from, DateOnly today, DateTimeOffset at) => organisation switch
    {
        null => OrganisationRefusals.Unknown,
        _ when by is { } caller && caller != organisation.Id => OrganisationRefusals.NotYourMember,
        _ when organisation.Id == other => OrganisationRefusals.MemberOfItself,
        _ when by is not null && from < today => OrganisationRefusals.BackDatedMembership("/from"),
        _ when from > today => OrganisationRefusals.MembershipInTheFuture("/from"),
        _ when organisation.MemberOf.Any(b => b.To == other && b.Until is null) => Outcome<OrganisationEvent>.Nothing,
        _ when organisation.MemberOf.Any(b => b.To == other && from < b.Until) => OrganisationRefusals.BeforeItLeft,
        _ => new OrganisationJoined(organisation.Id, other, from, at),
    };

    /// <summary>Ended by the member, by the organisation that it leaves, or by the operator, who alone may date it back: what was signed before binds it still.</summary>
    public static Outcome<OrganisationEvent> Leave(
        Organisation? organisation, OrganisationId other, OrganisationId? by, DateOnly on, DateOnly today, DateTimeOffset at) => organisation switch
    {
        null => OrganisationRefusals.Unknown,
        _ when by is { } caller && caller != other && caller != organisation.Id => OrganisationRefusals.NotYourMember,
        _ when by is not null && on < today => OrganisationRefusals.BackDatedMembership("/on"),
        _ when on > today => OrganisationRefusals.MembershipInTheFuture("/on"),
        _ when organisation.MemberOf.All(b => b.To != other) => OrganisationRefusals.NoMember,
        { } known when known.MemberOf.Last(b => b.To == other) is { Until: not null } => Outcome<OrganisationEvent>.Nothing,
        { } known when known.MemberOf.Last(b => b.To == other).From >= on => OrganisationRefusals.LeftBeforeItJoined,
        _ => new OrganisationLeft(organisation.Id, other, on, at),
    };

    public static Outcome<OrganisationEvent> Dissolve(Organisation? organisation, DateOnly on, DateOnly today, DateTimeOffset at) => organisation switch
    {
        null => OrganisationRefusals.Unknown,
        { Dissolved: { } before } when before == on => Outcome<OrganisationEvent>.Nothing,
        { Dissolved: not null } => OrganisationRefusals.AlreadyDissolved,
        _ when on > today => OrganisationRefusals.MembershipInTheFuture("/on"),
        _ => new OrganisationDissolved(organisation.Id, on, at),
    };

    public static Outcome<OrganisationEvent> IssueSecret(Organisation? organisation, string sha256, DateTimeOffset at) =>
        organisation is null ? OrganisationRefusals.Unknown : new OrganisationSecretIssued(organisation.Id, sha256, at);
}
