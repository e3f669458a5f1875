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

/// <summary>Records rows in appends of a few hundred, each with its share of the operation's progress and results. Killed in the middle it goes on where it was.</summary>
public sealed class MandateImport(Ledger ledger, Readings readings, Staging staging, EventLog log, DeedReading deeds, OtherMandates others, People people, Vault vault, Law law, LegalTime clock)
{
    public const string Real = "import", Dry = "import-dry-run";

    /// <summary>An append is bounded: who is known already may lose an older mandate and open lines by a new one.</summary>
    private const int MostWeight = 250, HeavyWeigh = 10;

    private static readonly MandateShape Shape = new();

    public static readonly Table Results = new(
        "operation_rows", "", Column.Uuid("operation"), Column.Integer("row"), Column.Text("outcome"), Column.Uuid("mandate"), Column.Text("code"), Column.Text("pointer"));

    /// <summary>Rows that a dry run has met: it takes no claim.</summary>
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <summary>A row as far as it can be looked at before anything is decided.</summary>
    private sealed record Ready(ImportRow Row, Refusal? Refused, string Claim);

    private sealed record Outcome(int Row, string Kind, MandateId? Mandate, Refusal? Refused);

    public static Task Work(OperationId operation, IWorkServices services, CancellationToken stop) => services.Get<MandateImport>().Run(operation, stop);

    /// <summary>From where it stands: at its beginning, or where a stopped process left it, for progress stands in the append of the rows that it counts.</summary>
    public async Task Run(OperationId operation, CancellationToken ct)
    {
        var view = (await readings.View<OperationView>(operation.Value, ct))!;
        var (by, dry) = (new OrganisationId(view.Owner), view.Kind == Dry);
        seen.Clear();
        var (done, counts) = (view.Done, new Counts(view.Result ?? new Dictionary<string, int>()));
        var ahead = Prepared(operation, done / Staging.RowsAPart, by, ct);
        for (var part = done / Staging.RowsAPart; await ahead is { } rows; part++)
        {
            ahead = Prepared(operation, part + 1, by, ct); // opened and read while the last one is being written
            var left = rows.Skip(done - (part * Staging.RowsAPart));
            foreach (var chunk in dry ? [[.. left]] : Chunks(left, await Heavy(by, rows, ct))) await Record(chunk);
            await staging.Done(operation, part, ct);
        }
        await ledger.Together<OperationView, OperationEvent>(act => Tell(act, done == view.Total ? new OperationFinished(operation, null, clock.Now) : new OperationFailed(operation, "interrupted", clock.Now), ct), ct, remembered: false);
        await staging.Drop(operation, ct);

        async Task Record(IReadOnlyList<Ready> chunk, Refusal? whole = null)
        {
            IReadOnlyList<Outcome> outcomes = [];
            try
            {
                await ledger.Together<OperationView, OperationEvent>(async act =>
                {
                    outcomes = whole is null ? await Take(act, by, dry, chunk, ct) : [new Outcome(chunk[0].Row.Row, "refused", null, whole)];
                    foreach (var o in outcomes) act.Write(Results.Row(operation.Value, o.Row, o.Kind, o.Mandate?.Value, o.Refused?.Code, o.Refused?.Pointer));
                    return await Tell(act, new OperationAdvanced(operation, done + chunk.Count, counts.With(outcomes), clock.Now), ct);
                }, ct, remembered: false, most: chunk.Count > 1 ? Append.MostEvents : Append.MostOfOneAct);
                (done, counts) = (done + chunk.Count, new Counts(counts.With(outcomes)));
            }
            catch (AppendTooLargeException) when (whole is null) // they stand in many requests, and each of those moves too
            {
                if (chunk.Count == 1)
                {
                    await Record(chunk, new Refusal("act-too-large", RefusalKind.Conflict));
                    return;
                }
                await Record([.. chunk.Take(chunk.Count / 2)]);
                await Record([.. chunk.Skip(chunk.Count / 2)]);
            }
        }
    }

    /// <summary>Who is known already may lose an older mandate by a new one, so that those stand in smaller appends of their own. A member stands once in an append: what a second row of theirs ends must be there first.</summary>
    private static IEnumerable<IReadOnlyList<Ready>> Chunks(IEnumerable<Ready> rows, HashSet<string> heavy)
    {
        var (chunk, members, weight, before) = (new List<Ready>(), new HashSet<string>(StringComparer.Ordinal), 0, false);
        foreach (var row in rows)
        {
            var reference = row.Row.Mandate?.MemberReference;
            var isHeavy = reference is not null && heavy.Contains(reference);
            var weighs = isHeavy ? HeavyWeigh : 1;
            if ((isHeavy != before && chunk.Count > 0) || (reference is not null && members.Contains(reference)) || weight + weighs > MostWeight)
            {
                yield return chunk;
                (chunk, members, weight) = ([], new HashSet<string>(StringComparer.Ordinal), 0);
            }
            before = isHeavy;
            if (reference is not null) members.Add(reference);
            weight += weighs;
            chunk.Add(row);
        }
        if (chunk.Count > 0) yield return chunk;
    }

    /// <summary>Members who are known already and whose row is new.</summary>
    private async Task<HashSet<string>> Heavy(OrganisationId by, IReadOnlyList<Ready> rows, CancellationToken ct)
    {
        var sound = rows.Where(r => r.Refused is null).Select(r => (Reference: r.Row.Mandate!.MemberReference!, r.Claim)).ToList();
        var known = await Known(by, sound.Select(s => s.Reference), ct);
        var taken = known.Count == 0 ? [] : await log.TakenClaims([.. sound.Select(s => s.Claim)], ct);
        return [.. sound.Where(s => known.ContainsKey(s.Reference) && !taken.Contains(s.Claim)).Select(s => s.Reference)];
    }

    private Task<IReadOnlyList<Ready>?> Prepared(OperationId operation, int part, OrganisationId by, CancellationToken ct) => Task.Run<IReadOnlyList<Ready>?>(async () =>
        await staging.Read(operation, part, ct) is { } rows ? [.. rows.Select(row => (row.Malformed ?? Misshapen(row.Mandate!, by)) is { } refused ? new Ready(row, refused, "") : new Ready(row, null, "mandate " + Fingerprint(by, row.Mandate!)))] : null, ct);

    private sealed record Counts(IReadOnlyDictionary<string, int> Before)
    {
        private static readonly string[] Kinds = ["granted", "unchanged", "refused"];

        public Dictionary<string, int> With(IReadOnlyList<Outcome> outcomes) =>
            Kinds.ToDictionary(kind => kind, kind => Before.GetValueOrDefault(kind) + outcomes.Count(o => o.Kind == kind), StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<Outcome>> Take(Act act, OrganisationId by, bool dry, IReadOnlyList<Ready> chunk, CancellationToken ct)
    {
        var outcomes = chunk.Where(r => r.Refused is not null).Select(r => new Outcome(r.Row.Row, "refused", null, r.Refused)).ToList();
        var sound = chunk.Where(r => r.Refused is null).Select(r => (r.Row, r.Claim)).ToList();
        var taken = await log.TakenClaims([.. sound.Select(s => s.Claim)], ct);
        var known = await Known(by, sound.Select(s => s.Row.Mandate!.MemberReference!), ct);
        foreach (var (row, claim) in sound)
        {
            var isNew = taken.Add(claim) && (!dry || seen.Add(claim));
            if (!isNew && !dry && known.TryGetValue(row.Mandate!.MemberReference!, out var person)) Recording.Mend(act, people, vault, person, row.Mandate);
            outcomes.Add(isNew ? await One(act, by, dry, row, claim, known, ct) : new Outcome(row.Row, "unchanged", null, null));
        }
        return outcomes;
    }

    private async Task<Outcome> One(Act act, OrganisationId by, bool dry, ImportRow row, string claim, Dictionary<string, VaultRow> known, CancellationToken ct)
    {
        var asked = row.Mandate!;
        var person = known.GetValueOrDefault(asked.MemberReference!);
        var member = person?.Member ?? new MemberRef(NewIds.Secret());
        var id = new MandateId(NewIds.Secret());
        var (deed, refused) = await deeds.Read(asked, member, by, ct);
        if (refused is null && person is not null) refused = await others.Withdrawn(deed!, ct);
        var decided = refused is null ? Mandate.Record(null, id, deed!, law.Codes, clock.Today("EU"), clock.Now) : refused;
        if (decided.Refused is { } no) return new Outcome(row.Row, "refused", null, no);
        if (dry) return new Outcome(row.Row, "granted", null, null);
        var begun = act.Start<Mandate, MandateEvent, MandateRow>(id.Value, decided.Events[0]);
        if (person is not null) await others.Supersede(act, begun.View!.Facts, ct);
        act.Claim(claim, id.Value);
        known[asked.MemberReference!] = Recording.Person(act, people, vault, by, member, person, asked);
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
