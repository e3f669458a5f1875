using System.Net.Sockets;
using Registry.EventStore.Streams;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests;

/// <summary>The connection breaks after PostgreSQL committed and before its answer arrived: the log itself tells, and nothing is stored twice.</summary>
[Collection(OnPostgres.Name)]
public sealed class LostAnswers(Postgres postgres)
{
    [Theory]
    [InlineData(0)] // foreseen, in one round trip: the writer wrote before
    [InlineData(Append.AnyVersion)] // read first, then written
    public async Task A_commit_whose_answer_was_lost_is_found_and_not_made_again(long expectedVersion)
    {
        await using var direct = await postgres.NewLog();
        await using var between = new Between(postgres.Cluster.Socket);
        await using var log = new TestLog(direct.Owner, new Npgsql.NpgsqlConnectionStringBuilder(direct.Connection) { Host = between.Folder }.ConnectionString, direct.Admin);
        await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()));
        var stream = Guid.NewGuid();
        between.CutAnswerTo("cut me");
        var done = await log.Append(Act().AppendTo(stream, "thing", expectedVersion, Happened("thing_happened", """{"text": "cut me"}""")));
        Assert.Equal(1, between.Cuts);
        Assert.Equal((2L, null), (done.Position, done.Conflict));
        Assert.Single(await direct.All(), e => e.Stream == stream);
        Assert.Equal(2, await direct.Log.Head(default));
        Assert.Equal(3, (await log.Append(Act().StartStream(Guid.NewGuid(), "thing", Happened()))).Position); // and the log goes on
    }

    /// <summary>Stands between the store and PostgreSQL's socket, and swallows one answer.</summary>
    private sealed class Between : IAsyncDisposable
    {
        private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly string server;
        private readonly Task accepting;
        private volatile string? marker;
        private int cuts;

        public Between(string folder)
        {
            server = Path.Combine(folder, ".s.PGSQL.5432");
            Folder = Directory.CreateTempSubdirectory("registry-between-").FullName;
            listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(Folder, ".s.PGSQL.5432")));
            listener.Listen();
            accepting = Accept();
        }

        public string Folder { get; }

        public int Cuts => cuts;

        public void CutAnswerTo(string text) => marker = text;

        public async ValueTask DisposeAsync()
        {
            listener.Dispose();
            await accepting;
            Directory.Delete(Folder, recursive: true);
        }

        private async Task Accept()
        {
            try
            {
                while (true) _ = Carry(await listener.AcceptAsync());
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // the test is over
            }
        }

        private async Task Carry(Socket client)
        {
            using (client)
            using (var behind = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            {
                await behind.ConnectAsync(new UnixDomainSocketEndPoint(server));
                var cut = new TaskCompletionSource();
                await Task.WhenAny(Copy(client, behind, sent => Asks(sent, cut)), Copy(behind, client, _ => !cut.Task.IsCompleted || Interlocked.Increment(ref cuts) == 0));
            }
        }

        private bool Asks(ReadOnlySpan<byte> sent, TaskCompletionSource cut)
        {
            if (marker is { } text && sent.IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0)
            {
                marker = null;
                cut.SetResult();
            }
            return true;
        }

        private delegate bool Passes(ReadOnlySpan<byte> bytes);

        private static async Task Copy(Socket from, Socket to, Passes passes)
        {
            var buffer = new byte[64 * 1024];
            try
            {
                while (await from.ReceiveAsync(buffer) is var read && read > 0)
                {
                    if (!passes(buffer.AsSpan(0, read))) return;
                    await to.SendAsync(buffer.AsMemory(0, read));
                }
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // one of the two ended
            }
        }
    }
}
