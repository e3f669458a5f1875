using System.Text.Json;
using Registry.Application;
using Registry.Application.Agreements;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using static Registry.Domain.Tests.Agreements.Bargain;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Agreements;

/// <summary>
/// Ten thousand bargains played at random, half of the moves sensible and half not. What came of each is held against rules
/// that are written down a second time, plainly, over the list of what happened.
/// </summary>
public sealed class RandomBargains
{
    private const int Sequences = 10_000;
    private const int Moves = 40;

    private static readonly string[] RuleSets = ["FR-PLATFORM", "FR-BRANCH", "ES", "DEFAULT"];
    private static readonly OrganisationId[] Everybody = [A, B, C, D, P, Q, Stranger];

    [Fact]
    public void No_sequence_of_acts_breaks_the_rules_of_the_table()
    {
        var reached = new Dictionary<AgreementState, int>();
        Parallel.For(0, Sequences, seed =>
        {
            var random = new Random(seed);
            var bargain = new Bargain(RuleSets[seed % RuleSets.Length]) { Today = Day("2026-12-01") };
            var asked = new List<(DateOnly On, DateTimeOffset KnownAt, string Answer)>();
            var story = new List<Told>();
            for (var move = 0; move < Moves; move++)
            {
                bargain.Today = bargain.Today.AddDays(random.Next(4) == 0 ? random.Next(60) : random.Next(4));
                var (before, known) = (bargain.Facts, bargain.Events.Count);
                var taken = Move(bargain, random);
                if (taken.Outcome.Refused is not null) Assert.Same(before, bargain.Facts); // no illegal act changes anything
                story.AddRange(bargain.Events.Skip(known).Select((e, i) => new Told(e, known + i + 1, Instant(bargain, move), LegalDays.DayOf(e, bargain.Today))));
                var on = bargain.Today.AddDays(random.Next(-60, 60));
                if (move % 5 == 0) asked.Add((on, Instant(bargain, move), Answer(story, on, Instant(bargain, move))));
                if (bargain.Facts is { } facts) lock (reached) reached[facts.StateOn(bargain.Today)] = reached.GetValueOrDefault(facts.StateOn(bargain.Today)) + 1;
            }
            Rules.Hold(bargain);
            // Whoever asks later what was known then is answered the same.
            Assert.All(asked, q => Assert.Equal(q.Answer, Answer(story, q.On, q.KnownAt)));
            NothingIsShownBeforeItWasRecorded(story);
            TheStoredViewIsTheFold(bargain);
        });
        Assert.Equal(Enum.GetValues<AgreementState>(), reached.Keys.Order()); // the moves are worth something: every state is reached
    }

    private static DateTimeOffset Instant(Bargain bargain, int move) => bargain.Now.AddSeconds(move);

    private static string Answer(IEnumerable<Told> story, DateOnly on, DateTimeOffset knownAt) =>
        AgreementStory.Facts(story, on, knownAt) is { } facts ? JsonSerializer.Serialize(facts.On(on), RegistryJson.Answered) : "";

    private static void NothingIsShownBeforeItWasRecorded(List<Told> story)
    {
        foreach (var told in story.Where((_, i) => i % 7 == 0))
        {
            var earlier = story.Where(t => t.RecordedAt < told.RecordedAt).Aggregate((Agreement?)null, (facts, t) => Agreement.Evolve(facts, t.Event));
            var shown = AgreementStory.Facts(story, DateOnly.MaxValue, told.RecordedAt.AddTicks(-1));
            Assert.Equal(JsonSerializer.Serialize(earlier, RegistryJson.Stored), JsonSerializer.Serialize(shown, RegistryJson.Stored));
        }
    }

    private static void TheStoredViewIsTheFold(Bargain bargain)
    {
        AgreementRow? stored = null;
        foreach (var happened in bargain.Events)
        {
            var json = JsonSerializer.Serialize(happened, happened.GetType(), RegistryJson.Stored);
            stored = AgreementRow.Evolve(stored, (AgreementEvent)JsonSerializer.Deserialize(json, happened.GetType(), RegistryJson.Stored)!);
        }
        if (stored is null) return;
        var text = JsonSerializer.Serialize(stored, RegistryJson.Stored);
        Assert.Equal(text, JsonSerializer.Serialize(new AgreementRow(bargain.Facts!), RegistryJson.Stored));
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize<AgreementRow>(text, RegistryJson.Stored), RegistryJson.Stored));
    }

    private static Taken Move(Bargain bargain, Random random)
    {
        OrganisationId Any() => Everybody[random.Next(Everybody.Length)];
        if (random.Next(2) == 0 && Sensible(bargain, random) is { } sensible) return sensible;
        var day = bargain.Today.AddDays(-random.Next(20));
        return random.Next(14) switch
        {
            0 => bargain.Open(random.Next(5) == 0 ? Nature.Charter : Nature.Agreement, parties: random.Next(5) == 0 ? [new(A, Side.Workers)] : null),
            1 => bargain.Propose(Any(), Text([Term("1", $"P{random.Next(1, 90)}D")], random.Next(2) == 0 ? "indefinite" : null)),
            2 => bargain.Accept(Any(), random.Next(1, 4)),
            3 => bargain.Sign(Any(), random.Next(1, 4)),
            4 => bargain.Notify(Any(), day),
            5 => bargain.Oppose(Any(), day),
            6 => bargain.Deposit(Any(), day, random.Next(3) == 0 ? random.Next(1, 5) : null, random.Next(3) == 0 ? bargain.Today.AddDays(random.Next(40)) : null),
            7 => bargain.Amend(Any(), [Term(random.Next(4).ToString(System.Globalization.CultureInfo.InvariantCulture), $"P{random.Next(1, 90)}D")]),
            8 => bargain.Facts is null ? bargain.Open() : bargain.Rectify(Any(), random.Next(1, 4), Term("1", $"P{random.Next(1, 3)}D")),
            9 => bargain.Denounce(Any(), random.Next(3) == 0 ? day : null),
            10 => bargain.Notice(day),
            11 => bargain.OpposeExtension(Any(), day, random.Next(1, 3)),
            12 => bargain.DecideExtension(random.Next(2) == 0, random.Next(2) == 0 ? bargain.Today.AddDays(random.Next(-10, 40)) : null, number: random.Next(1, 3)),
            _ => bargain.Facts is null ? bargain.Open() : bargain.Substituted(bargain.Today.AddDays(random.Next(-20, 200))),
        };
    }

    /// <summary>What comes next where everybody works towards a deposit, and then towards an end.</summary>
    private static Taken? Sensible(Bargain bargain, Random random)
    {
        if (bargain.Facts is not { } facts) return bargain.Open();
        if (facts.Texts.Count == 0) return bargain.Propose(A, Text([Term("1"), Term("2")], random.Next(3) switch { 0 => "P6M", 1 => null, _ => "indefinite" }));
        var text = facts.Texts[^1];
        if (text.IsOpposed || text.Deposit is not null) return random.Next(3) == 0 ? bargain.Denounce(Everybody[random.Next(6)]) : null;
        if (!text.IsAgreed) return bargain.Accept(text.Tabled.Side == Side.Workers ? P : B);
        if (!text.IsSigned) return bargain.Sign((bargain.Rules.StartsWith("FR", StringComparison.Ordinal) ? new[] { B, C, P, Q } : [A, B, P, Q]).FirstOrDefault(o => text.Signatures.All(s => s.By != o)));
        if (text.Notified is null) return bargain.Notify(B, version: text.Version);
        if (text.Notified.OppositionUntil >= bargain.Today) return random.Next(3) == 0 ? bargain.Oppose(random.Next(2) == 0 ? A : D) : null;
        return bargain.Deposit(B, version: text.Version);
    }
}

/// <summary>The rules of the table once more, read off the list of what happened.</summary>
internal static class Rules
{
    public static void Hold(Bargain bargain)
    {
        Turns(bargain.Events);
        Assert.All(bargain.Events.OfType<AgreementTextAccepted>(), e => Assert.Contains(Tabled(bargain.Events, e), t => t.Version == e.Version && t.TermsHash == e.TermsHash));
        Assert.All(bargain.Events.OfType<AgreementSigned>(), e => Assert.True(IsAgreed(bargain.Events, e.Version) && Before(bargain.Events, e).OfType<AgreementSigned>().All(s => (s.By, s.Version) != (e.By, e.Version))));
        Assert.All(bargain.Events.OfType<AgreementOppositionReceived>(), e => Opposition(bargain.Events, e));
        Assert.All(bargain.Events.OfType<AgreementDeposited>(), e => Deposit(bargain, e));
        Assert.All(bargain.Events.OfType<AgreementDenounced>(), e => Denunciation(bargain, e));
        Assert.All(bargain.Events.OfType<AgreementExtensionDecided>().Where(e => e.Granted), e => Extension(bargain.Events, e));
        Assert.All(bargain.Events.OfType<AgreementRectified>(), e => Assert.Contains(
            Before(bargain.Events, e), asked => IsCharter(bargain.Events) || (asked is AgreementRectificationAsked a && a.TermsHash == e.TermsHash && a.By != e.By)));
    }

    private static IEnumerable<AgreementEvent> Before(IEnumerable<AgreementEvent> events, AgreementEvent e) => events.TakeWhile(x => !ReferenceEquals(x, e));

    private static bool IsCharter(IEnumerable<AgreementEvent> events) => events.OfType<AgreementOpened>().Any(o => o.Nature == Nature.Charter);

    /// <summary>Whose turn it is changes sides until a text is accepted.</summary>
    private static void Turns(IEnumerable<AgreementEvent> events)
    {
        Side? last = null;
        var charter = IsCharter(events);
        foreach (var happened in events)
        {
            if (happened is AgreementTextAccepted accepted && accepted.Side != last) last = null; // consensus: a new round
            var tabled = (happened as AgreementTextTabled)?.Text ?? (happened as AgreementAmendmentTabled)?.Text;
            if (tabled is null) continue;
            Assert.True(charter || tabled.Side != last);
            last = tabled.Side;
        }
    }

    private static IEnumerable<TabledText> Tabled(IEnumerable<AgreementEvent> events, AgreementEvent until) =>
        Before(events, until).Select(x => (x as AgreementTextTabled)?.Text ?? (x as AgreementAmendmentTabled)?.Text).OfType<TabledText>();

    private static bool IsAgreed(IReadOnlyList<AgreementEvent> events, int version) =>
        IsCharter(events) || events.OfType<AgreementTextAccepted>().Any(a => a.Version == version && a.Side != Tabled(events, a).Single(t => t.Version == version).Side);

    private static void Opposition(IReadOnlyList<AgreementEvent> events, AgreementOppositionReceived e)
    {
        var notified = Before(events, e).OfType<AgreementNotified>().Last(n => n.Version == e.Version);
        Assert.InRange(e.ReceivedOn, notified.NotifiedOn, notified.OppositionUntil!.Value);
        Assert.DoesNotContain(Before(events, e).OfType<AgreementSigned>(), s => s.By == e.By && s.Version == e.Version);
    }

    private static void Deposit(Bargain bargain, AgreementDeposited e)
    {
        var before = Before(bargain.Events, e).ToList();
        Assert.Contains(before.OfType<AgreementSigned>(), s => s.Version == e.Version && s.Sufficient);
        Assert.DoesNotContain(before.OfType<AgreementDeposited>(), d => d.Version == e.Version);
        Assert.DoesNotContain(before.OfType<AgreementOppositionReceived>(), o => o.Version == e.Version && o.Blocking);
        if (bargain.Rules.StartsWith("FR", StringComparison.Ordinal) && !IsCharter(before)) Assert.True(before.OfType<AgreementNotified>().Last(n => n.Version == e.Version).OppositionUntil < e.DepositedOn);
        Assert.True(e.Validity.From >= e.DepositedOn);
        if (before.OfType<AgreementAmendmentTabled>().SingleOrDefault(a => a.Text.Version == e.Version) is { } amendment) Assert.Equal(before.OfType<AgreementDeposited>().Last().Version, amendment.Base);
    }

    private static void Denunciation(Bargain bargain, AgreementDenounced e)
    {
        var before = Before(bargain.Events, e).ToList();
        Assert.Contains(before.OfType<AgreementSigned>(), s => s.By == e.By);
        Assert.DoesNotContain(before.OfType<AgreementDenounced>(), d => d.Whole);
        var term = before.OfType<AgreementDeposited>().Last().Validity;
        if (bargain.Rules.StartsWith("FR", StringComparison.Ordinal))
        {
            Assert.Null(term.To);
            Assert.Equal((e.DepositedOn.AddMonths(3), e.DepositedOn.AddMonths(3).AddYears(1)), (e.NoticeEnds, e.SurvivesUntil!.Value));
        }
        if (bargain.Rules == "ES") Assert.Null(e.SurvivesUntil);
    }

    private static void Extension(IReadOnlyList<AgreementEvent> events, AgreementExtensionDecided e)
    {
        var notice = events.OfType<AgreementExtensionNoticed>().Single(n => n.Number == e.Number);
        Assert.True(e.DecidedOn > notice.OppositionUntil && e.EffectiveFrom > notice.OppositionUntil);
        Assert.DoesNotContain(events.OfType<AgreementExtensionOpposed>(), o => o.Number == e.Number && o.Share > 50m);
    }
}
