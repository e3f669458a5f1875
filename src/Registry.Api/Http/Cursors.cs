using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.IdentityModel.Tokens;
using Registry.Api.Security;
using Registry.Application;

namespace Registry.Api.Http;

/// <summary>Cursors that only their caller can use, and only with the filter that they were made for.</summary>
public sealed class Cursors(byte[] key)
{
    private const int Mac = 16;

    public string Seal(HttpContext http, string after)
    {
        var text = Encoding.UTF8.GetBytes(after);
        return Base64UrlEncoder.Encode([.. Digest(http, text), .. text]);
    }

    public string? Open(HttpContext http, string cursor)
    {
        try
        {
            var bytes = Base64UrlEncoder.DecodeBytes(cursor);
            return bytes.Length > Mac && CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, Mac), Digest(http, bytes.AsSpan(Mac)))
                ? Encoding.UTF8.GetString(bytes.AsSpan(Mac)) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private ReadOnlySpan<byte> Digest(HttpContext http, ReadOnlySpan<byte> after)
    {
        var filter = string.Join('&', http.Request.Query.Where(q => q.Key is not ("cursor" or "limit")).OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => $"{q.Key}={q.Value}"));
        var bound = Encoding.UTF8.GetBytes($"{Caller.Of(http.User).Identity}\n{http.Request.Path}\n{filter}\n");
        return HMACSHA256.HashData(key, (byte[])[.. bound, .. after]).AsSpan(0, Mac);
    }
}

/// <summary>Reads <c>?limit=</c> (1 to 200, default 50) and <c>?cursor=</c>.</summary>
public sealed class PageBinder : IModelBinder
{
    private const int Usual = 50;
    private const int Most = 200;

    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var query = bindingContext.HttpContext.Request.Query;
        var limit = Usual;
        if (query.TryGetValue("limit", out var asked) && !(int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is > 0 and <= Most))
        {
            bindingContext.ModelState.AddModelError("?limit", "invalid-limit");
            return Task.CompletedTask;
        }
        var after = (string?)null;
        if (query.TryGetValue("cursor", out var cursor) && cursor.ToString().Length > 0)
        {
            after = bindingContext.HttpContext.RequestServices.GetRequiredService<Cursors>().Open(bindingContext.HttpContext, cursor.ToString());
            if (after is null)
            {
                bindingContext.ModelState.AddModelError("?cursor", "invalid-cursor");
                return Task.CompletedTask;
            }
        }
        bindingContext.Result = ModelBindingResult.Success(new PageAsked(limit, after));
        return Task.CompletedTask;
    }
}
