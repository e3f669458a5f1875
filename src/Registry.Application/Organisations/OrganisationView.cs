using System.Text.Json;
using System.Text.Json.Serialization;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;

namespace Registry.Application.Organisations;

public sealed record MembershipView(Guid Organisation, DateOnly From, DateOnly? To);

public sealed record KeyView(KeyUse Use, string Kid, JsonElement Jwk);

/// <summary>An organisation in the public directory.</summary>
public sealed record OrganisationView(
    Guid Id, OrganisationKind Kind, string Name, string Country, string? Subdivision, IReadOnlyList<Identifier> Identifiers,
    IReadOnlyList<MembershipView> MemberOf, IReadOnlyList<KeyView> Keys, string? DeliveryEndpoint, IReadOnlyList<string> RuleSets,
    [Kept] IReadOnlyList<string> Secrets, DateOnly? DissolvedOn = null) : IEvolve<OrganisationView, OrganisationEvent>, IIdentified
{
    public static OrganisationView? Evolve(OrganisationView? view, OrganisationEvent happened) => happened switch
    {
        OrganisationRegistered e => new(
            e.Organisation.Value, e.Kind, e.Name, e.Country, e.Subdivision, e.Identifiers,
            [.. e.MemberOf.Select(o => new MembershipView(o.Value, e.On, null))], [.. e.Keys.Select(Key)], e.DeliveryEndpoint, e.RuleSets, []),
        OrganisationKeyPublished e => view! with { Keys = [.. view.Keys, Key(e.Key)] },
        OrganisationJoined e => view! with { MemberOf = [.. view.MemberOf, new MembershipView(e.MemberOf.Value, e.From, null)] },
        OrganisationLeft e => view! with { MemberOf = [.. view.MemberOf.Select(m => m.Organisation == e.MemberOf.Value && m.To is null ? m with { To = e.On } : m)] },
        OrganisationSecretIssued e => view! with { Secrets = [e.Sha256, .. view.Secrets.Take(1)] },
        OrganisationDissolved e => view! with { DissolvedOn = e.On },
        _ => view,
    };

    [JsonIgnore]
    public bool IsRepresentative => Kind.IsRepresentative();

    [JsonIgnore]
    public bool IsController => Kind.IsController();

    private static KeyView Key(PublishedKey key) => new(key.Use, key.Kid, JsonDocument.Parse(key.Jwk).RootElement.Clone());
}
