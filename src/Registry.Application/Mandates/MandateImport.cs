using System.Text.Json;
using FluentValidation;
using Registry.Application.Members;
using Registry.Application.Operations;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.Operations;
using Registry.Domain.RuleSets;
using Registry.EventStore.Leaves;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.Application.Mandates;

/// <summary>Records rows in appends of a few hundred, each with its share of the operation's progress and results.</summary>
public sealed class MandateImport(Ledger ledger, EventLog log, DeedReading deeds, OtherMandates others, People people, Vault vault, Law law, LegalTime clock)
{
    private const int RowsAtOnce = 400;

    private static readonly MandateShape Shape = new();

    public static readonly Table Results = new(
        "operation_rows", "", Column.Uuid("operation"), Column.Integer("row"), Column.Text("outcome"), Column.Uuid("mandate"), Column.Text("code"), Column.Text("pointer"));

    private sealed record Outcome(int Row, string Kind, MandateId? Mandate, Refusal? Refused);

    public async Task Run(OperationId operation, ImportMandates import, CancellationToken ct)
    {
        var (done, totals) = (0, new Dictionary<string, int>(StringComparer.Ordinal) { ["granted"] = 0, ["unchanged"] = 0, ["refused"] = 0 });
        foreach (var chunk in import.Rows.Chunk(RowsAtOnce))
        {
            IReadOnlyList<Outcome> outcomes = [];
            await ledger.Together<OperationView, OperationEvent>(async act =>
            {
                outcomes = await Take(act, import, chunk, ct);
                var counts = totals.ToDictionary(t => t.Key, t => t.Value + outcomes.Count(o => o.Kind == t.Key));
                foreach (var o in outcomes) act.Write(Results.Row(operation.Value, o.Row, o.Kind, o.Mandate?.Value, o.Refused?.Code, o.Refused?.Pointer));
                return await Tell(act, new OperationAdvanced(operation, done + chunk.Length, counts, clock.Now), ct);
            }, ct, remembered: false);
            done += chunk.Length;
            foreach (var kind in totals.Keys) totals[kind] += outcomes.Count(o => o.Kind == kind);
        }
        await ledger.Together<OperationView, OperationEvent>(act => Tell(act, new OperationFinished(operation, null, clock.Now), ct), ct, remembered: false);
    }

    private async Task<IReadOnlyList<Outcome>> Take(Act act, ImportMandates import, ImportRow[] chunk, CancellationToken ct)
    {
        var outcomes = new List<Outcome>(chunk.Length);
        var sound = new List<(ImportRow Row, string Claim)>();
        foreach (var row in chunk)
        {
            if ((row.Malformed ?? Misshapen(row.Mandate!, import.By)) is { } refused) outcomes.Add(new Outcome(row.Row, "refused", null, refused));
            else sound.Add((row, "mandate " + Fingerprint(import.By, row.Mandate!)));
        }
        var taken = await log.TakenClaims([.. sound.Select(s => s.Claim)], ct);
        var known = await Known(import.By, sound.Select(s => s.Row.Mandate!.MemberReference!), ct);
        foreach (var (row, claim) in sound)
        {
            outcomes.Add(taken.Add(claim) ? await One(act, import, row, claim, known, ct) : new Outcome(row.Row, "unchanged", null, null));
        }
        return outcomes;
    }

    private async Task<Outcome> One(Act act, ImportMandates import, ImportRow row, string claim, Dictionary<string, VaultRow> known, CancellationToken ct)
    {
        var asked = row.Mandate!;
        var person = known.GetValueOrDefault(asked.MemberReference!);
        var member = person?.Member ?? new MemberRef(NewIds.Secret());
        var id = new MandateId(NewIds.Secret());
        var (deed, refused) = await deeds.Read(asked, member, import.By, ct);
        var decided = refused is null ? Mandate.Record(null, id, deed!, law.Codes, clock.Today("EU"), clock.Now) : refused;
        if (decided.Refused is { } no) return new Outcome(row.Row, "refused", null, no);
        if (import.DryRun) return new Outcome(row.Row, "granted", null, null);
        var begun = act.Start<Mandate, MandateEvent, MandateRow>(id.Value, decided.Events[0]);
        if (person is not null) await others.Supersede(act, begun.View!.Facts, ct);
        act.Claim(claim, id.Value);
        known[asked.MemberReference!] = Recording.Person(act, vault, import.By, member, person, asked);
        return new Outcome(row.Row, "granted", id, null);
    }

    private async Task<Dictionary<string, VaultRow>> Known(OrganisationId representative, IEnumerable<string> references, CancellationToken ct)
    {
        var asked = references.Distinct(StringComparer.Ordinal).ToList();
        var rows = (await people.OfReferences(representative, asked, ct)).ToDictionary(r => Convert.ToHexString(r.ReferenceIndex!));
        return asked.Select(reference => (reference, row: rows.GetValueOrDefault(Convert.ToHexString(vault.ReferenceIndex(representative, reference)))))
            .Where(found => found.row is not null).ToDictionary(found => found.reference, found => found.row!, StringComparer.Ordinal);
    }

    private static Refusal? Misshapen(MandateAsked asked, OrganisationId by)
    {
        if (asked.Representative is { } named && named != by.Value) return new Refusal("not-your-mandate", RefusalKind.Forbidden, "/representative");
        if (asked.MemberReference is null) return new Refusal("missing-field", RefusalKind.Invalid, "/memberReference");
        return Shape.Validate(asked).Errors is [var first, ..] ? new Refusal(first.ErrorCode, RefusalKind.Invalid, Pointers.Of(first.PropertyName)) : null;
    }

    /// <summary>The same row: member reference, scopes, validity and document are equal. A keyed digest, because it is made of a person's reference.</summary>
    private string Fingerprint(OrganisationId by, MandateAsked asked)
    {
        var row = JsonSerializer.SerializeToElement(new { asked.MemberReference, asked.Scopes, asked.Validity, asked.Evidence?.DocumentHash }, RegistryJson.Stored);
        return Convert.ToHexStringLower(vault.Blind($"row of {by}", System.Text.Encoding.UTF8.GetString(CanonicalJson.Of(row))));
    }

    private static Task<Reply<OperationView>> Tell(Act act, OperationEvent happened, CancellationToken ct) =>
        act.Decide<Operation, OperationEvent, OperationView>(happened.Operation.Value, operation => Operation.Go(operation, happened), ct);
}
