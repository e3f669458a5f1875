using System.Diagnostics.Metrics;
using Registry.EventStore.Streams;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests;

/// <summary>How many appends each transaction of an engine held while a hundred callers came at once.</summary>
internal static class Transactions
{
    public static async Task<IReadOnlyList<int>> OfAHundredAppends(TestLog log)
    {
        var groups = new List<int>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == Measures.Meter && instrument.Name == "registry.append.group") self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, size, _, _) =>
        {
            lock (groups) groups.Add(size);
        });
        listener.Start();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened())))));
        Assert.Equal(100, groups.Sum());
        return groups;
    }
}
