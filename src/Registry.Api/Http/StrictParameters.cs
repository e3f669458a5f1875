using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Registry.Application;

namespace Registry.Api.Http;

/// <summary>What stands in an address is read as strictly as what stands in a body.</summary>
public sealed class StrictParameters : IModelBinderProvider
{
    public IModelBinder? GetBinder(ModelBinderProviderContext context)
    {
        var type = context.Metadata.UnderlyingOrModelType;
        if (context.BindingInfo.BindingSource != BindingSource.Query && context.BindingInfo.BindingSource != BindingSource.Path) return null;
        return type == typeof(string) ? new Binder(text => text, mayBeEmpty: true)
            : type == typeof(Guid) ? new Binder(text => Guid.TryParse(text, out var id) ? id : null)
            : type == typeof(DateOnly) ? new Binder(text => LegalDates.Parse(text))
            : type == typeof(DateTimeOffset) ? new Binder(text => LegalDates.ParseInstant(text))
            : type.IsEnum ? new Binder(Enum.GetValues(type).Cast<object>().ToFrozenDictionary(v => JsonNamingPolicy.CamelCase.ConvertName(v.ToString()!), StringComparer.Ordinal).GetValueOrDefault)
            : null;
    }

    /// <param name="read">Null for a text that is not understood.</param>
    /// <param name="mayBeEmpty"><c>?q=</c> says nothing, as does no <c>q</c>.</param>
    private sealed class Binder(Func<string, object?> read, bool mayBeEmpty = false) : IModelBinder
    {
        public Task BindModelAsync(ModelBindingContext bindingContext)
        {
            var given = bindingContext.ValueProvider.GetValue(bindingContext.FieldName).FirstValue;
            if (mayBeEmpty && given == "") given = null;
            var value = given is null ? null : read(given);
            var missing = given is null && bindingContext.ModelMetadata.IsRequired;
            if (missing || (given is not null && value is null)) bindingContext.ModelState.AddModelError(bindingContext.FieldName, "invalid");
            else if (value is not null) bindingContext.Result = ModelBindingResult.Success(value);
            return Task.CompletedTask;
        }
    }
}
