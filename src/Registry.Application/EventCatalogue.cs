using System.Text.Json;
using System.Text.Json.Nodes;
using Registry.Domain.Agreements;
using Registry.Domain.Instances;
using Registry.Domain.Mandates;
using Registry.Domain.Members;
using Registry.Domain.Operations;
using Registry.Domain.Organisations;
using Registry.Domain.PortabilityRequests;
using Registry.EventStore.Streams;

namespace Registry.Application;

/// <summary>A stored event: its name in Marten's tables, the version of its shape, its type, and what it tells.</summary>
public sealed record CataloguedEvent(string Name, int Version, Type Type)
{
    /// <summary>Marten's alias; from the second version on it says so.</summary>
    public string StoredName { get; } = Version == 1 ? Name : $"{Name}_v{Version}";

    public string ClrType { get; } = $"{Type.FullName}, {Type.Assembly.GetName().Name}";
}

/// <summary>Stored name and version to type. A stored event is never edited: a new shape is a new version with an upcaster.</summary>
public sealed class EventCatalogue
{
    public static readonly IReadOnlyList<CataloguedEvent> Events =
    [
        new("organisation_registered", 1, typeof(OrganisationRegistered)),
        new("organisation_key_published", 1, typeof(OrganisationKeyPublished)),
        new("organisation_joined", 1, typeof(OrganisationJoined)),
        new("organisation_left", 1, typeof(OrganisationLeft)),
        new("organisation_dissolved", 1, typeof(OrganisationDissolved)),
        new("organisation_secret_issued", 1, typeof(OrganisationSecretIssued)),
        new("representativeness_measured", 1, typeof(RepresentativenessMeasured)),
        new("agreement_opened", 1, typeof(AgreementOpened)),
        new("agreement_text_tabled", 1, typeof(AgreementTextTabled)),
        new("agreement_text_accepted", 1, typeof(AgreementTextAccepted)),
        new("agreement_signed", 1, typeof(AgreementSigned)),
        new("agreement_notified", 1, typeof(AgreementNotified)),
        new("agreement_opposition_received", 1, typeof(AgreementOppositionReceived)),
        new("agreement_deposited", 1, typeof(AgreementDeposited)),
        new("agreement_amendment_tabled", 1, typeof(AgreementAmendmentTabled)),
        new("agreement_rectification_asked", 1, typeof(AgreementRectificationAsked)),
        new("agreement_rectified", 1, typeof(AgreementRectified)),
        new("agreement_denounced", 1, typeof(AgreementDenounced)),
        new("agreement_substituted", 1, typeof(AgreementSubstituted)),
        new("agreement_extension_noticed", 1, typeof(AgreementExtensionNoticed)),
        new("agreement_extension_opposed", 1, typeof(AgreementExtensionOpposed)),
        new("agreement_extension_decided", 1, typeof(AgreementExtensionDecided)),
        new("agreement_recorded_elsewhere", 1, typeof(AgreementRecordedElsewhere)),
        new("mandate_granted", 1, typeof(MandateGranted)),
        new("mandate_recorded", 1, typeof(MandateRecorded)),
        new("mandate_accepted", 1, typeof(MandateAccepted)),
        new("mandate_withdrawn", 1, typeof(MandateWithdrawn)),
        new("mandate_paused", 1, typeof(MandatePaused)),
        new("mandate_resumed", 1, typeof(MandateResumed)),
        new("mandate_renewed", 1, typeof(MandateRenewed)),
        new("mandate_superseded", 1, typeof(MandateSuperseded)),
        new("mandate_supersession_lifted", 1, typeof(MandateSupersessionLifted)),
        new("mandate_renounced", 1, typeof(MandateRenounced)),
        new("mandate_ended", 1, typeof(MandateEnded)),
        new("mandate_entrusted", 1, typeof(MandateEntrusted)),
        new("mandate_taken_back", 1, typeof(MandateTakenBack)),
        new("mandate_proof_added", 1, typeof(MandateProofAdded)),
        new("member_invited", 1, typeof(MemberInvited)),
        new("member_linked", 1, typeof(MemberLinked)),
        new("disclosure_made", 1, typeof(DisclosureMade)),
        new("request_drafted", 1, typeof(RequestDrafted)),
        new("request_filed", 1, typeof(RequestFiled)),
        new("request_received", 1, typeof(RequestReceived)),
        new("request_acknowledged", 1, typeof(RequestAcknowledged)),
        new("identity_questioned", 1, typeof(IdentityQuestioned)),
        new("identity_answered", 1, typeof(IdentityAnswered)),
        new("extension_noticed", 1, typeof(ExtensionNoticed)),
        new("request_refused", 1, typeof(RequestRefused)),
        new("matches_answered", 1, typeof(MatchesAnswered)),
        new("delivery_declared", 1, typeof(DeliveryDeclared)),
        new("delivery_checked", 1, typeof(DeliveryChecked)),
        new("request_withdrawn", 1, typeof(RequestWithdrawn)),
        new("request_escalated", 1, typeof(RequestEscalated)),
        new("request_closed", 1, typeof(RequestClosed)),
        new("deliveries_erased", 1, typeof(DeliveriesErased)),
        new("hold_placed", 1, typeof(HoldPlaced)),
        new("auditor_admitted", 1, typeof(AuditorAdmitted)),
        new("lines_sealed", 1, typeof(LinesSealed)),
        new("lines_delivered", 1, typeof(LinesDelivered)),
        new("lines_delivered_late", 1, typeof(LinesDeliveredLate)),
        new("lines_delivered_together", 1, typeof(LinesDeliveredTogether)),
        new("lines_checked", 1, typeof(LinesChecked)),
        new("lines_cancelled", 1, typeof(LinesCancelled)),
        new("lines_given_up", 1, typeof(LinesGivenUp)),
        new("lines_in_sight", 1, typeof(LinesInSight)),
        new("lines_identity_asked", 1, typeof(LinesIdentityAsked)),
        new("lines_identity_answered", 1, typeof(LinesIdentityAnswered)),
        new("lines_extended", 1, typeof(LinesExtended)),
        new("lines_refused", 1, typeof(LinesRefused)),
        new("lines_reopened", 1, typeof(LinesReopened)),
        new("lines_looked_up", 1, typeof(LinesLookedUp)),
        new("operation_started", 1, typeof(OperationStarted)),
        new("operation_advanced", 1, typeof(OperationAdvanced)),
        new("operation_finished", 1, typeof(OperationFinished)),
        new("operation_failed", 1, typeof(OperationFailed)),
        new("log_restored", 1, typeof(LogRestored)),
        new("records_dropped", 1, typeof(RecordsDropped)),
    ];

    /// <summary>Every stored name that may stand in the log.</summary>
    public static IEnumerable<string> Names => Events.Select(e => e.StoredName);

    private readonly Dictionary<Type, CataloguedEvent> byType;
    private readonly Dictionary<string, CataloguedEvent> byName;
    private readonly IReadOnlyDictionary<string, Func<JsonObject, JsonObject>> upcasters;

    public EventCatalogue() : this(Events, new Dictionary<string, Func<JsonObject, JsonObject>>(StringComparer.Ordinal))
    {
    }

    /// <param name="events">Every name and version that may stand in the log; of one name the highest version is written.</param>
    /// <param name="upcasters">By stored name of an older version: its JSON to that of the next.</param>
    public EventCatalogue(IReadOnlyList<CataloguedEvent> events, IReadOnlyDictionary<string, Func<JsonObject, JsonObject>> upcasters)
    {
        byName = events.ToDictionary(e => e.StoredName, StringComparer.Ordinal);
        byType = events.GroupBy(e => e.Type).ToDictionary(g => g.Key, g => g.MaxBy(e => e.Version)!);
        this.upcasters = upcasters;
    }

    public NewEvent Store(object happened)
    {
        var known = byType[happened.GetType()];
        return new NewEvent(NewIds.Secret(), known.StoredName, known.ClrType, JsonSerializer.Serialize(happened, known.Type, RegistryJson.Stored));
    }

    public object Read(StoredEvent stored)
    {
        if (!byName.TryGetValue(stored.Type, out var known))
        {
            throw new UnknownEventException($"position {stored.Position} holds an event named {stored.Type}, which this program does not know");
        }
        var data = stored.Data;
        for (var newest = byType[known.Type].Version; known.Version < newest; known = byName[known.Name + "_v" + (known.Version + 1)])
        {
            data = upcasters[known.StoredName](JsonNode.Parse(data)!.AsObject()).ToJsonString();
        }
        return JsonSerializer.Deserialize(data, known.Type, RegistryJson.Stored)!;
    }

    /// <summary>Under which names events of these types may stand in the log.</summary>
    public IReadOnlyList<string> StoredNames(IReadOnlyCollection<Type> types) => [.. byName.Values.Where(e => types.Contains(e.Type)).Select(e => e.StoredName)];

    /// <summary>Nothing for a stream of another kind: whoever asks for a mandate by a request's id finds no mandate.</summary>
    public IEnumerable<TEvent> Read<TEvent>(IReadOnlyList<StoredEvent> events) =>
        events.Count > 0 && Knows<TEvent>(events[0]) ? events.Select(stored => (TEvent)Read(stored)) : [];

    private bool Knows<TEvent>(StoredEvent stored) => !byName.TryGetValue(stored.Type, out var known) || typeof(TEvent).IsAssignableFrom(known.Type);
}

/// <summary>The log holds an event of a newer program.</summary>
public sealed class UnknownEventException(string message) : Exception(message);
