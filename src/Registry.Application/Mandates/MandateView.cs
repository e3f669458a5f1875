using System.Text.Json.Serialization;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;

namespace Registry.Application.Mandates;

public sealed record ScopeView(
    Guid Id, IReadOnlyList<MandateRight> Rights, IReadOnlyList<string> Categories, IReadOnlyList<string> Purposes, IReadOnlyList<Guid> Controllers, ScopeState State);

/// <summary>A mandate as its member and its representative read it on a day; the member's reference is not among it.</summary>
public sealed record MandateView(
    Guid Id, Guid Representative, IReadOnlyList<ScopeView> Scopes, MandateStatus State, Validity Validity, DateTimeOffset GrantedAt,
    DateTimeOffset? AcceptedAt, DateTimeOffset? WithdrawnAt, bool MayReceiveResponse, bool Exclusive, string Language, string TextVersion)
    : IIdentified, IAboutMembers, IKeptUntil
{
    [JsonIgnore]
    public DateOnly? KeptUntil { get; init; }

    [JsonIgnore]
    public Refusal Gone => MandateRefusals.Unknown;

    [JsonIgnore]
    public Disclosed Disclosed => new([new MandateId(Id)], null, 1);

    public static MandateView Of(Mandate facts, DateOnly today) => new(
        facts.Id.Value, facts.Deed.Representative.Value,
        [.. facts.Scopes.Select(s => new ScopeView(s.Scope.Id.Value, s.Scope.Rights, s.Scope.Categories, s.Scope.Purposes, [.. s.Scope.Controllers.Select(c => c.Value)], s.On(today)))],
        facts.StatusOn(today), facts.Validity, facts.GrantedAt, facts.AcceptedAt, facts.WithdrawnAt, facts.Deed.MayReceiveResponse, facts.Deed.Exclusive, facts.Deed.Language, facts.Deed.TextVersion)
    {
        KeptUntil = facts.KeptUntil(),
    };
}
