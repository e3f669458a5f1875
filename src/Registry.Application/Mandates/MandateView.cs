using System.Text.Json.Serialization;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

public sealed record ScopeView(
    Guid Id, IReadOnlyList<MandateRight> Rights, IReadOnlyList<string> Categories, IReadOnlyList<string> Purposes, IReadOnlyList<Guid> Controllers, string State)
{
    public static ScopeView From(Scope scope) =>
        new(scope.Id.Value, scope.Rights, scope.Categories, scope.Purposes, [.. scope.Controllers.Select(c => c.Value)], "live");

    public Scope ToScope() => new(new ScopeId(Id), Rights, Categories, Purposes, [.. Controllers.Select(c => new OrganisationId(c))]);
}

/// <summary>A mandate as its member and its representative read it; the member's reference is kept and never answered.</summary>
public sealed record MandateView(
    Guid Id, Guid Representative, [Kept] MemberRef Member, IReadOnlyList<ScopeView> Scopes, string State, Validity Validity, DateTimeOffset GrantedAt,
    DateTimeOffset? AcceptedAt, DateTimeOffset? WithdrawnAt, bool MayReceiveResponse, bool Exclusive, string Language, string TextVersion)
    : IEvolve<MandateView, MandateEvent>, IIdentified, IAboutMembers, IKeptUntil
{
    /// <summary>Years that a mandate is kept after its end, as proof of the consent (C. civ. 2224; policy).</summary>
    private const int YearsKept = 5;

    public static MandateView? Evolve(MandateView? view, MandateEvent happened) => happened switch
    {
        MandateGranted e => From(e.Mandate, e.Deed, e.At, null),
        MandateRecorded e => From(e.Mandate, e.Deed, e.At, e.At),
        MandateAccepted e => view! with { State = "active", AcceptedAt = e.At },
        MandateWithdrawn e => view!.Without(e.Scope, e.At),
        _ => view,
    };

    /// <summary>The state on a day: an end that is reached needs no job.</summary>
    public MandateView On(DateOnly day) => State is "active" or "offered" && Validity.To <= day ? this with { State = "expired" } : this;

    [JsonIgnore]
    public MandateStatus Status => State switch { "offered" => MandateStatus.Offered, "withdrawn" => MandateStatus.Withdrawn, _ => MandateStatus.Active };

    [JsonIgnore]
    public IReadOnlyList<Scope> Live => [.. Scopes.Where(s => s.State == "live").Select(s => s.ToScope())];

    [JsonIgnore]
    public DateOnly? KeptUntil => (WithdrawnAt is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : Validity.To)?.AddYears(YearsKept);

    [JsonIgnore]
    public Refusal Gone => MandateRefusals.Unknown;

    [JsonIgnore]
    public Disclosed Disclosed => new([new MandateId(Id)], null, 1);

    private static MandateView From(MandateId id, MandateDeed deed, DateTimeOffset at, DateTimeOffset? accepted) => new(
        id.Value, deed.Representative.Value, deed.Member, [.. deed.Scopes.Select(ScopeView.From)], accepted is null ? "offered" : "active", deed.Validity, at,
        accepted, null, deed.MayReceiveResponse, deed.Exclusive, deed.Language, deed.TextVersion);

    private MandateView Without(ScopeId? scope, DateTimeOffset at)
    {
        var scopes = Scopes.Select(s => scope is null || s.Id == scope.Value.Value ? s with { State = "withdrawn" } : s).ToList();
        var left = scopes.Any(s => s.State == "live");
        return this with { Scopes = scopes, State = left ? State : "withdrawn", WithdrawnAt = left ? WithdrawnAt : at };
    }
}
