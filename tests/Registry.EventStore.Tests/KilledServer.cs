using Registry.EventStore.Embedded;
using Registry.EventStore.Schema;
using Registry.EventStore.Streams;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests;

/// <summary>A cluster of its own, whose server is killed under the log.</summary>
public sealed class KilledServer : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "registry-kill-" + Guid.NewGuid().ToString("N")[..12]);
    private EmbeddedCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await EmbeddedCluster.Start(folder, null, ClusterPasswords.Random(), default);

    public async Task DisposeAsync()
    {
        await cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_killed_server_is_started_again_and_nothing_acknowledged_is_missing()
    {
        await Migrations.Apply(cluster.OwnerConnection(), EmbeddedCluster.Roles, [], default);
        await using var log = new TestLog(cluster.OwnerConnection(), cluster.WriterConnection(), cluster.AdminConnection("registry"));
        var acknowledged = new List<Guid>();
        for (var i = 0; i < 20; i++) acknowledged.Add(await Append(log));
        using (var server = System.Diagnostics.Process.GetProcessById(cluster.ProcessId)) server.Kill();
        // A session may outlive the server for a moment: what it still acknowledges must be there afterwards too.
        acknowledged.Add(await OnceItIsBack(() => Append(log)));
        var stored = await OnceItIsBack(() => ReadAll(log));
        Assert.Empty(acknowledged.Except(stored.Select(e => e.Stream)));
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored.Select(e => e.Position));
    }

    private static async Task<T> OnceItIsBack<T>(Func<Task<T>> work)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await work();
            }
            catch (DatabaseAwayException) when (tries < 600)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task<List<StoredEvent>> ReadAll(TestLog log)
    {
        var stored = new List<StoredEvent>();
        await foreach (var happened in log.Log.ReadAll(0, 1_000, default)) stored.Add(happened);
        return stored;
    }

    private static async Task<Guid> Append(TestLog log)
    {
        var stream = Guid.NewGuid();
        Assert.Null((await log.Append(Act().StartStream(stream, "thing", Happened()))).Conflict);
        return stream;
    }
}
