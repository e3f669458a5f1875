using System.Threading.RateLimiting;
using Registry.Api.Http;

namespace Registry.Api.Security;

/// <summary>Calls a second for each caller, by configuration; 0 sets no limit.</summary>
public static class Limits
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var decisions = configuration.GetValue("Registry:Limits:Decisions", 5_000);
        var others = configuration.GetValue("Registry:Limits:Others", 50);
        services.AddRateLimiter(limits =>
        {
            limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
            {
                if (!http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) && !http.Request.Path.StartsWithSegments("/oauth", StringComparison.Ordinal)) return RateLimitPartition.GetNoLimiter("");
                var asks = http.Request.Path.StartsWithSegments("/v1/decisions", StringComparison.Ordinal);
                var perSecond = asks ? decisions : others;
                var caller = Caller.Of(http.User) is var known && known != Caller.Nobody ? known.Identity : http.Connection.RemoteIpAddress?.ToString() ?? "";
                return perSecond == 0 ? RateLimitPartition.GetNoLimiter("") : RateLimitPartition.GetTokenBucketLimiter((asks ? "d " : "o ") + caller, _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = perSecond, TokensPerPeriod = perSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), AutoReplenishment = true, QueueLimit = 0,
                });
            });
            limits.OnRejected = async (rejected, _) => await Problems.Write(rejected.HttpContext, "too-many-requests");
        });
    }
}
