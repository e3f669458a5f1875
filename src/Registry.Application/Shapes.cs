using FluentValidation;
using Registry.Domain.Calendars;

namespace Registry.Application;

/// <summary>Shapes that several validators name. A shape is about form; what the law or an agreement says stands in the domain.</summary>
internal static class Shapes
{
    public static IRuleBuilderOptions<T, string> Named<T>(this IRuleBuilder<T, string> rule, int longest) =>
        rule.NotEmpty().WithErrorCode("empty-text").MaximumLength(longest).WithErrorCode("text-too-long");

    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>> AtMost<T, TItem>(this IRuleBuilder<T, IReadOnlyList<TItem>> rule, int most) =>
        rule.Must(items => items is null || items.Count <= most).WithErrorCode("too-many-items");

    public static IRuleBuilderOptions<T, IReadOnlyList<TItem>> Some<T, TItem>(this IRuleBuilder<T, IReadOnlyList<TItem>> rule, int most) =>
        rule.Must(items => items is { Count: > 0 }).WithErrorCode("empty-list").Must(items => items is null || items.Count <= most).WithErrorCode("too-many-items");

    public static IRuleBuilderOptions<T, string> Digest<T>(this IRuleBuilder<T, string> rule) => rule.Matches("^[0-9a-f]{64}$").WithErrorCode("invalid-digest");

    public static bool IsDuration(string? text) => text is null || Period.Parse(text) is not null;

    public static bool IsHttpsUrl(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)) && text.Length <= 2_000;
}
