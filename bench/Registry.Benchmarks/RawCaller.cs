using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace Registry.Benchmarks;

/// <summary>
/// One connection that sends prepared requests and reads answers by their length: HttpClient costs as much as the server
/// does on a machine that both share, and would hide what is measured.
/// </summary>
internal sealed class RawCaller : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[1 << 16];

    public static async Task<RawCaller> Connect(Uri url)
    {
        var caller = new RawCaller();
        await caller.socket.ConnectAsync(IPAddress.Loopback, url.Port);
        return caller;
    }

    public static byte[] Request(string method, string path, string? token, string? body = null, string? more = null) => System.Text.Encoding.UTF8.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}{more}{(body is null ? "" : $"Content-Type: application/json\r\nContent-Length: {System.Text.Encoding.UTF8.GetByteCount(body)}\r\n")}\r\n{body}");

    /// <summary>The status and the length of the body; any other status than the one expected is an error.</summary>
    public async Task<int> Send(byte[] request, int expected)
    {
        await socket.SendAsync(request);
        var (filled, end) = (0, -1);
        while (end < 0)
        {
            filled += await Receive(filled);
            end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
        }
        var head = buffer.AsMemory(0, end);
        if (!Utf8Parser.TryParse(head.Span[9..12], out int status, out _) || status != expected) throw new InvalidOperationException(System.Text.Encoding.UTF8.GetString(buffer, 0, filled));
        var length = 0;
        if (head.Span.IndexOf("Content-Length: "u8) is > 0 and var at) length = Utf8Parser.TryParse(head.Span[(at + 16)..], out int said, out _) ? said : throw new InvalidOperationException("no length");
        else if (head.Span.IndexOf("chunked"u8) > 0) return await Chunked(filled, end + 4);
        for (var all = end + 4 + length; filled < all;) filled += await Receive(filled);
        return length;
    }

    public string Body(int length)
    {
        var end = buffer.AsSpan().IndexOf("\r\n\r\n"u8);
        return System.Text.Encoding.UTF8.GetString(buffer, end + 4, length);
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Until the last chunk, which is empty.</summary>
    private async Task<int> Chunked(int filled, int start)
    {
        while (!buffer.AsSpan(start, filled - start).EndsWith("0\r\n\r\n"u8)) filled += await Receive(filled);
        return filled - start;
    }

    private async Task<int> Receive(int filled)
    {
        if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
        return read > 0 ? read : throw new IOException("the service hung up");
    }
}
