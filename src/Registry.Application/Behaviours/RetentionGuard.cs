using MediatR;
using Registry.Domain.Kernel;

namespace Registry.Application;

/// <summary>A reading with a last day after which it is no longer answered, even if the clean-up is late.</summary>
public interface IKeptUntil
{
    /// <summary>Null while nothing has ended.</summary>
    DateOnly? KeptUntil { get; }

    /// <summary>What a reader is told then: the same as of a thing that never was.</summary>
    Refusal Gone { get; }
}

/// <summary>Nothing past its retention is answered: to a reader it is as if it were gone.</summary>
public sealed class RetentionGuard<TRequest, TView>(LegalTime clock) : IPipelineBehavior<TRequest, Reply<TView>>
    where TRequest : IRequest<Reply<TView>>
    where TView : class
{
    public async Task<Reply<TView>> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<Reply<TView>> next)
    {
        var reply = await next();
        return reply.View is IKeptUntil { KeptUntil: { } until } kept && clock.Today("EU") > until ? kept.Gone : reply;
    }
}
