using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests;

internal static class Transactions
{
    /// <summary>How many transactions wrote a hundred events that were appended at once, each by a caller of its own.</summary>
    public static async Task<long> OfAHundredAppends(TestLog log)
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened())))));
        return await log.Scalar<long>("SELECT count(DISTINCT xmin::text) FROM mt_events");
    }
}
