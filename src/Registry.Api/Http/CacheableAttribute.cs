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
        if (context.Result is JsonAnswer { StatusCode: 200, Value: { } value }) context.Result = Answer(context.HttpContext, value as WrittenJson ?? new WrittenJson(value));
        return next();
    }

    /// <summary>The text, or that it is the one the caller knows.</summary>
    public static IActionResult Answer(HttpContext http, WrittenJson written)
    {
        var (request, headers) = (http.Request.Headers, http.Response.Headers);
        if (headers.ETag.Count == 0) headers.ETag = written.Tag;
        headers.CacheControl = "no-cache";
        return IsKnown(request.IfNoneMatch, headers.ETag!) ? new Unchanged(written) : new CacheableAnswer(written);
    }

    /// <summary>Weak comparison, as RFC 9110 13.1.2 has it.</summary>
    private static bool IsKnown(string? named, string etag) =>
        named is not null && (named == etag || named.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == "*" || tag.Replace("W/", "", StringComparison.Ordinal) == etag));
}

/// <summary>An answer that may be given again as it was written.</summary>
public interface ICached
{
    WrittenJson Written { get; }
}

internal sealed class CacheableAnswer(WrittenJson written) : JsonAnswer(written, 200), ICached
{
    public WrittenJson Written => written;
}

internal sealed class Unchanged(WrittenJson written) : StatusCodeResult(304), ICached
{
    public WrittenJson Written => written;
}
