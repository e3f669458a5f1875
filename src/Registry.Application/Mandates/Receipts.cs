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
/// <param name="Scopes">Those that it was said of; null for all.</param>
public sealed record ReceiptAct(string Status, string Event, DateTimeOffset At, DateOnly? On, IReadOnlyList<ScopeId>? Scopes);

public sealed class ReadReceiptHandler(MandateReadings mandates, Receipts receipts) : IRequestHandler<ReadReceipt, Reply<Receipt>>
{
    public async Task<Reply<Receipt>> Handle(ReadReceipt q, CancellationToken ct)
    {
        var found = await mandates.Find(q.Mandate, q.By, ct);
        if (found.View is not { } row) return found.Refused!;
        return row.Facts.KeptUntil() < mandates.Today ? MandateRefusals.Unknown : await receipts.Of(row.Facts.Id, ct);
    }
}

public sealed class Receipts(EventLog log, EventCatalogue events, Readings readings, Law law)
{
    private static readonly JsonObject Context = new()
    {
        ["dpv"] = "https://w3id.org/dpv#", ["dct"] = "http://purl.org/dc/terms/", ["xsd"] = "http://www.w3.org/2001/XMLSchema#", ["eu-gdpr"] = "https://w3id.org/dpv/legal/eu/gdpr#",
        ["reg"] = "urn:registry:", ["prov"] = "http://www.w3.org/ns/prov#",
    };

    public async Task<Receipt> Of(MandateId id, CancellationToken ct)
    {
        var stored = (await log.FetchStream(id.Value, ct)).Events;
        var heard = stored.Zip(events.Read<MandateEvent>(stored)).ToList();
        var mandate = heard.Select(h => h.Second).Aggregate((Mandate?)null, Mandate.Evolve)!;
        var acts = heard.Where(h => Status(h.Second) is not null).Select(h => Act(h.First, h.Second)).ToList();
        var names = new Dictionary<Guid, string>();
        foreach (var organisation in mandate.Deed.Scopes.SelectMany(s => s.Controllers).Append(mandate.Deed.Representative).Select(o => o.Value).Distinct())
        {
            names[organisation] = (await readings.View<OrganisationView>(organisation, ct))!.Name;
        }
        var receipt = NewIds.Named($"receipt of mandate {id} at version {stored[^1].Version}");
        var document = Document(receipt, mandate, acts, Told(stored[^1], heard[^1].Second), names);
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

    /// <summary>TS 27560: the header of the record, the parties, what is processed, and the events of consent.</summary>
    private JsonObject Document(Guid receipt, Mandate mandate, IReadOnlyList<ReceiptAct> acts, DateTimeOffset issued, Dictionary<Guid, string> names) => new()
    {
        ["@context"] = Context.DeepClone(), ["@id"] = $"urn:uuid:{receipt}", ["@type"] = "dpv:ConsentReceipt",
        ["dct:conformsTo"] = "ISO/IEC TS 27560:2023", ["dct:identifier"] = receipt.ToString(), ["dct:issued"] = Instant(issued), ["dct:language"] = mandate.Deed.Language,
        ["dct:source"] = new JsonObject { ["@id"] = $"urn:uuid:{mandate.Id}", ["@type"] = "dpv:ConsentRecord" },
        ["dpv:hasDataSubject"] = new JsonObject { ["@type"] = "dpv:DataSubject" }, // named by nobody: who holds the receipt knows
        ["dpv:hasRepresentative"] = Organisation(mandate.Deed.Representative, names, "dpv:Representative"),
        ["dpv:hasLegalBasis"] = new JsonArray("eu-gdpr:A6-1-a", "eu-gdpr:A9-2-a"),
        ["dpv:hasNotice"] = new JsonObject
        {
            ["@type"] = "dpv:ConsentNotice", ["dct:hasVersion"] = mandate.Deed.TextVersion, ["dct:language"] = mandate.Deed.Language, ["reg:sha256"] = mandate.Deed.TextHash,
        },
        ["dpv:hasDuration"] = new JsonObject
        {
            ["@type"] = "dpv:TemporalDuration", ["prov:startedAtTime"] = LegalDates.Text(mandate.Validity.From), ["prov:endedAtTime"] = LegalDates.Text(mandate.Validity.To!.Value),
        },
        ["dpv:hasProcess"] = new JsonArray([.. mandate.Scopes.Select(s => (JsonNode)Process(s, names))]),
        ["reg:mayReceiveResponse"] = mandate.Deed.MayReceiveResponse, ["reg:exclusive"] = mandate.Deed.Exclusive,
        ["reg:evidence"] = mandate.Deed.Evidence is { } evidence
            ? new JsonObject { ["reg:method"] = RegistryJson.Word(evidence.Method), ["dct:created"] = LegalDates.Text(evidence.CapturedOn), ["reg:sha256"] = evidence.DocumentHash }
            : new JsonObject { ["reg:method"] = "online" },
        ["reg:proofs"] = new JsonArray([.. mandate.Proofs.Select(p => (JsonNode)new JsonObject { ["dct:created"] = LegalDates.Text(p.MadeOn), ["reg:sha256"] = p.DocumentHash })]),
        ["dpv:hasConsentStatus"] = (mandate.Scopes.Any(s => s.State == ScopeState.Live) ? acts.Last(a => a.Scopes is null) : acts[^1]).Status,
        ["reg:events"] = new JsonArray([.. acts.Select(a => (JsonNode)new JsonObject
        {
            ["dpv:hasConsentStatus"] = a.Status, ["reg:event"] = a.Event, ["dct:date"] = Instant(a.At), ["reg:on"] = a.On is { } on ? LegalDates.Text(on) : null,
            ["reg:scopes"] = a.Scopes is { } scopes ? new JsonArray([.. scopes.Select(s => (JsonNode)$"urn:uuid:{s}")]) : null,
        })]),
    };

    private JsonObject Process(HeldScope held, Dictionary<Guid, string> names) => new()
    {
        ["@id"] = $"urn:uuid:{held.Scope.Id}", ["@type"] = "dpv:Process",
        ["dpv:hasPurpose"] = new JsonArray([.. held.Scope.Purposes.Select(p => (JsonNode)p)]),
        ["dpv:hasPersonalData"] = new JsonArray([.. held.Scope.Categories.Select(c => (JsonNode)new JsonObject { ["@id"] = c, ["dct:title"] = law.Codes.DataCategories.Find(c)!.Label.En })]),
        ["dpv:hasRight"] = new JsonArray([.. held.Scope.Rights.Select(r => (JsonNode)Right(r))]),
        ["dpv:hasDataController"] = new JsonArray([.. held.Scope.Controllers.Select(c => (JsonNode)Organisation(c, names, "dpv:DataController"))]),
        ["reg:state"] = RegistryJson.Word(held.State),
    };

    /// <summary>The right of the GDPR that is exercised.</summary>
    private static string Right(MandateRight right) => right switch
    {
        MandateRight.Access => "eu-gdpr:A15",
        MandateRight.Portability => "eu-gdpr:A20",
        MandateRight.Complain => "eu-gdpr:A77",
        _ => "eu-gdpr:A82",
    };

    private static JsonObject Organisation(OrganisationId id, Dictionary<Guid, string> names, string type) => new() { ["@id"] = $"urn:uuid:{id}", ["@type"] = type, ["dct:title"] = names[id.Value] };

    private static ReceiptAct Act(StoredEvent stored, MandateEvent happened) => new(Status(happened)!, stored.Type, Told(stored, happened), happened switch
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
    });

    /// <summary>When somebody else was chosen is told to the day and no nearer.</summary>
    private static DateTimeOffset Told(StoredEvent stored, MandateEvent happened) =>
        happened is MandateSuperseded or MandateSupersessionLifted ? new DateTimeOffset(stored.At.UtcDateTime.Date, TimeSpan.Zero) : stored.At;

    /// <summary>States of consent as DPV 2.1 names them; null for what says nothing of it.</summary>
    private static string? Status(MandateEvent happened) => happened switch
    {
        MandateGranted or MandateRecorded or MandateAccepted or MandateResumed or MandateSupersessionLifted => "dpv:ConsentGiven",
        MandatePaused => "reg:ConsentSuspended",
        MandateRenewed => "dpv:RenewedConsentGiven",
        MandateWithdrawn or MandateSuperseded => "dpv:ConsentWithdrawn",
        MandateRenounced => "dpv:ConsentRefused",
        MandateEnded => "dpv:ConsentInvalidated",
        _ => null,
    };

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
