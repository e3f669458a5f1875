using Microsoft.AspNetCore.Mvc.Filters;
using Registry.Api.Http;
using Registry.Application;
using Registry.Application.Terms;
using Registry.Domain.Kernel;
using Registry.Domain.Terms;

namespace Registry.Api.Terms;

/// <summary>
/// Who asks at an address again whether its terms are the same is answered before anything is bound. What was answered is
/// kept for as long as the terms in memory are the same and no day can have begun anywhere.
/// </summary>
public sealed class TermsReadLately(FreshTerms fresh, LegalTime clock) : IAsyncResourceFilter
{
    /// <summary>Bytes that are kept, in each of two generations.</summary>
    private const int Kept = 32 << 20;

    private const int LongestAddress = 512;

    /// <summary>Every zone's midnight is at a quarter of an hour.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    private Answers known = new(null, 0);

    private sealed record Answers(AgreedTerms? Of, long Quarter)
    {
        public Recent<string, WrittenJson> ByAddress { get; } = new(Kept, written => written.Length);
    }

    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var (http, address) = (context.HttpContext, context.HttpContext.Request.QueryString.Value ?? "");
        var now = await fresh.Now(http.RequestAborted);
        var answers = AnswersOf(now.Terms);
        if (answers.ByAddress.Find(address) is { } again)
        {
            TermsController.TellReadTo(http.Response, now.Told);
            context.Result = CacheableAttribute.Answer(http, again);
            return;
        }
        var done = await next();
        if (address.Length <= LongestAddress && done.Result is ICached { Written: WrittenJson written }) answers.ByAddress.Keep(address, written);
    }

    private Answers AnswersOf(AgreedTerms terms)
    {
        var (kept, quarter) = (Volatile.Read(ref known), clock.Now.UtcTicks / Step.Ticks);
        if (!ReferenceEquals(kept.Of, terms) || kept.Quarter != quarter) Volatile.Write(ref known, kept = new Answers(terms, quarter));
        return kept;
    }
}
