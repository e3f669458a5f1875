using System.Buffers;
using Microsoft.AspNetCore.Mvc.Formatters;
using Registry.Domain.Kernel;

namespace Registry.Api.Http;

/// <summary>The only way a JSON body comes in.</summary>
public sealed class StrictJsonFormatter : InputFormatter
{
    private const string Found = "registry.refused-body";

    public StrictJsonFormatter() => SupportedMediaTypes.Add("application/json");

    /// <summary>What is wrong with the body, where that is why the model is invalid.</summary>
    public static Refusal? RefusedBody(HttpContext http) => http.Items[Found] as Refusal;

    public override async Task<InputFormatterResult> ReadRequestBodyAsync(InputFormatterContext context)
    {
        var (http, reader) = (context.HttpContext, context.HttpContext.Request.BodyReader);
        var read = await reader.ReadAsync(http.RequestAborted);
        while (!read.IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync(http.RequestAborted);
        }
        var body = read.Buffer;
        var (value, refused) = body.IsEmpty ? (null, new Refusal("malformed-json", RefusalKind.Invalid, "")) : Read(body, context.ModelType);
        reader.AdvanceTo(body.End);
        if (refused is null) return await InputFormatterResult.SuccessAsync(value);
        http.Items[Found] = refused;
        context.ModelState.AddModelError("", refused.Code);
        return await InputFormatterResult.FailureAsync();
    }

    private static (object? Value, Refusal? Refused) Read(in ReadOnlySequence<byte> body, Type type)
    {
        if (body.IsSingleSegment) return StrictJson.Read(body.FirstSpan, type);
        var length = (int)body.Length;
        var array = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(array);
            return StrictJson.Read(array.AsSpan(0, length), type);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(array, clearArray: true); // bodies hold names
        }
    }
}
