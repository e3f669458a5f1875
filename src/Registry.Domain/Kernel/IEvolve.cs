namespace Registry.Domain.Kernel;

/// <summary>A state or a view that is nothing but the fold of its events.</summary>
public interface IEvolve<TSelf, TEvent> where TSelf : class, IEvolve<TSelf, TEvent>
{
    static abstract TSelf? Evolve(TSelf? state, TEvent happened);
}
