using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediatR;
using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;
using Registry.EventStore.Leaves;
using Registry.EventStore.Streams;

namespace Registry.Application.Mandates;

/// <summary>A receipt for the person and the representative: what was consented to, and every change of mind since.</summary>
public sealed record ReadReceipt(Guid Mandate, MandateReader By) : IRequest<Reply<Receipt>>, IDiscloses<Receipt>
{
    public IEnumerable<Disclosure> Discloses(Receipt view) => By.Discloses(view.Disclosed);
}

/// <summary>A receipt after ISO/IEC TS 27560:2023 in JSON-LD with W3C DPV 2.1.</summary>
/// <param name="Id">The same for as long as nothing new happens to the mandate.</param>
/// <param name="Text">Its RFC 8785 form: the bytes that are answered, and hashed.</param>
/// <param name="Sha256">Of the text: 64 lower-case hexadecimal digits.</param>
/// <param name="Mandate">The facts that it tells.</param>
/// <param name="Acts">What was said of the mandate, in order: a word of the vocabulary of consent, when, and by whom.</param>
/// <param name="Names">Of the organisations that it names.</param>
/// <param name="Words">Of the codes that it names.</param>
public sealed record Receipt(Guid Id, JsonObject Document, byte[] Text, string Sha256, Mandate Mandate, IReadOnlyList<ReceiptAct> Acts, IReadOnlyDictionary<Guid, string> Names, IReadOnlyDictionary<string, Bilingual> Words) : IAboutMembers
{
    public Disclosed Disclosed => new([Mandate.Id], null, 1);
}

/// <param name="Status">A state of consent of DPV, such as <c>dpv:ConsentGiven</c>.</param>
/// <param name="Event">The stored event.</param>
/// <param name="By"><c>member</c> or <c>representative</c>, whoever wrote it down; null where neither did.</param>
/// <param name="Evidence">What it rests on, where the representative wrote down its member's word.</param>
/// <param name="Detail">The version of the text that was signed anew, the cause of an end, <c>tacit</c>, or the substitute.</param>
/// <param name="Scopes">Those that it was said of; null for all.</param>
public sealed record ReceiptAct(string Status, string Event, DateTimeOffset At, DateOnly? On, IReadOnlyList<ScopeId>? Scopes, string? By, MandateEvidence? Evidence, string? Detail);

public sealed class ReadReceiptHandler(MandateReadings mandates, Receipts receipts) : IRequestHandler<ReadReceipt, Reply<Receipt>>
{
    public async Task<Reply<Receipt>> Handle(ReadReceipt q, CancellationToken ct)
    {
        var found = await mandates.Find(q.Mandate, q.By, ct);
        if (found.View is not { } row) return found.Refused!;
        return row.Facts.KeptUntil() < mandates.Today ? MandateRefusals.Unknown : await receipts.Of(row.Facts.Id, ct);
    }
}

public sealed class Receipts(EventLog log, EventCatalogue events, Readings readings, Law law, LegalTime clock)
{
    private static readonly JsonObject Context = new()
    {
        ["dpv"] = "https://w3id.org/dpv#", ["dct"] = "http://purl.org/dc/terms/", ["xsd"] = "http://www.w3.org/2001/XMLSchema#", ["eu-gdpr"] = "https://w3id.org/dpv/legal/eu/gdpr#",
        ["reg"] = "urn:registry:", ["prov"] = "http://www.w3.org/ns/prov#", ["gdpr"] = "https://w3id.org/dpv/legal/eu/gdpr#",
        ["dpv:hasConsentStatus"] = Concept(), ["dpv:hasPurpose"] = Concept(), ["dpv:hasLegalBasis"] = Concept(), ["dpv:hasRight"] = Concept(), ["reg:scopes"] = Concept(),
        ["dct:issued"] = Typed("xsd:dateTime"), ["dct:date"] = Typed("xsd:dateTime"), ["dct:created"] = Typed("xsd:date"), ["prov:startedAtTime"] = Typed("xsd:date"), ["prov:endedAtTime"] = Typed("xsd:date"), ["reg:on"] = Typed("xsd:date"),
    };

    private static JsonObject Concept() => new() { ["@type"] = "@id" };

    private static JsonObject Typed(string type) => new() { ["@type"] = type };

    public async Task<Receipt> Of(MandateId id, CancellationToken ct)
    {
        var stored = (await log.FetchStream(id.Value, ct)).Events;
        var heard = stored.Zip(events.Read<MandateEvent>(stored)).ToList();
        var mandate = heard.Select(h => h.Second).Aggregate((Mandate?)null, Mandate.Evolve)!;
        var acts = Acts(heard);
        var names = new Dictionary<Guid, string>();
        foreach (var organisation in mandate.Deed.Scopes.SelectMany(s => s.Controllers).Append(mandate.Deed.Representative).Select(o => o.Value).Distinct())
        {
            names[organisation] = (await readings.View<OrganisationView>(organisation, ct))!.Name;
        }
        var day = clock.DayOf(stored[^1].At, "EU");
        var receipt = NewIds.Named($"receipt of mandate {id} at version {stored[^1].Version}");
        var document = Document(receipt, mandate, acts, Told(stored[^1], heard[^1].Second), day, names);
        var text = CanonicalJson.Of(JsonSerializer.SerializeToElement(document));
        return new Receipt(receipt, document, text, Convert.ToHexStringLower(SHA256.HashData(text)), mandate, acts, names, Words(mandate));
    }

    private Dictionary<string, Bilingual> Words(Mandate mandate)
    {
        var words = new Dictionary<string, Bilingual>(StringComparer.Ordinal);
        foreach (var scope in mandate.Deed.Scopes)
        {
            foreach (var category in scope.Categories) words[category] = law.Codes.DataCategories.Find(category)!.Label;
            foreach (var purpose in scope.Purposes) words[purpose] = law.Codes.Purposes.Find(purpose)!.Label;
        }
        return words;
    }

    /// <summary>What the words that were signed carry, and nothing else.</summary>
    private IReadOnlyList<string> Consents(Mandate mandate) =>
        law.MandateTexts.FirstOrDefault(t => t.Version == mandate.Deed.TextVersion && t.Language == mandate.Deed.Language)?.Consents ?? [];

    /// <summary>TS 27560: the header of the record, the parties, what is processed, and the events of consent.</summary>
    private JsonObject Document(Guid receipt, Mandate mandate, IReadOnlyList<ReceiptAct> acts, DateTimeOffset issued, DateOnly on, Dictionary<Guid, string> names) => new()
    {
        ["@context"] = Context.DeepClone(), ["@id"] = $"urn:uuid:{receipt}", ["@type"] = "dpv:ConsentReceipt",
        ["dct:conformsTo"] = "ISO/IEC TS 27560:2023", ["dct:identifier"] = receipt.ToString(), ["dct:issued"] = Instant(issued), ["dct:language"] = mandate.Deed.Language,
        ["dct:source"] = new JsonObject { ["@id"] = $"urn:uuid:{mandate.Id}", ["@type"] = "dpv:ConsentRecord" },
        ["dpv:hasDataSubject"] = new JsonObject { ["@type"] = "dpv:DataSubject" }, // named by nobody: who holds the receipt knows
        ["dpv:hasDataController"] = Organisation(mandate.Deed.Representative, names, "dpv:DataController"), // of what is done with the mandate; a platform is who is asked
        ["dpv:hasLegalBasis"] = new JsonArray([.. Consents(mandate).Select(basis => (JsonNode)basis.Replace("gdpr:", "eu-gdpr:", StringComparison.Ordinal))]),
        ["dpv:hasNotice"] = new JsonObject
        {
            ["@type"] = "dpv:ConsentNotice", ["dct:hasVersion"] = mandate.Deed.TextVersion, ["dct:language"] = mandate.Deed.Language, ["reg:sha256"] = mandate.Deed.TextHash,
        },
        ["dpv:hasDuration"] = new JsonObject
        {
            ["@type"] = "dpv:TemporalDuration", ["prov:startedAtTime"] = LegalDates.Text(mandate.Validity.From), ["prov:endedAtTime"] = LegalDates.Text(mandate.Validity.To!.Value),
        },
        ["dpv:hasProcess"] = new JsonArray([.. mandate.Scopes.Select(s => (JsonNode)Process(s, on, names))]),
        ["reg:subDelegates"] = new JsonArray([.. mandate.Deed.SubDelegates.Select(s => (JsonNode)$"urn:uuid:{s}")]), ["reg:substitute"] = mandate.Substitute is { } acting ? $"urn:uuid:{acting}" : null,
        ["reg:guardian"] = mandate.Deed.Guardian is { } guardian ? new JsonObject { ["dct:created"] = LegalDates.Text(guardian.SignedOn), ["reg:sha256"] = guardian.DocumentHash } : null,
        ["reg:mayReceiveResponse"] = mandate.Deed.MayReceiveResponse, ["reg:exclusive"] = mandate.Deed.Exclusive,
        ["reg:evidence"] = mandate.Deed.Evidence is { } evidence
            ? new JsonObject { ["reg:method"] = RegistryJson.Word(evidence.Method), ["dct:created"] = LegalDates.Text(evidence.CapturedOn), ["reg:sha256"] = evidence.DocumentHash }
            : new JsonObject { ["reg:method"] = "online" },
        ["reg:proofs"] = new JsonArray([.. mandate.Proofs.Select(p => (JsonNode)new JsonObject { ["dct:created"] = LegalDates.Text(p.MadeOn), ["reg:sha256"] = p.DocumentHash })]),
        ["dpv:hasConsentStatus"] = (mandate.LiveOn(on).Count > 0 ? acts.Last(a => a.Scopes is null) : acts[^1]).Status,
        ["reg:events"] = new JsonArray([.. acts.Select(a => (JsonNode)new JsonObject
        {
            ["dpv:hasConsentStatus"] = a.Status, ["reg:event"] = a.Event, ["dct:date"] = Instant(a.At), ["reg:on"] = a.On is { } on ? LegalDates.Text(on) : null,
            ["reg:by"] = a.By, ["reg:detail"] = a.Detail, ["reg:evidence"] = a.Evidence is { } proof ? new JsonObject { ["reg:method"] = RegistryJson.Word(proof.Method), ["dct:created"] = LegalDates.Text(proof.CapturedOn), ["reg:sha256"] = proof.DocumentHash } : null,
            ["reg:scopes"] = a.Scopes is { } scopes ? new JsonArray([.. scopes.Select(s => (JsonNode)$"urn:uuid:{s}")]) : null,
        })]),
    };

    private static JsonObject Process(HeldScope held, DateOnly on, Dictionary<Guid, string> names) => new()
    {
        ["@id"] = $"urn:uuid:{held.Scope.Id}", ["@type"] = "dpv:Process",
        ["dpv:hasPurpose"] = new JsonArray([.. held.Scope.Purposes.Select(p => (JsonNode)p)]),
        ["dpv:hasPersonalData"] = new JsonArray([.. held.Scope.Categories.Select(c => (JsonNode)new JsonObject { ["@id"] = c })]),
        ["dpv:hasRight"] = new JsonArray([.. held.Scope.Rights.Select(r => (JsonNode)Right(r))]),
        ["reg:addressee"] = new JsonArray([.. held.Scope.Controllers.Select(c => (JsonNode)Organisation(c, names, "dpv:Organisation"))]),
        ["reg:state"] = RegistryJson.Word(held.On(on)),
    };

    /// <summary>The right of the GDPR that is exercised.</summary>
    private static string Right(MandateRight right) => right switch
    {
        MandateRight.Access => "eu-gdpr:A15",
        MandateRight.Portability => "eu-gdpr:A20",
        MandateRight.Complain => "eu-gdpr:A77",
        _ => "reg:claimDamages", // GDPR Art. 82: DPV knows no such right
    };

    private static JsonObject Organisation(OrganisationId id, Dictionary<Guid, string> names, string type) => new() { ["@id"] = $"urn:uuid:{id}", ["@type"] = type, ["dct:title"] = names[id.Value] };

    private static List<ReceiptAct> Acts(List<(StoredEvent First, MandateEvent Second)> heard)
    {
        var (acts, accepted) = (new List<ReceiptAct>(), false);
        foreach (var (stored, happened) in heard)
        {
            accepted |= happened is MandateAccepted or MandateRecorded;
            if (Status(happened, accepted) is { } status) acts.Add(Act(stored, happened, status));
        }
        return acts;
    }

    private static ReceiptAct Act(StoredEvent stored, MandateEvent happened, string status) => new(status, stored.Type, Told(stored, happened), happened switch
    {
        MandateWithdrawn e => e.ReceivedOn,
        MandateSuperseded e => e.From,
        MandateRenewed e => e.To,
        MandateEnded e => e.On,
        _ => null,
    }, happened switch
    {
        MandateWithdrawn { Scope: { } scope } => [scope],
        MandateSuperseded e => e.Scopes,
        MandateSupersessionLifted e => e.Scopes,
        _ => null,
    }, happened switch
    {
        MandateSuperseded or MandateSupersessionLifted => null,
        _ when stored.Headers?.Contains("\"member\"", StringComparison.Ordinal) == true => "member",
        _ => "representative",
    }, happened switch
    {
        MandateWithdrawn e => e.Evidence,
        MandatePaused e => e.Evidence,
        MandateResumed e => e.Evidence,
        MandateRenewed e => e.Evidence,
        MandateEnded e => e.Evidence,
        _ => null,
    }, happened switch
    {
        MandateRenewed e => e.TextVersion,
        MandateEnded e => RegistryJson.Word(e.Cause),
        MandateAccepted { Tacit: true } => "tacit",
        MandateEntrusted e => $"urn:uuid:{e.Substitute}",
        _ => null,
    });

    /// <summary>When somebody else was chosen is told to the day and no nearer.</summary>
    private static DateTimeOffset Told(StoredEvent stored, MandateEvent happened) =>
        happened is MandateSuperseded or MandateSupersessionLifted ? new DateTimeOffset(stored.At.UtcDateTime.Date, TimeSpan.Zero) : stored.At;

    /// <summary>States of consent as DPV 2.1 names them; null for what says nothing of it.</summary>
    private static string? Status(MandateEvent happened, bool accepted) => happened switch
    {
        MandateGranted or MandateRecorded or MandateAccepted or MandateResumed or MandateSupersessionLifted => "dpv:ConsentGiven",
        MandatePaused => "reg:ConsentSuspended",
        MandateRenewed => "dpv:RenewedConsentGiven",
        MandateWithdrawn or MandateSuperseded => "dpv:ConsentWithdrawn",
        MandateRenounced => accepted ? "dpv:ConsentRevoked" : "dpv:ConsentRefused", // given back, or never taken up
        MandateEnded => "dpv:ConsentRevoked", // by law, for the time to come: what was done before stays valid
        MandateEntrusted or MandateTakenBack => "dpv:ConsentGiven",
        _ => null,
    };

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
