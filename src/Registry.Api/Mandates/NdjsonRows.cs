using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Registry.Api.Http;
using Registry.Application.Mandates;
using Registry.Domain.Kernel;

namespace Registry.Api.Mandates;

/// <summary>Reads rows one line at a time as they arrive; a broken line is a row with its refusal.</summary>
internal static class NdjsonRows
{
    private const int LongestRow = 256 << 10;

    public static async IAsyncEnumerable<ImportRow> Read(Stream body, [EnumeratorCancellation] CancellationToken ct)
    {
        var pipe = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        var (row, tooLong) = (1, false);
        while (true)
        {
            var read = await pipe.ReadAsync(ct);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                if (Row(row, buffer.Slice(0, end), tooLong) is { } found) yield return found;
                (row, tooLong) = (row + 1, false);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }
            if (buffer.Length > LongestRow) (tooLong, buffer) = (true, buffer.Slice(buffer.End)); // the rest of it is let go by
            if (read.IsCompleted)
            {
                if (Row(row, buffer, tooLong) is { } last) yield return last;
                yield break;
            }
            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static ImportRow? Row(int row, ReadOnlySequence<byte> line, bool tooLong)
    {
        if (tooLong || line.Length > LongestRow) return new ImportRow(row, null, new Refusal("row-too-long", RefusalKind.Invalid, ""));
        var text = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        if (text.Trim(" \t\r"u8).IsEmpty) return null;
        var (mandate, refused) = StrictJson.Read(text, typeof(MandateAsked));
        return new ImportRow(row, (MandateAsked?)mandate, refused);
    }
}
