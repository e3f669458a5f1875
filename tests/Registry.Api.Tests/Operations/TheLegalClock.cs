namespace Registry.Api.Tests.Operations;

/// <summary>The clock that all nodes share, which each reads again and again while somebody moves it.</summary>
public sealed class TheLegalClock : RegistryApp
{
    [Fact]
    public async Task It_never_goes_back_while_a_node_reads_it_and_somebody_moves_it()
    {
        using var stop = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await Instance.ReadClock(default);
        })).ToList();
        var (to, wentBack) = (Instance.Clock.Now, 0);
        for (var moved = 0; moved < 200; moved++)
        {
            await Instance.MoveClock(to += TimeSpan.FromDays(1), default);
            for (var looked = 0; looked < 20; looked++)
            {
                if (Instance.Clock.Now < to) wentBack++;
                await Task.Yield();
            }
        }
        await stop.CancelAsync();
        await Task.WhenAll(reading);
        Assert.Equal(0, wentBack);
    }
}
