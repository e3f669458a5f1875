using System.Text.Json.Serialization;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.EventStore.Views;

namespace Registry.Application.Mandates;

/// <summary>A mandate as it is kept for reading: its facts. What depends on a date is computed when it is read.</summary>
public sealed record MandateRow(Mandate Facts) : IEvolve<MandateRow, MandateEvent>, IIdentified
{
    public static readonly Table Invitations = new(
        "invitations", "", Column.Bytes("digest"), Column.Uuid("mandate"), Column.Uuid("member"), Column.Text("until"));

    [JsonIgnore]
    public Guid Id => Facts.Id.Value;

    /// <summary>By which the clean-up finds it.</summary>
    public DateOnly OverFrom => Facts.OverFrom();

    public static MandateRow? Evolve(MandateRow? row, MandateEvent happened) => new(Mandate.Evolve(row?.Facts, happened)!);
}
