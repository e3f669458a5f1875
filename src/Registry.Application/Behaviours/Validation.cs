using System.Text.RegularExpressions;
using FluentValidation;
using MediatR;
using Registry.Domain.Kernel;

namespace Registry.Application;

/// <summary>Shapes first: a request that is not well-formed never reaches its handler, and learns everything that is wrong at once.</summary>
public sealed class Validation<TRequest, TView>(IEnumerable<IValidator<TRequest>> validators) : IPipelineBehavior<TRequest, Reply<TView>>
    where TRequest : IRequest<Reply<TView>>
    where TView : class
{
    public async Task<Reply<TView>> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<Reply<TView>> next)
    {
        List<Refusal>? failures = null;
        foreach (var validator in validators)
        {
            var result = validator.Validate(request);
            if (!result.IsValid) (failures ??= []).AddRange(result.Errors.Select(f => new Refusal(f.ErrorCode, RefusalKind.Invalid, Pointers.Of(f.PropertyName))));
        }
        return failures is not null && Refusal.Together(failures) is { } refused ? refused : await next();
    }
}

/// <summary>Names of properties as JSON pointers.</summary>
internal static partial class Pointers
{
    /// <summary><c>Scopes[0].Rights</c> is <c>/scopes/0/rights</c> (RFC 6901).</summary>
    public static string Of(string property) =>
        "/" + string.Join('/', Index().Replace(property, ".$1").Split('.', StringSplitOptions.RemoveEmptyEntries).Select(part => char.ToLowerInvariant(part[0]) + part[1..]));

    [GeneratedRegex(@"\[(\d+)\]")]
    private static partial Regex Index();
}
