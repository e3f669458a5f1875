using System.Collections.Concurrent;
using MediatR;
using Registry.Domain.Kernel;

namespace Registry.Application;

/// <summary>The keys whose first call is under way at this node.</summary>
public sealed class KeysUnderWay
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);

    /// <summary>Null after five seconds: the first call is still under way.</summary>
    public async Task<IDisposable?> Enter(string key, CancellationToken ct)
    {
        var turn = turns.GetOrAdd(key, _ => new SemaphoreSlim(1, 1));
        return await turn.WaitAsync(TimeSpan.FromSeconds(5), ct) ? new Leaving(this, key, turn) : null;
    }

    private sealed class Leaving(KeysUnderWay keys, string key, SemaphoreSlim turn) : IDisposable
    {
        public void Dispose()
        {
            keys.turns.TryRemove(key, out _); // whoever waits holds the same turn; whoever comes later finds the row in the database
            turn.Release();
        }
    }
}

/// <summary>Two calls with one key take turns, so that the second finds what the first left. Across nodes the database decides.</summary>
public sealed class OncePerKey<TRequest, TView>(KeysUnderWay keys, CallContext call) : IPipelineBehavior<TRequest, Reply<TView>>
    where TRequest : IRequest<Reply<TView>>
    where TView : class
{
    public async Task<Reply<TView>> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<Reply<TView>> next)
    {
        call.Cause = typeof(TRequest).Name;
        if (call.Key is not { } key) return await next();
        using var turn = await keys.Enter(Convert.ToHexString(key.Caller) + key.Key, ct);
        return turn is null ? new Refusal("idempotency-in-progress", RefusalKind.Conflict) : await next();
    }
}
