using System.Diagnostics;
using Registry.Domain.Kernel;

namespace Registry.Domain.PortabilityRequests;

/// <summary>A right that a body exercises for itself, and how far its answer came.</summary>
public sealed record OwnColumn(LineColumn Column, LineState State);

/// <summary>A collective request: what is asked and how far it came. Its lines stand in blocks of their own.</summary>
/// <param name="Id">Which.</param>
/// <param name="Matter">What is asked.</param>
/// <param name="Preview">Who had a place in it when it was drafted.</param>
/// <param name="Filed">Its cohort.</param>
/// <param name="Received">The clock's event.</param>
/// <param name="Acknowledged">A courtesy.</param>
/// <param name="Own">What a body asks in its own right, without a line.</param>
/// <param name="Deliveries">Every manifest.</param>
/// <param name="Extensions">Every notice, also void ones.</param>
/// <param name="Refusals">Every refusal, also those that stand for nothing.</param>
/// <param name="Escalations">Complaints.</param>
/// <param name="Erasures">What the representative has shown to be destroyed.</param>
/// <param name="Holds">For which claims it keeps more.</param>
/// <param name="Auditors">Who may read along.</param>
/// <param name="Withdrawn">Taken back.</param>
/// <param name="Closed">Ended.</param>
public sealed record PortabilityRequest(
    RequestId Id, RequestMatter Matter, RequestDrafted Preview, RequestFiled? Filed, RequestReceived? Received, bool Acknowledged, IReadOnlyList<OwnColumn> Own,
    IReadOnlyList<DeliveryDeclared> Deliveries, IReadOnlyList<ExtensionNoticed> Extensions, IReadOnlyList<RequestRefused> Refusals, IReadOnlyList<RequestEscalated> Escalations,
    IReadOnlyList<DeliveriesErased> Erasures, IReadOnlyList<HoldPlaced> Holds, IReadOnlyList<AuditorAdmitted> Auditors, RequestWithdrawn? Withdrawn, RequestClosed? Closed)
    : IEvolve<PortabilityRequest, RequestEvent>
{
    /// <summary>A minimal cohort never shows a figure, because published aggregates need one member more (P).</summary>
    public const int DefaultMinMembers = 10;

    /// <summary>Policy: all its lines are changed in one append of at most 500 events, and a delivery makes two of a block.</summary>
    public const int MostMembers = 200 * LineBlock.Capacity;

    public static PortabilityRequest? Evolve(PortabilityRequest? request, RequestEvent happened) => happened switch
    {
        RequestDrafted e => new(e.Request, e.Matter, e, null, null, false, [], [], [], [], [], [], [], [], null, null),
        RequestFiled e => request! with { Filed = e, Own = [.. (e.Own ?? []).Select(column => new OwnColumn(column, LineState.Pending))] },
        RequestReceived e => request! with
        {
            Received = e, Refusals = [.. request.Refusals.Select(r => e.LateRefusals?.Contains(r.Refusal) == true ? r with { Standing = RefusalStanding.Invalid, Faults = [AnsweringLines.TooLate] } : r)],
        },
        RequestAcknowledged => request! with { Acknowledged = true },
        ExtensionNoticed e => request! with { Extensions = [.. request.Extensions, e] },
        RequestRefused e => request! with { Refusals = [.. request.Refusals, e], Own = e.Standing == RefusalStanding.Valid ? request.Answered(null, LineState.Refused) : request.Own },
        DeliveryDeclared e => request! with { Deliveries = [.. request.Deliveries, e], Own = request.Answered(e.Category, LineState.Fulfilled) },
        DeliveryChecked e => request! with { Own = e.Failed > 0 ? request.Answered(request.Delivery(e.Delivery)?.Category, LineState.Pending) : request.Own },
        RequestEscalated e => request! with { Escalations = [.. request.Escalations, e] },
        DeliveriesErased e => request! with { Erasures = [.. request.Erasures, e] },
        HoldPlaced e => request! with { Holds = [.. request.Holds, e] },
        AuditorAdmitted e => request! with { Auditors = [.. request.Auditors.Where(a => a.Auditor != e.Auditor), e] },
        RequestWithdrawn e => request! with { Withdrawn = e, Own = [.. request.Own.Select(own => own.State == LineState.Pending ? own with { State = LineState.Cancelled } : own)] },
        RequestClosed e => request! with { Closed = e },
        IdentityQuestioned or IdentityAnswered or MatchesAnswered => request!,
        _ => throw new UnreachableException($"PortabilityRequest has no arm for {happened.GetType().Name}"),
    };

    /// <summary>It asks for what the group needs, and says why: without that it is many requests in one envelope, and as good in law.</summary>
    public bool IsCollective => Matter.Necessity is not null || Own.Count > 0;

    public IReadOnlyList<Guid> Blocks => [.. (Filed?.Blocks ?? []).Select(b => b.Value)];

    public DeliveryDeclared? Delivery(DeliveryId id) => Deliveries.FirstOrDefault(d => d.Delivery == id);

    /// <summary>The union always; the platform from the filing on.</summary>
    public bool IsKnownTo(OrganisationId organisation) => Matter.Representative == organisation || IsAnsweredBy(organisation);

    /// <summary>Beside these two: the authority that was complained to, and auditors for as long as they may.</summary>
    public bool IsReadBy(OrganisationId organisation, DateOnly today) =>
        IsKnownTo(organisation) || Escalations.Any(e => e.Authority == organisation) || Auditors.Any(a => a.Auditor == organisation && today <= a.Until);

    /// <summary>Until when what was delivered is kept for claims.</summary>
    public DateOnly? HeldUntil => Holds.Count == 0 ? null : Holds.Max(h => h.Until);

    internal bool IsAnsweredBy(OrganisationId organisation) => Filed is not null && Matter.Platform == organisation;

    private OwnColumn[] Answered(string? category, LineState state) =>
        [.. Own.Select(own => own.State != LineState.Cancelled && (category is null ? own.State == LineState.Pending : own.Column.Category == category) ? own with { State = state } : own)];
}
