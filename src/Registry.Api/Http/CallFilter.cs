using Microsoft.AspNetCore.Mvc.Filters;
using Registry.Api.Security;
using Registry.Application;
using Registry.Application.Members;
using Registry.Application.Organisations;
using Registry.Domain.Kernel;

namespace Registry.Api.Http;

/// <summary>Calls that are readings though they are posted: they have no effect to repeat.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IgnoresKeysAttribute : Attribute, IFilterMetadata;

/// <summary>A body that is read as it arrives, for it may be larger than memory should be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StreamsBodyAttribute : Attribute, IFilterMetadata;

/// <summary>Writes down who calls, and under which key, before anything is bound.</summary>
public sealed class CallFilter(CallContext call, CallDigests digests, KnownOrganisations organisations, Readings readings, Vault vault, TimeProvider machine) : IAsyncResourceFilter
{
    private const int LongestKey = 255;

    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var (http, caller) = (context.HttpContext, Caller.Of(context.HttpContext.User));
        (call.Actor, call.Trace, call.StartedAt) = (caller.Actor, System.Diagnostics.Activity.Current?.TraceId.ToHexString(), machine.GetUtcNow());
        if (caller.Org is { } organisation && !await IsRegistered(organisation, caller.Role, http.RequestAborted))
        {
            context.Result = Problems.Result(http, new Refusal("not-registered", RefusalKind.Forbidden));
            return;
        }
        var onlyReads = HttpMethods.IsGet(http.Request.Method) || context.Filters.OfType<IgnoresKeysAttribute>().Any();
        if (onlyReads) call.ReadAs(caller.Org, caller.AsMember, vault);
        var named = http.Request.Headers["Idempotency-Key"].ToString();
        if (named.Length > 0 && !onlyReads)
        {
            if (named.Length > LongestKey || named.Any(c => c is < '!' or > '~'))
            {
                context.Result = Problems.Result(http, new Refusal("invalid-idempotency-key", RefusalKind.Invalid, "Idempotency-Key"));
                return;
            }
            if (context.Filters.OfType<StreamsBodyAttribute>().Any())
            {
                await using var arriving = new DigestedBody(http.Request.Body, digests.Request(http.Request.Method, http.Request.Path + http.Request.QueryString));
                http.Request.Body = arriving;
                call.RepeatableOnceRead(digests, caller.Identity, named, arriving.Digest);
                await next();
                return;
            }
            var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            body.Position = 0;
            http.Request.Body = body;
            call.Repeatable(digests, caller.Identity, named, http.Request.Method, http.Request.Path + http.Request.QueryString, body.GetBuffer().AsSpan(0, (int)body.Length));
        }
        await next();
    }

    /// <summary>An organisation's role follows from its registered kind, which never changes; a token that says otherwise is not believed.</summary>
    private async Task<bool> IsRegistered(Guid organisation, string role, CancellationToken ct) =>
        await organisations.Find(organisation, readings, ct) is { } known && Roles.Of(known.Kind) == role;
}
