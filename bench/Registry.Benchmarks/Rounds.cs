using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Registry.EventStore.Streams;

namespace Registry.Benchmarks;

/// <summary>A floor and a figure of ours, turn by turn, so that what else the machine does falls on both.</summary>
internal static class Rounds
{
    /// <param name="best">The floor where it is at its best, if it is another: a floor that breaks down under many callers flatters.</param>
    public static async Task Compare(string what, int rounds, Func<Task<double>> floor, Func<Task<double>> ours, string target, Func<Task<double>>? best = null)
    {
        var (floors, figures, bests) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            floors.Add(await floor());
            if (best is not null) bests.Add(await best());
            figures.Add(await ours());
        }
        var own = Median(figures);
        Tell(what, Median(floors), own, target);
        if (best is not null) Tell("  beside pgbench with 8 callers", Median(bests), own, "");
    }

    private static void Tell(string what, double floor, double own, string target) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-44} {floor,10:0} {own,10:0} {own / floor,7:0.00}   {target}"));

    public static void Head() => Console.WriteLine($"{"a second, medians",-44} {"floor",10} {"registry",10} {"ratio",7}   asked");

    public static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>How often something is done in a second by so many callers at once.</summary>
    public static async Task<double> Rate(int callers, double seconds, Func<int, Task> once)
    {
        var (done, clock) = (0L, Stopwatch.StartNew());
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                await once(caller);
                Interlocked.Increment(ref done);
            }
        })));
        return done / clock.Elapsed.TotalSeconds;
    }
}

/// <summary>Listens to how long the head row was held, and by how many appends at once.</summary>
internal sealed class HeadWatch : IDisposable
{
    private readonly MeterListener listener = new();
    private double longest;
    private long count;
    private double sum;
    private long appends;

    public HeadWatch()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == Measures.Meter) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, size, _, _) => Interlocked.Add(ref appends, size));
        listener.SetMeasurementEventCallback<double>((_, held, _, _) =>
        {
            (longest, count, sum) = (Math.Max(longest, held), count + 1, sum + held);
        });
        listener.Start();
    }

    public void Tell(string of) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"head row held ({of}): {count} times, {sum / Math.Max(1, count):0.00} ms on average, {longest:0.0} ms at the longest (round trips included; asked: 50)"));

    /// <summary>Since the last time it was asked: transactions, and appends in each.</summary>
    public string Groups()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"groups of {appends / (double)Math.Max(1, count):0.0}, {sum / Math.Max(1, count):0.00} ms each");
        (appends, count, sum) = (0, 0, 0);
        return text;
    }

    public void Dispose() => listener.Dispose();
}
