using Registry.Application.Instance;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;

namespace Registry.Domain.Tests;

/// <summary>Given these events, when this is decided, then that happened.</summary>
internal static class GivenWhenThen
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    public static readonly Law Law = LawFiles.Read(Path.Combine(AppContext.BaseDirectory, "law"));

    public static TState? Given<TState, TEvent>(params TEvent[] events) where TState : class, IEvolve<TState, TEvent> =>
        events.Aggregate((TState?)null, TState.Evolve);

    public static void ThenRefused<TEvent>(this Outcome<TEvent> outcome, string code) where TEvent : class
    {
        Assert.NotNull(outcome.Refused);
        Assert.Equal(code, outcome.Refused.Code);
        Assert.Empty(outcome.Events);
    }

    public static void ThenNothing<TEvent>(this Outcome<TEvent> outcome) where TEvent : class
    {
        Assert.Null(outcome.Refused);
        Assert.Empty(outcome.Events);
    }

    public static THappened Then<THappened>(this Outcome<THappened> outcome) where THappened : class
    {
        Assert.Null(outcome.Refused);
        return Assert.Single(outcome.Events);
    }

    public static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    public static OrganisationId Org(int number) => new(new Guid(number, 0, 0, new byte[8]));
}
