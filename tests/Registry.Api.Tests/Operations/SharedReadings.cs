using Registry.Application;

namespace Registry.Api.Tests.Operations;

/// <summary>Those who ask the same share a reading that began after each of them asked.</summary>
public sealed class SharedReadings
{
    private readonly List<TaskCompletionSource<int>> begun = [];
    private readonly SemaphoreSlim begins = new(0);
    private readonly SharedReading<string, int> shared;

    public SharedReadings() => shared = new SharedReading<string, int>(key =>
    {
        var reading = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (begun) begun.Add(reading);
        begins.Release();
        return reading.Task;
    }) { Patience = TimeSpan.FromMinutes(1) };

    private async Task Begun() => Assert.True(await begins.WaitAsync(TimeSpan.FromSeconds(30)));

    [Fact]
    public async Task Whoever_asks_while_one_is_read_shares_the_next()
    {
        var first = shared.Ask("a", default);
        await Begun();
        var (second, third) = (shared.Ask("a", default), shared.Ask("a", default));
        begun[0].SetResult(1);
        await Begun();
        begun[1].SetResult(2);
        var told = await Task.WhenAll(first, second, third);
        Assert.Equal([1, 2, 2], told);
        Assert.Equal(2, begun.Count);
        var later = shared.Ask("a", default);
        await Begun();
        begun[2].SetResult(3);
        Assert.Equal(3, await later); // nothing is kept
    }

    [Fact]
    public async Task One_that_hangs_holds_nobody_up()
    {
        var impatient = new SharedReading<string, int>(key => shared.Ask(key + begun.Count, default)) { Patience = TimeSpan.Zero };
        var first = impatient.Ask("a", default);
        await Begun();
        var second = impatient.Ask("a", default);
        await Begun();
        begun[1].SetResult(2);
        Assert.Equal(2, await second);
        Assert.False(first.IsCompleted);
        begun[0].SetResult(1);
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task Other_questions_do_not_wait()
    {
        var (one, other) = (shared.Ask("a", default), shared.Ask("b", default));
        await Begun();
        await Begun();
        foreach (var reading in begun) reading.SetResult(1);
        var told = await Task.WhenAll(one, other);
        Assert.Equal([1, 1], told);
    }

    [Fact]
    public async Task A_failure_is_told_to_those_who_shared_it_and_to_nobody_else()
    {
        var first = shared.Ask("a", default);
        await Begun();
        using var gaveUp = new CancellationTokenSource();
        var (second, left) = (shared.Ask("a", default), shared.Ask("a", gaveUp.Token));
        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        begun[0].SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Begun();
        begun[1].SetResult(2);
        Assert.Equal(2, await second);
    }
}
