using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Registry.Application;

namespace Registry.Api.Http;

/// <summary>A view as JSON with its length, written at once: there is one format, so that nothing is negotiated.</summary>
public class JsonAnswer : ObjectResult
{
    [ThreadStatic]
    private static Utf8JsonWriter? kept;

    public JsonAnswer(object? view, int status) : base(view) => StatusCode = status;

    public override async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = StatusCode!.Value;
        response.ContentType = "application/json; charset=utf-8";
        if (Value is IWritten known)
        {
            response.ContentLength = known.Length;
            known.WriteTo(response.BodyWriter);
            await response.BodyWriter.FlushAsync(context.HttpContext.RequestAborted);
            return;
        }
        using var buffer = new PooledBuffer();
        Write(buffer);
        response.ContentLength = buffer.Written.Length;
        await response.BodyWriter.WriteAsync(buffer.Written, context.HttpContext.RequestAborted);
    }

    private void Write(PooledBuffer buffer)
    {
        var writer = kept ??= new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = RegistryJson.Answered.Encoder, SkipValidation = true });
        writer.Reset(buffer);
        JsonSerializer.Serialize(writer, Value, Value!.GetType(), RegistryJson.Answered);
        writer.Flush();
        writer.Reset(Stream.Null); // the next answer has a buffer of its own
    }

    /// <summary>Grows by arrays that are lent: a long answer leaves nothing behind for the collector.</summary>
    private sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
    {
        private byte[] array = ArrayPool<byte>.Shared.Rent(4096);
        private int written;

        public ReadOnlyMemory<byte> Written => array.AsMemory(0, written);

        public void Advance(int count) => written += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            if (array.Length - written < Math.Max(sizeHint, 1)) Grow(sizeHint);
            return array.AsMemory(written);
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        /// <summary>Answers hold names: nothing of them stays in what is lent next.</summary>
        public void Dispose() => ArrayPool<byte>.Shared.Return(array, clearArray: true);

        private void Grow(int sizeHint)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(array.Length * 2, written + sizeHint));
            array.AsSpan(0, written).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(array, clearArray: true);
            array = larger;
        }
    }
}
