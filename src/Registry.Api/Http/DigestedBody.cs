using System.Security.Cryptography;

namespace Registry.Api.Http;

/// <summary>A body that is digested while it is read.</summary>
internal sealed class DigestedBody(Stream body, IncrementalHash digest) : ArrivingBody(body)
{
    public IncrementalHash Digest => digest;

    protected override void See(ReadOnlySpan<byte> read) => digest.AppendData(read);

    protected override void Dispose(bool disposing)
    {
        if (disposing) digest.Dispose();
        base.Dispose(disposing);
    }
}
