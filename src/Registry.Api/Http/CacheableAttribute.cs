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
        if (context.Result is JsonAnswer { StatusCode: 200, Value: { } value })
        {
            var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
            var written = value is IWritten { Tag: not null } ? null : new WrittenJson(value);
            if (response.Headers.ETag.Count == 0) response.Headers.ETag = written?.Tag ?? ((IWritten)value).Tag;
            response.Headers.CacheControl = "no-cache";
            if (IsKnown(request.Headers.IfNoneMatch, response.Headers.ETag!)) context.Result = new StatusCodeResult(304);
            else if (written is not null) context.Result = new FileContentResult(written.Bytes, "application/json; charset=utf-8");
        }
        return next();
    }

    /// <summary>Weak comparison, as RFC 9110 13.1.2 has it.</summary>
    private static bool IsKnown(string? named, string etag) =>
        named is not null && (named == etag || named.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || tag.Replace("W/", "", StringComparison.Ordinal) == etag));
}
