using Registry.Api.Security;

namespace Registry.Api.Http;

/// <summary>One line a request: the route's template and never its path, the actor's role and reference and never a name.</summary>
public sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> log, TimeProvider machine)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var began = machine.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
            Log.Request(log, http.Request.Method, route, http.Response.StatusCode, Math.Round(machine.GetElapsedTime(began).TotalMilliseconds, 2), Caller.Of(http.User).Actor);
        }
    }
}
