using System.Runtime.CompilerServices;
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
    /// <summary>A view that is answered again is written once, for as long as somebody keeps it.</summary>
    private static readonly ConditionalWeakTable<object, Written> Known = [];

    private sealed record Written(byte[] Bytes, string ETag);

    public override Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        if (context.Result is JsonAnswer { Value: { } value })
        {
            var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
            var written = Known.GetValue(value, Write);
            if (response.Headers.ETag.Count == 0) response.Headers.ETag = written.ETag;
            response.Headers.CacheControl = "no-cache";
            context.Result = IsKnown(request.Headers.IfNoneMatch, response.Headers.ETag!) ? new StatusCodeResult(304) : new FileContentResult(written.Bytes, "application/json; charset=utf-8");
        }
        return next();
    }

    private static Written Write(object value)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), RegistryJson.Answered);
        return new Written(bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
    }

    /// <summary>Weak comparison, as RFC 9110 13.1.2 has it.</summary>
    private static bool IsKnown(string? named, string etag) =>
        named is not null && (named == etag || named.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || tag.Replace("W/", "", StringComparison.Ordinal) == etag));
}
