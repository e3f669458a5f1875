using Microsoft.AspNetCore.Mvc;
using Registry.Domain.Kernel;

namespace Registry.Api.Http;

/// <summary>What could not be bound, as a problem. Our own binders put a code of the catalogue into the model's state.</summary>
public static class InvalidModel
{
    public static IActionResult Problem(ActionContext context)
    {
        if (StrictJsonFormatter.RefusedBody(context.HttpContext) is { } body) return Problems.Result(context.HttpContext, body);
        var refusals = context.ModelState.Where(s => s.Value!.Errors.Count > 0).Select(s => One(s.Key, s.Value!.Errors[0].ErrorMessage));
        // What our own binders found says more than that a parameter stayed empty because of it.
        var told = refusals.DefaultIfEmpty(new Refusal("malformed-request", RefusalKind.Invalid)).OrderBy(r => r.Code != "if-match-missing").ThenBy(r => r.Code == "invalid-parameter").ToList();
        return Problems.Result(context.HttpContext, Refusal.Together(told[0].Code == "invalid-parameter" ? told : told.Where(r => r.Code != "invalid-parameter"))!);
    }

    private static Refusal One(string key, string message) => key.Length == 0
        ? new Refusal("malformed-json", RefusalKind.Invalid, "") // no body where one is needed
        : Problems.Catalogue.ContainsKey(message) ? new Refusal(message, RefusalKind.Invalid, key)
        : new Refusal("invalid-parameter", RefusalKind.Invalid, "?" + key);
}
