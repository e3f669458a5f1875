namespace Registry.Api.Http;

/// <summary>A body whose lines are bounded: who reads it line by line never waits for one that does not end.</summary>
internal sealed class BoundedLines(Stream body, int longest) : Stream
{
    private int sinceEnd;

    public sealed class TooLongException : Exception;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        var last = buffer.Span[..read].LastIndexOf((byte)'\n');
        sinceEnd = last < 0 ? sinceEnd + read : read - last - 1;
        return sinceEnd > longest ? throw new TooLongException() : read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
