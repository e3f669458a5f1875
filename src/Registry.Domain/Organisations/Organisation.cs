using System.Diagnostics;
using Registry.Domain.Kernel;

namespace Registry.Domain.Organisations;

public sealed record Organisation(
    OrganisationId Id, OrganisationKind Kind, string Country, string? Subdivision, IReadOnlyList<OrganisationId> MemberOf,
    IReadOnlyList<PublishedKey> Keys, IReadOnlyList<string> Secrets, IReadOnlyList<string> RuleSets) : IEvolve<Organisation, OrganisationEvent>
{
    private const int LivingSecrets = 2;

    public static Organisation? Evolve(Organisation? organisation, OrganisationEvent happened) => happened switch
    {
        OrganisationRegistered e => new(e.Organisation, e.Kind, e.Country, e.Subdivision, e.MemberOf, e.Keys, [], e.RuleSets),
        OrganisationKeyPublished e => organisation! with { Keys = [.. organisation.Keys, e.Key] },
        OrganisationSecretIssued e => organisation! with { Secrets = [e.Sha256, .. organisation.Secrets.Take(LivingSecrets - 1)] },
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

    public static Outcome<OrganisationEvent> IssueSecret(Organisation? organisation, string sha256, DateTimeOffset at) =>
        organisation is null ? OrganisationRefusals.Unknown : new OrganisationSecretIssued(organisation.Id, sha256, at);
}
