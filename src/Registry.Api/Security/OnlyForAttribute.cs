using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Registry.Api.Http;
using Registry.Domain.Kernel;

namespace Registry.Api.Security;

/// <summary>Which roles may call. Every action says it, or says <see cref="AnyoneAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnlyForAttribute(params string[] roles) : Attribute, IAuthorizationFilter
{
    public IReadOnlyList<string> Roles => roles;

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var caller = Caller.Of(context.HttpContext.User);
        if (caller == Caller.Nobody)
        {
            context.HttpContext.Response.Headers.WWWAuthenticate = "Bearer";
            context.Result = Problems.Result(context.HttpContext, new Refusal("no-token", RefusalKind.Invalid));
        }
        else if (!roles.Contains(caller.Role)) context.Result = Problems.Result(context.HttpContext, new Refusal("wrong-role", RefusalKind.Forbidden, null, string.Join(", ", roles)));
    }
}

/// <summary>Public: the reading tells nothing about anybody.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnyoneAttribute : Attribute;

/// <summary>Any token will do.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AnyTokenAttribute : Attribute, IAuthorizationFilter
{
    private static readonly OnlyForAttribute Everyone = new([.. Security.Roles.All]);

    public void OnAuthorization(AuthorizationFilterContext context) => Everyone.OnAuthorization(context);
}
