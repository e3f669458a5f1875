using MediatR;
using Registry.Application.Mandates;
using Registry.Application.Members;
using Registry.Application.Operations;
using Registry.Application.Organisations;
using Registry.Application.Terms;
using Registry.Application.Evidence;
using Registry.Domain.Kernel;
using Registry.Domain.Operations;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;

namespace Registry.Application.PortabilityRequests;

/// <summary>Seals the cohort and files the request. Above 5,000 lines it is long work, and the answer is an operation.</summary>
public sealed record FileRequest(RequestId Request, OrganisationId By, long? Revision) : IRequest<Reply<FiledOrUnderWay>>;

/// <summary>One of the two: the filed request, or the operation that files it.</summary>
public sealed record FiledOrUnderWay(RequestReading? Request, OperationView? Operation);

public sealed class FileRequestHandler(Ledger ledger, Readings readings, RequestReadings requests, Cohort cohort, Filing filing, OperationQueue operations, Law law)
    : IRequestHandler<FileRequest, Reply<FiledOrUnderWay>>
{
    private const int LinesAtOnce = 5_000;

    public async Task<Reply<FiledOrUnderWay>> Handle(FileRequest c, CancellationToken ct)
    {
        if (await readings.Find<RequestView>(c.Request.Value, ct) is not { View: { } view } found) return RequestRefusals.Unknown;
        if (view.Matter.Representative != c.By) return RequestRefusals.Unknown;
        if (await Answered(c.By, ct) is { } before) return before;
        if (c.Revision is { } expected && expected != found.Revision) return new Refusal("stale-revision", RefusalKind.Stale, null, found.Revision);
        var state = await ledger.Load<PortabilityRequest, RequestEvent>(c.Request.Value, ct);
        if (Requesting.MayFile(state, c.By, law.Hooks) is { } refused) return refused;
        if (Requesting.IsOwn(view.Matter, law.Hooks)) return (await requests.Show(await filing.RunOwn(c, view.Matter, ct), c.By, ct)).As(reading => new FiledOrUnderWay(reading, null));
        if (await filing.Forbidden(view.Matter, ct) is { } forbidden) return forbidden;

        var country = (await readings.View<OrganisationView>(view.Matter.Platform.Value, ct))!.Country;
        var counted = await cohort.Count(view.Matter, country, ct);
        if (counted.Eligible.Count == 0 && counted.Excluded.Any(e => e.Reason == "purposeNotCovered")) return RequestRefusals.PurposeNotMandated;
        if (counted.Eligible.Count < view.Matter.MinMembers) return RequestRefusals.TooFewMembers(counted.Eligible.Count, view.Matter.MinMembers);
        if (counted.Eligible.Count > PortabilityRequest.MostMembers) return RequestRefusals.TooManyMembers(counted.Eligible.Count, PortabilityRequest.MostMembers);
        if (counted.Eligible.Count > LinesAtOnce) return await UnderWay(c, found.Revision, country, counted, ct);
        var filed = await filing.Run(new FilingWork(c.Request, c.By, found.Revision, view.Matter, country, counted, null), ct);
        return (await requests.Show(filed, c.By, ct)).As(reading => new FiledOrUnderWay(reading, null));
    }

    private async Task<Reply<FiledOrUnderWay>> UnderWay(FileRequest c, long revision, string country, Counted counted, CancellationToken ct)
    {
        var matter = (await readings.View<RequestView>(c.Request.Value, ct))!.Matter;
        var started = await operations.Start(ledger, "filing", c.By, counted.Eligible.Count, (operation, services, stop) =>
            services.Get<Filing>().RunUnderWay(new FilingWork(c.Request, c.By, revision, matter, country, counted, operation), stop), ct);
        return started.As(operation => new FiledOrUnderWay(null, operation));
    }

    /// <summary>A repeated call is shown what the first one was: the request, or its operation.</summary>
    private async Task<Reply<FiledOrUnderWay>?> Answered(OrganisationId by, CancellationToken ct)
    {
        if (await ledger.KeptStream(ct) is not { } stream) return null;
        if (await readings.Find<OperationView>(stream, ct) is not null)
        {
            return (await ledger.Before<OperationView, OperationEvent>(ct))!.As(operation => new FiledOrUnderWay(null, operation));
        }
        var before = await ledger.Before<RequestView, RequestEvent>(ct);
        return (await requests.Show(before!, by, ct)).As(reading => new FiledOrUnderWay(reading, null));
    }
}

/// <summary>What a filing needs to know; <paramref name="Operation"/> is null where the caller waits for it.</summary>
public sealed record FilingWork(
    RequestId Request, OrganisationId By, long Revision, RequestMatter Matter, string Country, Counted Counted, OperationId? Operation);

/// <summary>
/// Seals block by block: each in an append of its own that loses if one of its mandates has moved on, and that a
/// withdrawal finds from then on. The request names its blocks last; blocks that no request names are nothing.
/// </summary>
public sealed class Filing(Ledger ledger, People people, Vault vault, Cohort cohort, Accepting accepting, FreshTerms terms, Readings readings, Law law, LegalTime clock)
{
    /// <summary>One is prepared while another is written. Of long work, where others wrote meanwhile, each rests for twice as long as it worked, so that half is theirs.</summary>
    private const int BlocksAtOnce = 2, BlocksToTell = 10, RestPerWork = 2;

    /// <summary>What the blocks beside a block may have appended meanwhile themselves.</summary>
    private const int OwnEvents = 4;

    private int sealedLines;

    /// <summary>No floor and no agreement that binds the platform may forbid the purpose for a category that is asked.</summary>
    public async Task<Refusal?> Forbidden(RequestMatter matter, CancellationToken ct)
    {
        var agreed = (await terms.Now(ct)).Terms;
        foreach (var category in matter.Categories)
        {
            var clause = agreed.Forbidding(matter.Platform, category, matter.Purpose, "union", clock.Today("EU"));
            if (clause is not null) return RequestRefusals.ForbiddenPurpose(category, $"{clause.Agreement}, {clause.Clause}");
        }
        return null;
    }

    /// <summary>What a body asks in its own right has no cohort to seal.</summary>
    public async Task<Reply<RequestView>> RunOwn(FileRequest c, RequestMatter matter, CancellationToken ct)
    {
        var country = (await readings.View<OrganisationView>(matter.Platform.Value, ct))!.Country;
        var filed = new RequestFiled(c.Request, 0, null, [], [], clock.Today(country), clock.Now, Coverage.Columns(matter, law.Hooks, law.Codes));
        return await ledger.Together<RequestView, RequestEvent>(async act =>
        {
            var reply = await act.Decide<PortabilityRequest, RequestEvent, RequestView>(c.Request.Value, request => Requesting.File(request, c.By, filed, law.Hooks), ct, c.Revision);
            if (reply.Changed) act.Tell(matter.Platform, "portability-request.filed", c.Request.Value);
            return reply;
        }, ct);
    }

    public async Task<Reply<RequestView>> Run(FilingWork work, CancellationToken ct)
    {
        foreach (var offered in work.Counted.Eligible.Where(p => p.Place.Offered)) await accepting.Accept(offered.Mandate, work.By, tacit: true, ct);
        var chunks = work.Counted.Eligible.Chunk(LineBlock.Capacity).ToList();
        IReadOnlyList<BlockId> blocks = [.. chunks.Select(_ => new BlockId(NewIds.Secret()))];
        var lined = new IReadOnlyList<LineId>[chunks.Count];
        await Parallel.ForAsync(0, chunks.Count, new ParallelOptions { MaxDegreeOfParallelism = BlocksAtOnce, CancellationToken = ct }, async (index, stop) =>
        {
            if (work.Operation is null) lined[index] = await Seal(work, blocks[index], index, chunks[index], stop);
            else await Rest(async () => lined[index] = await Seal(work, blocks[index], index, chunks[index], stop), stop);
        });
        IReadOnlyList<LineId> lines = [.. lined.SelectMany(l => l)];
        var dropped = work.Counted.Eligible.Count - lines.Count;
        var excluded = dropped == 0 ? work.Counted.Excluded : [.. work.Counted.Excluded, new ExcludedCount("changedDuringFiling", dropped)];
        var root = Convert.ToHexStringLower(MerkleTree.Root(lines.Select(line => System.Text.Encoding.UTF8.GetBytes(line.ToString()))));
        return await ledger.Together<RequestView, RequestEvent>(async act =>
        {
            var reply = await act.Decide<PortabilityRequest, RequestEvent, RequestView>(work.Request.Value, request => Requesting.File(
                request, work.By, new RequestFiled(work.Request, lines.Count, root, blocks, excluded, clock.Today(work.Country), clock.Now), law.Hooks), ct, work.Revision);
            if (reply.Changed) act.Write(MandateUses.Row(clock.Now, MandateUses.Filed, work.By, work.Matter.Purpose, Disclosing.Membership, [], work.Request));
            if (reply.Changed) act.Tell(work.Matter.Platform, "portability-request.filed", work.Request.Value);
            if (reply.Changed && work.Operation is { } operation) await Finish(act, operation, new OperationFinished(operation, work.Request.Value, clock.Now), ct);
            return reply;
        }, ct, remembered: work.Operation is null);
    }

    /// <summary>Where others wrote while this worked, it rests.</summary>
    private async Task Rest(Func<Task> work, CancellationToken ct)
    {
        var (before, began) = (await ledger.Head(ct), clock.GetTimestamp());
        await work();
        if (await ledger.Head(ct) - before > OwnEvents) await Task.Delay(clock.GetElapsedTime(began) * RestPerWork, ct);
    }

    public async Task RunUnderWay(FilingWork work, CancellationToken ct)
    {
        var filed = await Run(work, ct);
        if (filed.Refused is not { } refused) return;
        await ledger.Together<OperationView, OperationEvent>(
            act => Finish(act, work.Operation!.Value, new OperationFailed(work.Operation.Value, refused.Code, clock.Now), ct), ct, remembered: false);
    }

    /// <summary>On what was counted; only where one of the mandates has moved on since are they looked at again.</summary>
    private async Task<IReadOnlyList<LineId>> Seal(FilingWork work, BlockId block, int index, IReadOnlyList<Placed> chunk, CancellationToken ct)
    {
        var (placed, lines) = ((IReadOnlyList<Placed>?)null, (IReadOnlyList<SealedLine>)[]);
        await ledger.Together<LineBlockView, LineBlockEvent>(async act =>
        {
            placed = placed is null && chunk.All(p => !p.Place.Offered) ? chunk : await cohort.Again(chunk, work.Matter, work.Country, ct);
            lines = [.. placed.Select(p => new SealedLine(new LineId(NewIds.Secret()), p.Mandate, p.Place.DeliverTo, p.Place.Covered, p.Place.Until))];
            var reply = act.Start<LineBlock, LineBlockEvent, LineBlockView>(block.Value, new LinesSealed(block, work.Request, index, work.Counted.Columns, lines, clock.Now));
            foreach (var mandate in placed) act.ExpectVersion<Domain.Mandates.Mandate>(mandate.Mandate.Value, mandate.Version);
            await WriteLines(act, work, block, placed, lines, ct);
            return reply;
        }, ct, remembered: false);
        Interlocked.Add(ref sealedLines, lines.Count);
        if (work.Operation is { } operation && index % BlocksToTell == BlocksToTell - 1) await TellProgress(operation, ct);
        return [.. lines.Select(l => l.Line)];
    }

    /// <summary>After the blocks that it counts, so that progress is never ahead of the facts.</summary>
    private Task<Reply<OperationView>> TellProgress(OperationId operation, CancellationToken ct) => ledger.Together<OperationView, OperationEvent>(
        act => Finish(act, operation, new OperationAdvanced(operation, Volatile.Read(ref sealedLines), new Dictionary<string, int>(), clock.Now), ct), ct, remembered: false);

    /// <summary>Each with the account by which this platform knows the person, under the person's own key.</summary>
    private async Task WriteLines(Act act, FilingWork work, BlockId block, IReadOnlyList<Placed> placed, IReadOnlyList<SealedLine> lines, CancellationToken ct)
    {
        var rows = (await people.OfMembers([.. placed.Select(p => p.Member)], ct)).ToDictionary(r => r.Member);
        for (var i = 0; i < lines.Count; i++)
        {
            var account = rows.TryGetValue(placed[i].Member, out var row) ? vault.Lend(row, work.Matter.Platform, lines[i].Line.Value) : null;
            act.Write(LineBlockView.Lines.Row(lines[i].Line.Value, lines[i].Mandate.Value, block.Value, work.Request.Value, placed[i].Member.Value, account));
        }
    }

    private static Task<Reply<OperationView>> Finish(Act act, OperationId operation, OperationEvent happened, CancellationToken ct) =>
        act.Decide<Operation, OperationEvent, OperationView>(operation.Value, known => Operation.Go(known, happened), ct);
}
