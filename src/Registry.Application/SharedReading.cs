namespace Registry.Application;

/// <summary>
/// Those who ask the same at the same time share one reading. It begins after each of them asked, so that nobody is told
/// what was the case before, and as a rule once the reading before it has ended: one that hangs holds nobody up for long.
/// </summary>
public sealed class SharedReading<TKey, TAnswer>(Func<TKey, Task<TAnswer>> read) where TKey : notnull
{
    private readonly Dictionary<TKey, Turn> last = [];

    private sealed class Turn
    {
        public bool Begun;
        public Task<TAnswer> Answer = null!;
    }

    /// <summary>How long a reading waits for the one before it.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(100);

    public Task<TAnswer> Ask(TKey key, CancellationToken ct)
    {
        lock (last)
        {
            if (!last.TryGetValue(key, out var turn) || turn.Begun)
            {
                var before = turn?.Answer;
                last[key] = turn = new Turn();
                turn.Answer = Take(key, turn, before);
            }
            return turn.Answer.WaitAsync(ct);
        }
    }

    private async Task<TAnswer> Take(TKey key, Turn turn, Task? before)
    {
        await (before ?? Task.CompletedTask).WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (last) turn.Begun = true;
        try
        {
            return await read(key);
        }
        finally
        {
            lock (last)
            {
                if (last.TryGetValue(key, out var now) && now == turn) last.Remove(key);
            }
        }
    }
}
