using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Registry.Application;

namespace Registry.Api.Http;

/// <summary>A reading that may be kept and asked about again: a strong ETag over its bytes, and 304 where they are the same.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CacheableAttribute : ResultFilterAttribute
{
    public override Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        if (context.Result is ObjectResult { StatusCode: 200 or null, Value: { } value })
        {
            var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
            var bytes = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), RegistryJson.Answered);
            if (response.Headers.ETag.Count == 0) response.Headers.ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"";
            response.Headers.CacheControl = "no-cache";
            context.Result = request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || tag.Replace("W/", "", StringComparison.Ordinal) == response.Headers.ETag)
                ? new StatusCodeResult(304)
                : new FileContentResult(bytes, "application/json; charset=utf-8");
        }
        return next();
    }
}
