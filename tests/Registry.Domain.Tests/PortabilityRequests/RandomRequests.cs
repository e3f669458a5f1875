using FsCheck;
using FsCheck.Fluent;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.PortabilityRequests;

/// <summary>Any acts of platform, union and members, in any order, on any days.</summary>
public sealed class RandomRequests
{
    private const int Members = 5;
    private static readonly string[] Countries = ["FR", "NL", "ES", "DE", "IE", "PT"];
    private static readonly string[] Categories = ["reg:observed.trips", "reg:reputation.ratings"];

    /// <summary>What happens, to which member, so many days after the last act.</summary>
    private sealed record Step(int Act, int Member, int Days);

    private static readonly Gen<Step> Steps =
        from act in Gen.Choose(0, 15)
        from member in Gen.Choose(0, Members - 1)
        from days in Gen.Frequency((3, Gen.Constant(0)), (4, Gen.Choose(1, 6)), (1, Gen.Choose(7, 40)))
        select new Step(act, member, days);

    private static readonly Arbitrary<(int Start, int Country, Step[] Steps)> Histories = (
        from start in Gen.Choose(0, 2_000)
        from country in Gen.Choose(0, Countries.Length - 1)
        from steps in Steps.ArrayOf(40)
        select (start, country, steps)).ToArbitrary();

    /// <summary>Five thousand histories of forty acts.</summary>
    [Fact]
    public void Whatever_happens_lines_add_up_what_is_cancelled_stays_so_and_nobodys_deadline_hangs_on_anothers()
    {
        var reached = new HashSet<LineState>();
        Prop.ForAll(Histories, history => Holds(history.Start, Countries[history.Country], history.Steps, reached))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
        Assert.Equal(Enum.GetValues<LineState>(), reached.Order()); // every state was reached
    }

    private static bool Holds(int start, string country, Step[] steps, HashSet<LineState> reached)
    {
        var first = Day("2025-12-20").AddDays(start);
        var request = New(first, country, null);
        var cells = request.Counts.All;
        var asked = new Dictionary<DateOnly, string>();
        foreach (var step in steps)
        {
            var cancelled = Cancelled(request);
            if (step.Days > 0) asked[request.Today] = Overdue(request, request.Today);
            request.Today = request.Today.AddDays(step.Days);
            Do(request, step, step.Member);
            if (request.Counts.All != cells || !cancelled.IsSubsetOf(Cancelled(request))) return false;
            foreach (var state in request.Blocks.SelectMany(b => b.Lines).SelectMany(l => l.States).OfType<LineState>()) reached.Add(state);
        }
        return asked.All(day => Overdue(request, day.Key) == day.Value) && EachAlone(first, country, steps, request) && ClocksAsWritten(request, steps, first);
    }

    /// <summary>The same history with one member only leaves that member's line as it is in the crowd.</summary>
    private static bool EachAlone(DateOnly first, string country, Step[] steps, OneRequest crowd) => Enumerable.Range(0, Members).All(member =>
    {
        var alone = New(first, country, crowd.Lines[member]);
        foreach (var step in steps)
        {
            alone.Today = alone.Today.AddDays(step.Days);
            if (step.Member == member || step.Act >= 13) Do(alone, step, step.Act >= 13 ? -1 : 0);
        }
        var (mine, theirs) = (alone.Line(0), crowd.Line(member));
        return mine.States.SequenceEqual(theirs.States) && mine.Clock == theirs.Clock && mine.Manifests.Select(m => (m.Category, m.On, m.Late, m.Checked, m.WithdrawnOn)).SequenceEqual(theirs.Manifests.Select(m => (m.Category, m.On, m.Late, m.Checked, m.WithdrawnOn)));
    });

    /// <summary>A clock that never stood and was never extended is the bare rule; no clock ever runs backwards.</summary>
    private static bool ClocksAsWritten(OneRequest request, Step[] steps, DateOnly first) => Enumerable.Range(0, Members).All(member =>
    {
        var clock = request.Line(member).Clock;
        var touched = steps.Any(s => s.Member == member && s.Act is 0 or 2 or 5) || steps.Any(s => s.Act == 13);
        var passed = request.Today.DayNumber - first.DayNumber;
        return clock.Paused >= 0 && clock.PausedBy(request.Today) <= passed && (touched || clock == LineClock.Running);
    });

    private static OneRequest New(DateOnly first, string country, SealedLine? only)
    {
        var request = new OneRequest(first, Members, perBlock: 2, country, lines: only is null ? null : [only]);
        request.Receive(OneRequest.Platform, first).Then();
        return request;
    }

    /// <summary>Acts from 13 on are on the whole request.</summary>
    private static void Do(OneRequest request, Step step, int member)
    {
        if (request.Facts.Withdrawn is not null && step.Act is not (6 or 7 or 8 or 9)) return;
        switch (step.Act)
        {
            case 0: request.Ask(member); break;
            case 1: request.Answer(member); break;
            case 2: request.Extend(member); break;
            case 3: request.Refuse("processUnfounded", member); break;
            case 4: request.Refuse("identityVerificationFailure", member); break;
            case 5: request.Match(MatchResult.Unmatched, member); break;
            case 6 or 7: request.Deliver(Categories[step.Act - 6], member); break;
            case 8: Check(request, member, CheckResult.Missing); break;
            case 9: Check(request, member, CheckResult.Received); break;
            case 10: request.Cancel(member); break;
            case 11: request.Cancel(member, 0); break;
            case 12: request.Match(MatchResult.Matched, member); break;
            case 13 when step.Member == 0: request.Extend(); break;
            case 14 when step.Member == 0: request.Refuse("processUnfounded"); break;
            case 15 when step is { Member: 0, Days: > 3 }: request.Withdraw(); break;
            default: break;
        }
    }

    private static void Check(OneRequest request, int member, CheckResult result)
    {
        if (request.Line(member).Manifests is [.., { Late: false } last]) request.Check(last.Delivery, last.Category, result, member, byMember: true);
    }

    private static HashSet<(LineId, int)> Cancelled(OneRequest request) =>
        [.. request.Blocks.SelectMany(b => b.Lines).SelectMany(l => l.States.Select((state, column) => (l.Line, column, state))).Where(x => x.state == LineState.Cancelled).Select(x => (x.Line, x.column))];

    private static string Overdue(OneRequest request, DateOnly day) => string.Join(' ', request.OverdueOn(day).Select(o => $"{o.Line}/{o.Column}").Order(StringComparer.Ordinal));
}
