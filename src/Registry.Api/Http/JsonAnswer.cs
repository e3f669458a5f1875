using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Registry.Application;

namespace Registry.Api.Http;

/// <summary>A view as JSON with its length, written at once: there is one format, so that nothing is negotiated.</summary>
public sealed class JsonAnswer(object? view, int status) : ObjectResult(view)
{
    /// <summary>A larger buffer is not kept for the next answer.</summary>
    private const int LargestKept = 1 << 16;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? kept;

    public override async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        await Write(response, context.HttpContext.RequestAborted);
    }

    private ValueTask<System.IO.Pipelines.FlushResult> Write(HttpResponse response, CancellationToken ct)
    {
        var (buffer, writer) = kept ??= Made();
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        JsonSerializer.Serialize(writer, Value, Value!.GetType(), RegistryJson.Answered);
        writer.Flush();
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan); // copied, before anything is waited for
        if (buffer.Capacity > LargestKept) kept = null;
        return response.BodyWriter.FlushAsync(ct);
    }

    private static (ArrayBufferWriter<byte>, Utf8JsonWriter) Made()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        return (buffer, new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = RegistryJson.Answered.Encoder, SkipValidation = true }));
    }
}
