using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Registry.Application;

namespace Registry.Api.Http;

/// <summary>One JSON object a line, written as it is read.</summary>
public sealed class NdjsonResult<T>(IAsyncEnumerable<T> items) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = "application/x-ndjson";
        await foreach (var item in items.WithCancellation(context.HttpContext.RequestAborted))
        {
            JsonSerializer.Serialize(response.BodyWriter.AsStream(leaveOpen: true), item, RegistryJson.Answered);
            await response.BodyWriter.WriteAsync("\n"u8.ToArray(), context.HttpContext.RequestAborted);
        }
    }
}
