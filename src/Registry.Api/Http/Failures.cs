using Registry.Application.Instance;

namespace Registry.Api.Http;

/// <summary>The last resort: whatever was not an expected "no" becomes a problem, and only a bug becomes a 500.</summary>
public sealed class Failures(RequestDelegate next, ILogger<Failures> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.Response.StatusCode >= 400 && http.Response.ContentLength is null && http.Response.ContentType is null)
            {
                await Problems.Write(http, Code(http.Response.StatusCode));
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = 499; // the caller hung up; nobody reads this but the log
        }
        catch (BadHttpRequestException refused) when (!http.Response.HasStarted)
        {
            await Problems.Write(http, refused.StatusCode == 413 ? "body-too-large" : "malformed-request");
        }
        catch (Exception error) when (RegistryInstance.IsTooLarge(error) && !http.Response.HasStarted)
        {
            await Problems.Write(http, "act-too-large");
        }
        catch (Exception error) when (!http.Response.HasStarted)
        {
            var away = RegistryInstance.IsAway(error);
            if (away) Log.DatabaseAway(log, error.GetBaseException().GetType().Name);
            else Log.Bug(log, error);
            await Problems.Write(http, away ? "database-away" : "internal-error");
        }
    }

    private static string Code(int status) => status switch
    {
        401 => "no-token",
        403 => "wrong-role",
        404 => "not-found",
        405 => "method-not-allowed",
        406 => "not-acceptable",
        413 => "body-too-large",
        415 => "unsupported-media-type",
        429 => "too-many-requests",
        _ => status < 500 ? "malformed-request" : "internal-error",
    };
}
