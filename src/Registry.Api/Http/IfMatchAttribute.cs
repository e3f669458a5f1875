using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Registry.Api.Http;

/// <summary>The revision that the caller saw. Missing it is 428, for nobody may change what they did not read.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class IfMatchAttribute : ModelBinderAttribute
{
    public IfMatchAttribute() : base(typeof(Binder)) => BindingSource = BindingSource.Header;

    /// <summary>A member sees nothing that has a revision, and names none.</summary>
    public bool NotForMembers { get; init; }

    private sealed class Binder : IModelBinder
    {
        public Task BindModelAsync(ModelBindingContext bindingContext)
        {
            var header = bindingContext.HttpContext.Request.Headers.IfMatch.ToString();
            var optional = bindingContext.ModelMetadata is Microsoft.AspNetCore.Mvc.ModelBinding.Metadata.DefaultModelMetadata { Attributes.Attributes: { } attributes }
                && attributes.OfType<IfMatchAttribute>().Any(a => a.NotForMembers) && Security.Caller.Of(bindingContext.HttpContext.User).AsMember is not null;
            if (header.Length == 0 && optional) bindingContext.Result = ModelBindingResult.Success(null);
            else if (header.Length == 0) bindingContext.ModelState.AddModelError("If-Match", "if-match-missing");
            else if (header is ['"', .. var tag, '"'] && long.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
            {
                bindingContext.Result = ModelBindingResult.Success(revision);
            }
            else bindingContext.ModelState.AddModelError("If-Match", "invalid-if-match");
            return Task.CompletedTask;
        }
    }
}
