using Microsoft.AspNetCore.Mvc.Formatters;
using Registry.Domain.Kernel;

namespace Registry.Api.Http;

/// <summary>The only way a JSON body comes in.</summary>
public sealed class StrictJsonFormatter : InputFormatter
{
    private const string Found = "registry.refused-body";

    public StrictJsonFormatter() => SupportedMediaTypes.Add("application/json");

    /// <summary>What is wrong with the body, where that is why the model is invalid.</summary>
    public static Refusal? RefusedBody(HttpContext http) => http.Items[Found] as Refusal;

    public override async Task<InputFormatterResult> ReadRequestBodyAsync(InputFormatterContext context)
    {
        using var body = new MemoryStream();
        await context.HttpContext.Request.Body.CopyToAsync(body, context.HttpContext.RequestAborted);
        var (value, refused) = body.Length == 0
            ? (null, new Refusal("malformed-json", RefusalKind.Invalid, ""))
            : StrictJson.Read(body.GetBuffer().AsMemory(0, (int)body.Length), context.ModelType);
        if (refused is null) return await InputFormatterResult.SuccessAsync(value);
        context.HttpContext.Items[Found] = refused;
        context.ModelState.AddModelError("", refused.Code);
        return await InputFormatterResult.FailureAsync();
    }
}
