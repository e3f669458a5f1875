using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.EventStore.Views;

namespace Registry.Application.Mandates;

/// <summary>A mandate as it is kept for reading: its facts. What depends on a date is computed when it is read.</summary>
public sealed record MandateRow(Mandate Facts) : IEvolve<MandateRow, MandateEvent>, IIdentified
{
    private readonly string? shape;

    public static readonly Table Invitations = new(
        "invitations", "", Column.Bytes("digest"), Column.Uuid("mandate"), Column.Uuid("member"), Column.Text("until"));

    [JsonIgnore]
    public Guid Id => Facts.Id.Value;

    /// <summary>By which the clean-up finds it.</summary>
    public DateOnly OverFrom => Facts.OverFrom();

    /// <summary>A digest of all in it that decides about its place in a request: of a hundred thousand alike, one is looked at.</summary>
    public string Shape { get => shape ?? ShapeOf(Facts); init => shape = value; }

    public static MandateRow? Evolve(MandateRow? row, MandateEvent happened) => new(Mandate.Evolve(row?.Facts, happened)!);

    private static string ShapeOf(Mandate m) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new Decisive(m.Deed.Representative, m.Deed.MayReceiveResponse, m.Substitute, m.Said, m.Validity, [.. m.Scopes.Select(s => new DecisiveScope(s.Scope.Rights, s.Scope.Categories, s.Scope.Purposes, s.Scope.Controllers, s.State, s.From))]),
        RegistryJson.Stored)).AsSpan(0, 16));

    private sealed record Decisive(OrganisationId Representative, bool MayReceiveResponse, OrganisationId? Substitute, MandateStatus Said, Validity Validity, IReadOnlyList<DecisiveScope> Scopes);

    private sealed record DecisiveScope(
        IReadOnlyList<MandateRight> Rights, IReadOnlyList<string> Categories, IReadOnlyList<string> Purposes, IReadOnlyList<OrganisationId> Controllers, ScopeState State, DateOnly? From);
}
