using System.Collections.Concurrent;

namespace Registry.Domain.Kernel;

/// <summary>
/// What was made lately, so that it is not made again: two generations of a bounded weight. When the young one is full it
/// becomes the old one, and what nobody asked for since then is gone.
/// </summary>
public sealed class Recent<TKey, TValue>(int capacity, Func<TValue, int> weigh) where TKey : notnull where TValue : class
{
    private volatile ConcurrentDictionary<TKey, TValue> young = new();
    private volatile ConcurrentDictionary<TKey, TValue> old = new();
    private int weight;

    public TValue? Find(TKey key)
    {
        if (young.TryGetValue(key, out var found)) return found;
        if (!old.TryGetValue(key, out found)) return null;
        if (young.TryAdd(key, found)) Weigh(found);
        return found;
    }

    public TValue Keep(TKey key, TValue value)
    {
        if (young.TryAdd(key, value)) Weigh(value);
        else young[key] = value; // what was kept of it may not be good any more
        return value;
    }

    private void Weigh(TValue value)
    {
        if (Interlocked.Add(ref weight, weigh(value)) < capacity) return;
        Interlocked.Exchange(ref weight, 0);
        (old, young) = (young, new());
    }
}
