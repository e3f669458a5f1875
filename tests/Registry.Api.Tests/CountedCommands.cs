using System.Diagnostics;

namespace Registry.Api.Tests;

/// <summary>Commands that one call sends to the database, by its trace: the host's housekeeping and other tests ask it too.</summary>
internal sealed class CountedCommands : IDisposable
{
    private readonly ActivityTraceId trace = ActivityTraceId.CreateRandom();
    private readonly ActivityListener listener;
    private int count;

    public CountedCommands()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == trace && activity.Source.Name == "Npgsql") Interlocked.Increment(ref count);
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    public int Count => Volatile.Read(ref count);

    /// <summary>Goes with the call that is counted.</summary>
    public (string, string) Header => ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");

    public void Dispose() => listener.Dispose();
}
