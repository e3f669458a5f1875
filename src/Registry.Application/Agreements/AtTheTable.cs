using Registry.Application.Organisations;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;

namespace Registry.Application.Agreements;

/// <summary>What every act on an agreement needs to know: the law that it is under, the day, who sits there, and what they weigh.</summary>
/// <param name="Known">The agreement as it stood when the act was begun; the decision is taken on what is stored then.</param>
/// <param name="Sitting">Who acts, when and under which law.</param>
public sealed record Table(Agreement Known, Sitting Sitting)
{
    public RuleSet Rules => Sitting.Rules;

    public DateOnly Today => Sitting.Today;
}

/// <summary>Lays the table for an act on an agreement, and answers it as a reading of the same day would.</summary>
public sealed class AtTheTable(Ledger ledger, Readings readings, KnownOrganisations organisations, WeighedSides weighed, Law law, LegalTime clock)
{
    public DateTimeOffset Now => clock.Now;

    public DateOnly Today(RuleSet rules) => clock.Today(rules.Country);

    /// <summary>The day it is where an agreement is under the law.</summary>
    public DateOnly Today(Agreement agreement) => clock.Today(law.RuleSets[agreement.RuleSet].Country);

    /// <summary>One act on one agreement.</summary>
    public async Task<Reply<AgreementView>> Act(
        Guid agreement, OrganisationId by, long? revision, Func<Table, Task<Func<Agreement?, Outcome<AgreementEvent>>>> prepare, CancellationToken ct) =>
        await Find(agreement, by, ct) is not { } table
            ? AgreementRefusals.Unknown
            : await Answer(Together(agreement, revision, await prepare(table), (_, _) => Task.CompletedTask, ct));

    /// <summary>One act whose append says more than its own stream: who is told, or what happens to another agreement.</summary>
    public Task<Reply<AgreementRow>> Together(
        Guid agreement, long? revision, Func<Agreement?, Outcome<AgreementEvent>> decide, Func<Act, Reply<AgreementRow>, Task> also, CancellationToken ct) =>
        ledger.Together<AgreementRow, AgreementEvent>(async act =>
        {
            var reply = await act.Decide<Agreement, AgreementEvent, AgreementRow>(agreement, decide, ct, revision);
            if (reply is { Refused: null, Changed: true }) await also(act, reply);
            return reply;
        }, ct);

    public async Task<Reply<AgreementView>> Answer(Task<Reply<AgreementRow>> reply) =>
        (await reply).As(row => row.Facts.On(Today(row.Facts)));

    public async Task<Table?> Find(Guid agreement, OrganisationId by, CancellationToken ct)
    {
        if (await readings.View<AgreementRow>(agreement, ct) is not { } known) return null;
        var rules = law.RuleSets[known.Facts.RuleSet];
        var side = (await organisations.Find(by.Value, readings, ct))?.Kind.IsController() == true ? Side.Platforms : Side.Workers;
        return new Table(known.Facts, new Sitting(by, side, rules, law.Calendars.At(rules.Country), clock.Today(rules.Country), clock.Now));
    }

    /// <summary>The latest weights measured on or before a day.</summary>
    public Task<Weights> Weights(Table table, DateOnly on, CancellationToken ct) => weighed.For(table.Known.RuleSet, table.Known.Scope, on, ct);

    /// <summary>Whether the audience was measured anew since the agreement was signed.</summary>
    public async Task<(Weights Now, bool CycleEnded)> WeightsAndCycle(Table table, CancellationToken ct)
    {
        var now = await Weights(table, table.Today, ct);
        if (table.Known.Own?.SignedOn is not { } signed) return (now, false);
        return (now, (await Weights(table, signed, ct)).Workers?.Cycle != now.Workers?.Cycle);
    }
}
