using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Registry.Api.Http;

/// <summary>The revision that the caller saw. Missing it is 428, for nobody may change what they did not read.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class IfMatchAttribute : ModelBinderAttribute
{
    public IfMatchAttribute() : base(typeof(Binder)) => BindingSource = BindingSource.Header;

    private sealed class Binder : IModelBinder
    {
        public Task BindModelAsync(ModelBindingContext bindingContext)
        {
            var header = bindingContext.HttpContext.Request.Headers.IfMatch.ToString();
            if (header.Length == 0) bindingContext.ModelState.AddModelError("If-Match", "if-match-missing");
            else if (header is ['"', .. var tag, '"'] && long.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
            {
                bindingContext.Result = ModelBindingResult.Success(revision);
            }
            else bindingContext.ModelState.AddModelError("If-Match", "invalid-if-match");
            return Task.CompletedTask;
        }
    }
}
