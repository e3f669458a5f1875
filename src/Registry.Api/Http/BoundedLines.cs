namespace Registry.Api.Http;

/// <summary>A body whose lines are bounded: who reads it line by line never waits for one that does not end.</summary>
internal sealed class BoundedLines(Stream body, int longest) : ArrivingBody(body)
{
    private int sinceEnd;

    public sealed class TooLongException : Exception;

    protected override void See(ReadOnlySpan<byte> read)
    {
        var last = read.LastIndexOf((byte)'\n');
        sinceEnd = last < 0 ? sinceEnd + read.Length : read.Length - last - 1;
        if (sinceEnd > longest) throw new TooLongException();
    }
}
