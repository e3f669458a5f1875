using System.Threading.Channels;
using Registry.Application.Agreements;
using Registry.Application.Organisations;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.EventStore;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

namespace Registry.Application.Terms;

/// <summary>The agreed terms as this node has read them.</summary>
/// <param name="Position">How far it has read the log.</param>
/// <param name="SeenAt">When it last asked how far the log goes, as a timestamp of the machine.</param>
/// <param name="Told">The last position read that could change an answer: what may be told of how far it has read, for everything else in the log is somebody else's.</param>
/// <param name="Answers">What was answered of these terms lately.</param>
public sealed record TermsAsRead(AgreedTerms Terms, long Position, long SeenAt, long Told, Recent<Question, DecisionView> Answers)
{
    /// <summary>Bytes of answers that are kept at hand, in each of two generations; an answer's objects weigh about as much again.</summary>
    private const int KeptAnswers = 16 << 20;

    internal TermsAsRead(AgreedTerms terms, long position, long seenAt, long told) : this(terms, position, seenAt, told, new Recent<Question, DecisionView>(KeptAnswers, view => view.Written.Length))
    {
    }
}

/// <summary>
/// Keeps the agreed terms of this node up with the log: built from the view, then from what was appended since. Who asks is
/// answered with what was the case at most a second ago, and with whatever this node itself has appended; where the log
/// cannot be asked, nobody is answered.
/// </summary>
public sealed class FreshTerms(EventLog log, ViewReader views, EventCatalogue events, ViewCatalogue catalogue, Law law, TimeProvider machine) : IDisposable
{
    /// <summary>Older than this an answer would be stale; nobody waits longer than <see cref="Patience"/> for a newer one.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Rows that wait to be understood, and how many of them are understood at once.</summary>
    private const int Waiting = 500, MostReaders = 4;

    /// <summary>What can change an answer: events of agreements, and of an organisation's memberships.</summary>
    public static readonly IReadOnlyCollection<Type> EndsAndBeginnings =
        [typeof(AgreementDeposited), typeof(AgreementRectified), typeof(AgreementDenounced), typeof(AgreementSubstituted), typeof(AgreementExtensionDecided)];

    public static readonly IReadOnlyCollection<Type> Belonging = [typeof(OrganisationRegistered), typeof(OrganisationJoined), typeof(OrganisationLeft)];

    private readonly IReadOnlyList<string> ofAgreements = events.StoredNames(EndsAndBeginnings);
    private readonly HashSet<string> ofBoth = [.. events.StoredNames([.. EndsAndBeginnings, .. Belonging])];
    private readonly SemaphoreSlim reading = new(1);
    private TermsAsRead? known;
    private long awaited;

    /// <summary>Fresh terms, at once as a rule.</summary>
    /// <exception cref="DatabaseAwayException">It cannot be told how fresh they are.</exception>
    public ValueTask<TermsAsRead> Now(CancellationToken ct) =>
        Volatile.Read(ref known) is { } read && machine.GetElapsedTime(read.SeenAt) < Oldest && read.Position >= Volatile.Read(ref awaited) ? new(read) : new(ReadOnInTime(ct));

    /// <summary>This node appended something that can change an answer: nobody who asks it is answered without that.</summary>
    public void Await(Append append, long position)
    {
        if (!append.Streams.Any(s => s.Events.Any(e => ofBoth.Contains(e.Type)))) return;
        for (var before = Volatile.Read(ref awaited); before < position; before = Volatile.Read(ref awaited)) Interlocked.CompareExchange(ref awaited, position, before);
    }

    /// <summary>Reads what was appended since; everything at the first time.</summary>
    public async Task<TermsAsRead> ReadOn(CancellationToken ct)
    {
        var asked = machine.GetTimestamp();
        await reading.WaitAsync(ct);
        try
        {
            var read = known;
            if (read?.SeenAt >= asked) return read; // whoever came first has done it
            var seenAt = machine.GetTimestamp();
            var next = read is null ? await Load(seenAt, ct) : await Follow(read, seenAt, ct);
            Volatile.Write(ref known, next);
            return next;
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();

    private async Task<TermsAsRead> ReadOnInTime(CancellationToken ct)
    {
        try
        {
            return await ReadOn(ct).WaitAsync(Patience, machine, ct);
        }
        catch (TimeoutException late)
        {
            throw new DatabaseAwayException("nobody knows how fresh the agreed terms are", late);
        }
    }

    private async Task<TermsAsRead> Load(long seenAt, CancellationToken ct)
    {
        var (position, agreements) = await Deposited(ct);
        var changed = await log.LastOf([.. agreements.Select(a => a.Id.Value)], ofAgreements, position, ct);
        var organisations = await views.Rows(catalogue.Of<OrganisationView>().Query("with_memberships"), [], row => (Guid)row[0]!, ct);
        var memberships = await Memberships(organisations, position, ct);
        var terms = AgreedTerms.None(law).With(agreements.Select(a => new AgreementKnown(a, changed.GetValueOrDefault(a.Id.Value))), memberships);
        return new TermsAsRead(terms, position, seenAt, changed.Values.Concat(memberships.Select(m => m.Changed)).DefaultIfEmpty(0).Max());
    }

    /// <summary>Rows are read by one and understood by as many as there are processors: understanding is the longer part.</summary>
    private async Task<(long Position, IReadOnlyList<Agreement> Agreements)> Deposited(CancellationToken ct)
    {
        var rows = Channel.CreateBounded<byte[]>(Waiting);
        var understood = Enumerable.Range(0, Math.Min(Environment.ProcessorCount, MostReaders)).Select(_ => Task.Run(() => Understood(rows.Reader, ct), ct)).ToList();
        var position = 0L;
        try
        {
            await foreach (var row in views.Stream(catalogue.Of<AgreementRow>().Query("deposited"), [], ct))
            {
                position = (long)row[0]!;
                if (row[1] is byte[] json) await rows.Writer.WriteAsync(json, ct);
            }
        }
        finally
        {
            rows.Writer.Complete();
        }
        return (position, [.. (await Task.WhenAll(understood)).SelectMany(agreements => agreements)]);
    }

    private static async Task<List<Agreement>> Understood(ChannelReader<byte[]> rows, CancellationToken ct)
    {
        var (pool, agreements) = (new PooledJson(), new List<Agreement>());
        await foreach (var json in rows.ReadAllAsync(ct))
        {
            if (pool.Read<Agreement>(json) is { Own.Deposit: not null } facts) agreements.Add(facts);
        }
        return agreements;
    }

    private async Task<TermsAsRead> Follow(TermsAsRead read, long seenAt, CancellationToken ct)
    {
        var (head, changed) = await log.ChangedStreams(read.Position, ofBoth, ct);
        if (head < read.Position) return await Load(seenAt, ct); // another database took this one's place
        if (head == read.Position) return read with { SeenAt = seenAt };
        if (changed.Count == 0) return read with { Position = head, SeenAt = seenAt };
        var streams = await log.FetchStreams(changed, ct, head);
        var (agreements, memberships) = (streams.Select(Known).OfType<AgreementKnown>().ToList(), streams.Select(s => Belongings.Of(s.Events, events)).OfType<MembershipsKnown>().ToList());
        var told = agreements.Select(a => a.Changed).Concat(memberships.Select(m => m.Changed)).Append(read.Told).Max();
        return new TermsAsRead(read.Terms.With(agreements, memberships), head, seenAt, told);
    }

    private AgreementKnown? Known(EventStream stream) =>
        events.Read<AgreementEvent>(stream.Events).Aggregate((Agreement?)null, Agreement.Evolve) is { } facts
            ? new AgreementKnown(facts, stream.Events.Where(e => ofAgreements.Contains(e.Type)).Max(e => e.Position))
            : null;

    private async Task<IReadOnlyList<MembershipsKnown>> Memberships(IReadOnlyList<Guid> organisations, long asOf, CancellationToken ct) =>
        [.. (await log.FetchStreams(organisations, ct, asOf)).Select(stream => Belongings.Of(stream.Events, events)).OfType<MembershipsKnown>()];
}
