namespace Registry.EventStore;

/// <summary>
/// One reading at a time, as a rule, and those who ask while it is under way are read for together by the next. That one
/// begins after each of them asked, so that nobody is told what was the case before. Who asks alone is read for at once.
/// </summary>
/// <param name="read">Answers some questions at once.</param>
/// <param name="nothing">The answer to a question that the reading left out.</param>
public sealed class GroupedReading<TKey, TAnswer>(Func<IReadOnlyCollection<TKey>, Task<Dictionary<TKey, TAnswer>>> read, Func<TKey, TAnswer> nothing) where TKey : notnull
{
    private const int Most = 100;

    private readonly Lock gate = new();
    private Group? open;
    private Task last = Task.CompletedTask;

    private sealed class Group
    {
        public readonly Dictionary<TKey, TaskCompletionSource<TAnswer>> Asked = [];
        public readonly TaskCompletionSource Ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>How long a reading waits for the one before it: one that hangs holds nobody up for longer.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The answer to a question as it is now.</summary>
    public Task<TAnswer> Ask(TKey key, CancellationToken ct)
    {
        (Group Group, Task Before)? begun = null;
        TaskCompletionSource<TAnswer>? answer;
        lock (gate)
        {
            if (open is null || open.Asked.Count == Most)
            {
                open = new Group();
                begun = (open, last);
                last = open.Ended.Task;
            }
            if (!open.Asked.TryGetValue(key, out answer)) open.Asked.Add(key, answer = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        if (begun is { } first) _ = Read(first.Group, first.Before);
        return answer.Task.WaitAsync(ct);
    }

    private async Task Read(Group group, Task before)
    {
        if (!before.IsCompleted) await before.WaitAsync(Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            if (open == group) open = null;
        }
        try
        {
            var answers = await read(group.Asked.Keys);
            foreach (var (key, asked) in group.Asked) asked.SetResult(answers.TryGetValue(key, out var answer) ? answer : nothing(key));
        }
        catch (Exception error)
        {
            foreach (var asked in group.Asked.Values) asked.TrySetException(error);
        }
        group.Ended.SetResult();
    }
}
