using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MediatR;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Application.PortabilityRequests;

/// <summary>Everything that proves what happened to a request (C. civ. 1366): to its union in full, to others that may read along without a line or a mandate.</summary>
public sealed record ReadDossier(RequestId Id, OrganisationId By) : IRequest<Reply<Dossier>>, IDiscloses<Dossier>
{
    public IEnumerable<Disclosure> Discloses(Dossier view) => [new(By, view.Purpose, Disclosing.Membership, view.Disclosed)];
}

/// <summary>A dossier that is about to be written; nothing of it stands in memory but the block being written.</summary>
public sealed record Dossier(RequestId Request, string Purpose, int Count, Func<Stream, CancellationToken, Task> Write) : IAboutMembers
{
    public Disclosed Disclosed => new([], Request, Count);
}

public sealed class ReadDossierHandler(Ledger ledger, Readings readings, RequestReadings requests) : IRequestHandler<ReadDossier, Reply<Dossier>>
{
    public async Task<Reply<Dossier>> Handle(ReadDossier q, CancellationToken ct)
    {
        if (await readings.Find<RequestView>(q.Id.Value, ct) is not { View: { } view } found) return RequestRefusals.Unknown;
        var today = await requests.Today(view, ct);
        if (!view.Facts.IsReadBy(q.By, today) || view.Facts.IsKnownTo(q.By) != (view.Matter.Representative == q.By) || view.KeptUntil < today) return RequestRefusals.Unknown;
        var reading = (await requests.Show(found, q.By, ct)).View!;
        var deadlines = new DeadlinesView(today, requests.Deadlines(await requests.On(view, today, ct)));
        var late = await requests.Late(view, ct);
        Guid[] streams = [view.Id, .. view.LinesUntil < today ? [] : view.Blocks]; // past that day lines are nobody's to read, dropped yet or not
        return new Dossier(q.Id, view.Matter.Purpose, view.Facts.Filed?.Count ?? 0, (output, stop) => Write(output, streams, (reading, deadlines, late), whole: view.Matter.Representative == q.By, stop));
    }

    private async Task Write(Stream output, Guid[] streams, (RequestReading Reading, DeadlinesView Deadlines, IReadOnlyList<LateCount> Late) readings, bool whole, CancellationToken ct)
    {
        await using var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, null, ct);
        await Text(zip, "README.txt", Guide(whole), ct);
        await Text(zip, "request.json", JsonSerializer.Serialize(readings.Reading, RegistryJson.Answered), ct);
        await Text(zip, "deadlines.json", JsonSerializer.Serialize(readings.Deadlines, RegistryJson.Answered), ct);
        await Text(zip, "late.json", JsonSerializer.Serialize(readings.Late, RegistryJson.Answered), ct);
        await using var events = await zip.CreateEntry("events.ndjson").OpenAsync(ct);
        foreach (var stream in streams) await Events(events, stream, whole, hidden: !whole && stream != streams[0], ct);
    }

    /// <summary>With salt and leaf, whoever has the log's checkpoint can show that this stood in it; what is hidden keeps its leaf only.</summary>
    private async Task Events(Stream output, Guid stream, bool whole, bool hidden, CancellationToken ct)
    {
        var (stored, proofs) = ((await ledger.Stored(stream, ct)).Events, await ledger.Leaves(stream, ct));
        foreach (var happened in stored)
        {
            var secret = hidden || (!whole && happened.Type is "request_drafted" or "request_filed"); // these name mandates, and why others were excluded
            var proof = proofs[happened.Position];
            var line = new JsonObject
            {
                ["position"] = happened.Position, ["stream"] = happened.Stream.ToString(), ["version"] = happened.Version, ["type"] = happened.Type, ["at"] = happened.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
                ["data"] = secret ? null : JsonNode.Parse(happened.Data), ["salt"] = secret || proof.Salt is null ? null : Convert.ToHexStringLower(proof.Salt), ["leaf"] = Convert.ToHexStringLower(proof.Leaf),
            };
            await output.WriteAsync(Encoding.UTF8.GetBytes(line.ToJsonString(RegistryJson.Answered) + "\n"), ct);
        }
    }

    private static async Task Text(ZipArchive zip, string name, string text, CancellationToken ct)
    {
        await using var entry = await zip.CreateEntry(name).OpenAsync(ct);
        await entry.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
    }

    private static string Guide(bool whole) =>
        $"""
        Dossier of a collective request. Dossier d'une demande collective.

        request.json    how it stands: acts, manifests, refusals, complaints, erasures
                        son état : actes, manifestes, refus, plaintes, effacements
        deadlines.json  every deadline with the walk that led to it (Regulation 1182/71, GDPR Art. 12)
                        chaque délai et son calcul (règlement 1182/71, RGPD art. 12)
        late.json       what had no answer when a last day was over, for each such day
                        ce qui était sans réponse à l'expiration de chaque délai
        events.ndjson   the events of the request, then those of its lines block by block, each with its place in
                        the log, its salt and its leaf
                        les événements de la demande, puis ceux des lignes bloc par bloc, chacun avec sa place au
                        journal, son sel et son empreinte

        The leaf of an event is SHA-256(0x00 || entry); the entry commits to the RFC 8785 form of its data by
        HMAC-SHA-256 under the salt. L'empreinte d'un événement est SHA-256(0x00 || entrée).
        {(whole ? "" : "What names lines or mandates is left out; its leaves stand. Ce qui désigne des lignes ou des mandats est omis ; les empreintes restent.")}
        """;
}
