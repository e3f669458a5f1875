using Microsoft.AspNetCore.Mvc;

namespace Registry.Api.Http;

/// <summary>A file that is written as it is made.</summary>
public sealed class WrittenResult(string type, string name, Func<Stream, CancellationToken, Task> write) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        (response.ContentType, response.Headers.ContentDisposition) = (type, $"attachment; filename=\"{name}\"");
        await write(response.BodyWriter.AsStream(leaveOpen: true), context.HttpContext.RequestAborted);
    }
}
