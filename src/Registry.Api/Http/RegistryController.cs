using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Registry.Api.Security;
using Registry.Application;
using Registry.Domain.Kernel;

namespace Registry.Api.Http;

/// <summary>Bind, send, answer. Every answer leaves through here.</summary>
[ApiController]
[Route("v1")]
public abstract class RegistryController : ControllerBase
{
    protected Caller Caller => Caller.Of(User);

    /// <summary>The view with its ETag, or the problem.</summary>
    protected IActionResult Answer<TView>(Reply<TView> reply) where TView : class => Answer(reply, 200, null);

    /// <summary>The same reading as JSON-LD, for whoever asks for that.</summary>
    protected IActionResult AnswerLinked<TView>(Reply<TView> reply, Func<TView, System.Text.Json.Nodes.JsonObject> linked) where TView : class
    {
        Response.Headers.Vary = "Accept";
        return reply.View is { } view && Request.Headers.Accept.ToString().Contains("application/ld+json", StringComparison.OrdinalIgnoreCase)
            ? Content(linked(view).ToJsonString(RegistryJson.Answered), "application/ld+json")
            : Answer(reply);
    }

    /// <summary>201 with Location where the call made a thing, 200 where it repeated one.</summary>
    protected IActionResult AnswerMade<TView>(Reply<TView> reply, Func<TView, string> location) where TView : class =>
        Answer(reply, reply.Created ? 201 : 200, location);

    /// <summary>202: long work goes on, and Location tells how far it came.</summary>
    protected IActionResult AnswerUnderWay<TView>(Reply<TView> reply, Func<TView, string> location) where TView : class => Answer(reply, 202, location);

    /// <summary>One page; the next is behind a Link header (RFC 8288).</summary>
    protected IActionResult AnswerPage<TItem>(Reply<Page<TItem>> reply)
    {
        if (reply.View?.Next is { } next) Response.Headers.Link = $"<{NextPage(next)}>; rel=\"next\"";
        return Answer(reply);
    }

    /// <summary>204: done, and there is nothing to show.</summary>
    protected IActionResult Nothing<TView>(Reply<TView> reply) where TView : class => reply.Refused is { } refused ? Problems.Result(HttpContext, refused) : NoContent();

    private IActionResult Answer<TView>(Reply<TView> reply, int status, Func<TView, string>? location) where TView : class
    {
        if (reply.Refused is { } refused) return Problems.Result(HttpContext, refused);
        if (reply.Revision > 0) Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{reply.Revision}\"");
        if (reply.Replayed) Response.Headers["Idempotency-Replayed"] = "true";
        if (location is not null && status != 200) Response.Headers.Location = location(reply.View!);
        return new JsonAnswer(reply.View, status);
    }

    private string NextPage(string after)
    {
        var query = Request.Query.Where(q => q.Key != "cursor").SelectMany(q => q.Value.Select(v => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(v ?? "")}"));
        var cursor = HttpContext.RequestServices.GetRequiredService<Cursors>().Seal(HttpContext, after);
        return $"{Request.Path}?{string.Join('&', query.Append("cursor=" + cursor))}";
    }
}
