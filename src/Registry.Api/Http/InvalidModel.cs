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
        return Problems.Result(context.HttpContext, Refusal.Together(refusals.OrderBy(r => r.Code != "if-match-missing"))!);
    }

    private static Refusal One(string key, string message) => Problems.Catalogue.ContainsKey(message)
        ? new Refusal(message, RefusalKind.Invalid, key)
        : new Refusal("invalid-parameter", RefusalKind.Invalid, "?" + key);
}
