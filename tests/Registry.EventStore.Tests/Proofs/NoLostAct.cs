using System.Collections.Concurrent;
using System.Globalization;
using Registry.EventStore.Embedded;
using Registry.EventStore.Schema;
using Registry.EventStore.Streams;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests.Proofs;

/// <summary>PostgreSQL is killed with all its processes under sixteen writers; what was acknowledged is remembered here, outside of it.</summary>
[Trait("Proof", "no-lost-act")]
public sealed class NoLostAct : IAsyncLifetime
{
    private const int Writers = 16;

    private readonly string folder = Path.Combine(Path.GetTempPath(), "registry-lost-" + Guid.NewGuid().ToString("N")[..12]);
    private EmbeddedCluster cluster = null!;

    public async Task InitializeAsync()
    {
        cluster = await EmbeddedCluster.Start(folder, null, ClusterPasswords.Random(), default);
        await Migrations.Apply(cluster.OwnerConnection(), EmbeddedCluster.Roles, [], default);
    }

    public async Task DisposeAsync()
    {
        await cluster.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_acknowledged_is_missing_after_a_kill_of_the_server()
    {
        for (var round = 0; round < Rounds.Of(full: 20); round++) Assert.Empty(await MissingAfterAKill(cluster.WriterConnection()));
    }

    /// <summary>The negative control: without a durable commit the same proof turns red.</summary>
    [Fact]
    public async Task With_synchronous_commit_off_acknowledged_acts_are_missing()
    {
        await using (var log = Log(cluster.WriterConnection()))
        {
            foreach (var sql in new[] { "ALTER SYSTEM SET wal_writer_delay = '10s'", "ALTER SYSTEM SET wal_writer_flush_after = '1GB'", "SELECT pg_reload_conf()" })
            {
                await log.Execute(sql, cluster.AdminConnection("registry"));
            }
        }
        var missing = 0;
        for (var tries = 0; tries < 5 && missing == 0; tries++)
        {
            missing = (await MissingAfterAKill(cluster.WriterConnection() + ";Options=-c synchronous_commit=off")).Count;
        }
        Assert.NotEqual(0, missing);
    }

    /// <summary>Where only the postmaster is killed its processes end one by one, in the middle of whatever they do.</summary>
    [Fact]
    public async Task Whoever_is_under_way_at_a_kill_is_told_that_the_database_is_away()
    {
        for (var round = 0; round < Rounds.Of(full: 20); round++)
        {
            await using var log = Log(cluster.WriterConnection());
            await OnceItIsBack(log);
            var (done, ends) = (0, false);
            var callers = Enumerable.Range(0, Writers).Select(n => Task.Run(() => Goes(log, n, () => !Volatile.Read(ref ends) && Interlocked.Increment(ref done) > 0))).ToList();
            for (var waited = 0; Volatile.Read(ref done) <= 4 * Writers && waited < 300; waited++) await Task.Delay(100);
            Assert.True(Volatile.Read(ref done) > 4 * Writers, "the callers had no time to begin");
            var killed = cluster.ProcessId;
            _ = NativeSignals.Send(killed, 9);
            while (cluster.ProcessId == killed) await Task.Delay(10); // until then one of its processes may still answer
            await OnceItIsBack(log);
            Volatile.Write(ref ends, true); // who was between two calls has seen nothing of it
            var told = (await Task.WhenAll(callers)).OfType<Exception>().ToList();
            Assert.NotEmpty(told);
            Assert.All(told, error => Assert.IsType<DatabaseAwayException>(error));
        }
    }

    /// <summary>Some append, some append much, some read, until one breaks off.</summary>
    private static async Task<Exception?> Goes(TestLog log, int which, Func<bool> goesOn)
    {
        try
        {
            while (goesOn())
            {
                var stream = Guid.NewGuid();
                if (which % 4 == 0) await log.Log.FetchEnd(stream, 0, default);
                else if (which % 4 == 1) await log.Log.TakenClaims([stream.ToString()], default);
                else await log.Append(Act().StartStream(stream, "thing", [.. Enumerable.Range(0, which % 4 == 2 ? 1 : 200).Select(_ => Happened())]));
            }
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private TestLog Log(string connection) => new(cluster.OwnerConnection(), connection, cluster.AdminConnection("registry"));

    private async Task<List<Guid>> MissingAfterAKill(string connection)
    {
        await using var log = Log(connection);
        var acknowledged = new ConcurrentBag<Guid>();
        var writers = Enumerable.Range(0, Writers).Select(_ => Task.Run(() => Write(log, acknowledged))).ToList();
        for (var waited = 0; acknowledged.Count <= Writers && waited < 100; waited++) await Task.Delay(100);
        await Task.Delay(1_000);
        KillServer();
        await Task.WhenAll(writers);
        var stored = await OnceItIsBack(log);
        Assert.Null((await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).Conflict); // the killed server was started again, and the log goes on
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored.Select(e => e.Position));
        Assert.True(acknowledged.Count > Writers, "the writers had no time to write");
        return [.. acknowledged.Except(stored.Select(e => e.Stream))];
    }

    private static async Task Write(TestLog log, ConcurrentBag<Guid> acknowledged)
    {
        try
        {
            while (true)
            {
                var stream = Guid.NewGuid();
                Assert.Null((await log.Append(Act().StartStream(stream, "thing", Happened()))).Conflict);
                acknowledged.Add(stream);
            }
        }
        catch (DatabaseAwayException)
        {
            // killed: whatever had not been acknowledged may or may not be there
        }
    }

    /// <summary>The postmaster first, so that it restarts nobody, then every process that it left.</summary>
    private void KillServer()
    {
        var server = cluster.ProcessId;
        var children = Directory.EnumerateDirectories("/proc").Select(d => Path.Combine(d, "stat")).Where(File.Exists).Select(Parse).Where(p => p.Parent == server).Select(p => p.Id).ToList();
        foreach (var process in children.Prepend(server)) _ = NativeSignals.Send(process, 9);
    }

    private static (int Id, int Parent) Parse(string stat)
    {
        try
        {
            var text = File.ReadAllText(stat);
            var after = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture), int.Parse(after[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return default; // it has just ended
        }
    }

    private static async Task<List<StoredEvent>> OnceItIsBack(TestLog log)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await log.All();
            }
            catch (Exception error) when (tries < 600 && (error is DatabaseAwayException || Database.IsAway(error)))
            {
                await Task.Delay(100);
            }
        }
    }
}
