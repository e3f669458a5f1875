using System.Text.Json.Serialization;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.EventStore.Views;

namespace Registry.Application.PortabilityRequests;

/// <summary>How the lines of a block stand, counted. The lines themselves are read from the block's stream.</summary>
public sealed record LineBlockView(Guid Id, Guid Request, int Index, IReadOnlyList<LineColumn> Columns) : IEvolve<LineBlockView, LineBlockEvent>, IIdentified
{
    public static readonly Table Lines = new("request_lines", "", Column.Uuid("line"), Column.Uuid("mandate"), Column.Uuid("block"), Column.Uuid("request"), Column.Uuid("member"), Column.Bytes("account"));

    public static readonly Table Answers = new(
        "line_answers", "ON CONFLICT (line) DO UPDATE SET sealed = excluded.sealed", Column.Uuid("line"), Column.Uuid("block"), Column.Uuid("member"), Column.Bytes("sealed"));

    private readonly IReadOnlyList<LineGroup>? groups;
    private readonly IReadOnlyList<DeliveredCount>? deliveries;

    /// <summary>Counted when it is stored, and not for each event of a fold.</summary>
    public IReadOnlyList<LineGroup> Groups { get => groups ?? Block?.Groups() ?? []; init => groups = value; }

    public IReadOnlyList<DeliveredCount> Deliveries { get => deliveries ?? Block?.Deliveries() ?? []; init => deliveries = value; }

    /// <summary>What the counts are counted from while the stream is folded; never stored.</summary>
    [JsonIgnore]
    public LineBlock? Block { get; private init; }

    public static LineBlockView? Evolve(LineBlockView? view, LineBlockEvent happened)
    {
        var block = LineBlock.Evolve(view?.Block, happened)!;
        return new(block.Id.Value, block.Request.Value, block.Index, block.Columns) { Block = block };
    }
}
