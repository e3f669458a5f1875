using Registry.EventStore.Embedded;

namespace Registry.EventStore.Tests;

/// <summary>A server that is being started again when its cluster is stopped.</summary>
public sealed class StoppingACluster : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "registry-stop-" + Guid.NewGuid().ToString("N")[..12]);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>The programs of this machine, but for a postgres that is a shell for a while and ignores an interrupt meanwhile, as every program does that was started in the background.</summary>
    [Fact]
    public async Task It_ends_though_its_shell_ignores_an_interrupt()
    {
        var (real, slow) = (PostgresBinaries.Find(null), Path.Combine(folder, "bin"));
        var (began, hold) = (Path.Combine(folder, "began"), Path.Combine(folder, "hold"));
        Directory.CreateDirectory(slow);
        await File.WriteAllTextAsync(began, "");
        File.SetUnixFileMode(began, (UnixFileMode)0b110_110_110);
        File.CreateSymbolicLink(Path.Combine(slow, "initdb"), Path.Combine(real, "initdb"));
        var postgres = Path.Combine(slow, "postgres");
        await File.WriteAllTextAsync(postgres, $"#!/bin/sh\ntrap '' INT\necho >>'{began}'\nwhile [ -e '{hold}' ]; do sleep 0.1; done\nexec '{Path.Combine(real, "postgres")}' \"$@\"\n");
        File.SetUnixFileMode(postgres, (UnixFileMode)0b111_101_101);

        var cluster = await EmbeddedCluster.Start(folder, slow, ClusterPasswords.Random(), default);
        var first = cluster.ProcessId;
        await File.WriteAllTextAsync(hold, "");
        _ = NativeSignals.Send(first, 9);
        for (var waited = 0; (new FileInfo(began).Length < 2 || cluster.ProcessId == first) && waited < 3_000; waited++) await Task.Delay(10);
        var again = cluster.ProcessId;
        Assert.NotEqual(first, again);
        var stopping = cluster.DisposeAsync().AsTask();
        await Task.Delay(200); // it has been asked once, and did not hear it
        File.Delete(hold);
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(Directory.Exists($"/proc/{again}"));
    }
}
