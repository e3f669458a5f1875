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
    private const int FutileGroups = 64;

    private static readonly TimeSpan Quiet = TimeSpan.FromMicroseconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMicroseconds(100);

    private readonly Lock gate = new();
    private readonly Queue<Waiting> queue = new();
    private readonly List<Waiting> deferred = [];
    private bool writing;
    private int futile;
    private int answered;

    /// <summary>True where nobody writes: whoever added it must.</summary>
    public bool Add(Waiting waiting)
    {
        lock (gate)
        {
            queue.Enqueue(waiting);
            if (writing) return false;
            (writing, answered) = (true, 0);
            return true;
        }
    }

    /// <summary>The next group; null where nobody waits, and from then on nobody writes.</summary>
    public async Task<List<Waiting>?> Next()
    {
        await LetThemReturn();
        lock (gate)
        {
            while (MustGoOn())
            {
                if (Fill() is { Count: > 0 } group) return group; // empty where all who waited had given up
            }
            return null;
        }
    }

    /// <summary>Somebody waits; where nobody does, nobody writes from now on.</summary>
    public bool MustGoOn()
    {
        lock (gate) return writing = queue.Count + deferred.Count > 0;
    }

    /// <summary>
    /// Whoever was just answered often comes back at once. Waiting for them for as long as they keep coming, a tenth of a
    /// millisecond at most, saves a transaction and its write to disk. Where nobody came the next groups do not wait.
    /// </summary>
    private async Task LetThemReturn()
    {
        if (futile > 0)
        {
            futile--;
            return;
        }
        var (there, began) = (queue.Count, Stopwatch.GetTimestamp());
        var (seen, quietSince) = (there, began);
        var enough = Math.Min(seen + answered, MostAppends);
        while (seen < enough && Stopwatch.GetElapsedTime(quietSince) < Quiet && Stopwatch.GetElapsedTime(began) < Patience)
        {
            await Task.Yield();
            var now = queue.Count;
            if (now > seen) (seen, quietSince) = (now, Stopwatch.GetTimestamp());
        }
        if (seen == there && seen < enough) futile = FutileGroups;
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
        answered = group.Taken.Count;
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
