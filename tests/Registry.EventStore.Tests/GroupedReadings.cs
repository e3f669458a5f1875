using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests;

/// <summary>Those who ask while a reading is under way are read for together, by one that begins after each of them asked.</summary>
[Collection(OnPostgres.Name)]
public sealed class GroupedReadings(Postgres postgres)
{
    private readonly List<(string[] Keys, TaskCompletionSource<Dictionary<string, int>> Answers)> begun = [];
    private readonly SemaphoreSlim begins = new(0);

    private GroupedReading<string, int> Grouped(TimeSpan patience) => new(
        keys =>
        {
            var answers = new TaskCompletionSource<Dictionary<string, int>>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (begun) begun.Add(([.. keys], answers));
            begins.Release();
            return answers.Task;
        },
        _ => -1)
    { Patience = patience };

    private GroupedReading<string, int> Grouped() => Grouped(TimeSpan.FromMinutes(1));

    private async Task Begun() => Assert.True(await begins.WaitAsync(TimeSpan.FromSeconds(30)));

    private void Answer(int reading, params (string Key, int Answer)[] answers) => begun[reading].Answers.SetResult(answers.ToDictionary(a => a.Key, a => a.Answer));

    [Fact]
    public async Task Whoever_asks_while_one_is_read_is_read_for_by_the_next()
    {
        var grouped = Grouped();
        var first = grouped.Ask("a", default);
        await Begun();
        var (again, same, other) = (grouped.Ask("a", default), grouped.Ask("a", default), grouped.Ask("b", default));
        Answer(0, ("a", 1));
        await Begun();
        Answer(1, ("a", 2), ("b", 3));
        var told = await Task.WhenAll(first, again, same, other);
        Assert.Equal([1, 2, 2, 3], told);
        Assert.Equal(["a", "b"], begun[1].Keys);
        var later = grouped.Ask("a", default);
        await Begun();
        Answer(2);
        Assert.Equal(-1, await later); // nothing is kept, and nothing was found
    }

    [Fact]
    public async Task One_that_hangs_holds_nobody_up()
    {
        var grouped = Grouped(TimeSpan.Zero);
        var hangs = grouped.Ask("a", default);
        await Begun();
        var next = grouped.Ask("a", default);
        await Begun();
        Answer(1, ("a", 2));
        Assert.Equal(2, await next);
        Assert.False(hangs.IsCompleted);
        Answer(0, ("a", 1));
        Assert.Equal(1, await hangs);
    }

    [Fact]
    public async Task A_failure_is_told_to_those_who_shared_it_and_to_nobody_else()
    {
        var grouped = Grouped();
        var first = grouped.Ask("a", default);
        await Begun();
        using var gaveUp = new CancellationTokenSource();
        var (second, left) = (grouped.Ask("a", default), grouped.Ask("a", gaveUp.Token));
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        begun[0].Answers.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Begun();
        Answer(1, ("a", 2));
        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task A_reading_holds_a_hundred_questions()
    {
        var grouped = Grouped();
        var first = grouped.Ask("first", default);
        await Begun();
        var asked = Enumerable.Range(0, 101).Select(n => grouped.Ask($"{n}", default)).ToList();
        foreach (var reading in new[] { 0, 1, 2 })
        {
            if (reading > 0) await Begun();
            Answer(reading, [.. begun[reading].Keys.Select(key => (key, key == "first" ? 0 : int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)))]);
        }
        Assert.Equal(0, await first);
        Assert.Equal(Enumerable.Range(0, 101), await Task.WhenAll(asked));
        Assert.Equal([1, 100, 1], begun.Select(reading => reading.Keys.Length));
    }

    /// <summary>Each gets its own stream from the version that it knows, whoever asks beside it.</summary>
    [Fact]
    public async Task Streams_that_are_read_together_are_not_mixed_up()
    {
        await using var log = await postgres.NewLog();
        var lengths = Enumerable.Range(0, 30).ToDictionary(_ => Guid.NewGuid(), n => n % 7);
        foreach (var (stream, length) in lengths)
        {
            if (length > 0) await log.Append(Act().StartStream(stream, "thing", [.. Enumerable.Range(1, length).Select(_ => Happened())]));
        }
        var answers = await Task.WhenAll(lengths.SelectMany(s => Enumerable.Range(0, 9).Select(after => (s.Key, s.Value, after)))
            .Select(async asked => (asked, Read: await log.Log.FetchEnd(asked.Key, asked.after, default))));
        Assert.All(answers, answer =>
        {
            var (stream, length, after) = answer.asked;
            Assert.Equal(stream, answer.Read.Id);
            Assert.Equal(Math.Max(length, after), answer.Read.Version);
            Assert.Equal(Enumerable.Range(after + 1, Math.Max(0, length - after)).Select(n => (stream, (long)n)), answer.Read.Events.Select(e => (e.Stream, e.Version)));
        });
    }
}
