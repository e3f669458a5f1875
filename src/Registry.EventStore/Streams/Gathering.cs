using System.Diagnostics;

namespace Registry.EventStore.Streams;

/// <summary>
/// Who waits to be written, and whether somebody writes. Makes groups of them: each holds a stream, a key and a claim
/// once, and whoever comes second is decided after the first.
/// </summary>
internal sealed class Gathering
{
    private const int MostAppends = 256;
    private const int MostEvents = 500;
    private const int Enough = 16;
    private const int MostFutile = 64;

    private static readonly long Shortest = Stopwatch.Frequency * 30 / 1_000_000;
    private static readonly long Longest = Stopwatch.Frequency / 1_000;

    private readonly Lock gate = new();
    private readonly Queue<Waiting> queue = new();
    private readonly List<Waiting> deferred = [];
    private bool writing;
    private int crowd;
    private int passed;
    private int futile;
    private long began;
    private long ended;

    /// <summary>True where nobody writes: whoever added it must.</summary>
    public bool Add(Waiting waiting)
    {
        lock (gate)
        {
            queue.Enqueue(waiting);
            if (writing) return false;
            return writing = true;
        }
    }

    /// <summary>More than one were written last, or waited at its end.</summary>
    public bool IsCrowded
    {
        get
        {
            lock (gate) return crowd > 1;
        }
    }

    /// <summary>The next group; null where nobody waits, and from then on nobody writes.</summary>
    public List<Waiting>? Next()
    {
        LetThemReturn();
        lock (gate)
        {
            while (MustGoOn())
            {
                if (Fill() is not { Count: > 0 } group) continue; // all who waited had given up
                (crowd, began) = (group.Count, Stopwatch.GetTimestamp());
                return group;
            }
            return null;
        }
    }

    /// <summary>Somebody waits; where nobody does, nobody writes from now on.</summary>
    public bool MustGoOn()
    {
        lock (gate) return writing = queue.Count + deferred.Count > 0;
    }

    /// <summary>The group that was taken last is written.</summary>
    public void Written()
    {
        lock (gate) (crowd, ended) = (crowd + queue.Count, Stopwatch.GetTimestamp());
    }

    /// <summary>
    /// Whoever was just answered often comes back at once. Waiting until as many are there as before, for a quarter of the time
    /// that a group takes to write and as long as they keep coming, saves a transaction and its write to disk. Where nobody
    /// came the next groups do not wait.
    /// </summary>
    private void LetThemReturn()
    {
        var took = ended - began;
        var (there, now) = (queue.Count, Stopwatch.GetTimestamp());
        var (patience, quiet) = (Math.Min(took / 4, Longest), Math.Max(took / 16, Shortest));
        var enough = Math.Min(crowd, Enough);
        if (there >= enough || now - ended > patience) return;
        if (passed < futile)
        {
            passed++;
            return;
        }
        var (seen, quietSince) = (there, now);
        while (seen < enough && (now = Stopwatch.GetTimestamp()) - quietSince < quiet && now - ended < patience)
        {
            Thread.Yield();
            if (queue.Count is var come && come > seen) (seen, quietSince) = (come, Stopwatch.GetTimestamp());
        }
        (passed, futile) = (0, seen > there ? 0 : Math.Clamp(futile * 2, 1, MostFutile));
    }

    private List<Waiting> Fill()
    {
        var group = new Group();
        foreach (var waiting in deferred.ToList())
        {
            if (group.TryTake(waiting)) deferred.Remove(waiting);
        }
        while (group.HasRoom && deferred.Count < MostAppends && queue.TryDequeue(out var waiting))
        {
            if (waiting.Cancelled.IsCancellationRequested) waiting.Done.TrySetCanceled(waiting.Cancelled);
            else if (!group.TryTake(waiting)) deferred.Add(waiting);
        }
        return group.Taken;
    }

    private sealed class Group
    {
        private readonly HashSet<Guid> streams = [];
        private readonly HashSet<string> names = new(StringComparer.Ordinal);
        private int events;

        public List<Waiting> Taken { get; } = [];

        public bool HasRoom => Taken.Count < MostAppends && events < MostEvents;

        public bool TryTake(Waiting waiting)
        {
            var append = waiting.Append;
            var free = HasRoom && (Taken.Count == 0 || events + append.EventCount <= MostEvents);
            // What is deferred blocks its names too, so that nobody overtakes it.
            foreach (var stream in append.Streams) free &= streams.Add(stream.Stream);
            foreach (var claim in append.Claims.Keys) free &= names.Add("claim " + claim);
            if (append.Key is { } key) free &= names.Add("key " + Convert.ToHexString(key.Key.Caller) + key.Key.Key);
            if (!free) return false;
            Taken.Add(waiting);
            events += append.EventCount;
            return true;
        }
    }
}
