using Registry.Domain.Agreements;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Terms;

/// <summary>The index against the resolver that was written a second time, and what must hold whatever was agreed.</summary>
public sealed class ASecondOpinion
{
    private const int Worlds = 2_000;
    private const int QuestionsEach = 100;

    private static readonly VocabularySet Codes = Concluded.Law.Codes;

    private static AgreedTerms Index(List<Concluded> agreements, List<Membership> memberships, List<LawFloor> floors) =>
        Concluded.All(agreements, [new MembershipsKnown(RandomTerms.Platform, [.. memberships], 1)], floors);

    [Fact]
    public void Two_hundred_thousand_random_questions_are_answered_alike()
    {
        var rules = new HashSet<string>();
        Parallel.For(0, Worlds, seed =>
        {
            var random = new RandomTerms(seed);
            var naive = new NaiveResolver(Codes);
            var (agreements, memberships, floors) = (random.Agreements(7), random.Memberships(), random.Floors());
            var index = Index(agreements, memberships, floors);
            for (var n = 0; n < QuestionsEach; n++)
            {
                var asked = random.Question();
                var expected = naive.Resolve(asked, agreements, memberships, floors);
                Assert.Equal(expected, Seen(index.Ask(asked), asked));
                lock (rules) rules.Add(expected.Rule);
            }
        });
        Assert.Equal(
            [
                "branch-prevails", "company-prevails", "equivalent-guarantees", "group-below-minimum", "law-floor", "law-retention", "minimum-above-maximum", "most-protective",
                "no-common-legal-basis", "not-bound", "prohibition", "recipient-not-listed", "retention-above-maximum", "retention-below-minimum", "silence",
            ],
            rules.Order(StringComparer.Ordinal).ToArray()); // every rule has decided
    }

    [Fact]
    public void An_index_that_followed_act_by_act_answers_as_one_that_was_built_at_once() => ForAll(500, random =>
    {
        var (agreements, memberships) = (random.Agreements(7), random.Memberships());
        var index = AgreedTerms.None(Concluded.Law);
        foreach (var agreement in random.Shuffled(agreements)) index = index.With([(agreement with { Terms = [random.Term("1")] }).Known()], []);
        foreach (var agreement in random.Shuffled(agreements)) index = index.With([agreement.Known()], []);
        index = index.With([], [new MembershipsKnown(RandomTerms.Platform, [.. memberships], 1)]);
        var whole = Index(agreements, memberships, [.. Concluded.Law.Floors]);
        Assert.Equal(agreements.Count, index.Count);
        for (var n = 0; n < 20; n++)
        {
            var asked = random.Question();
            Assert.Equal(Seen(whole.Ask(asked), asked), Seen(index.Ask(asked), asked));
        }
    });

    [Fact]
    public void Adding_a_prohibition_never_turns_a_forbidden_into_anything_else() => ForAll(20_000, random =>
    {
        var (agreements, memberships, floors, asked) = (random.Agreements(7), random.Memberships(), random.Floors(), random.Question());
        if (Index(agreements, memberships, floors).Ask(asked).Verdict != Verdict.Forbidden) return;
        var forbidding = random.Agreement() with { Terms = [random.Term("1") with { Decision = TermDecision.Forbidden }] };
        Assert.Equal(Verdict.Forbidden, Index([.. agreements, forbidding], memberships, floors).Ask(asked).Verdict);
    });

    [Fact]
    public void Under_MostProtective_another_agreement_never_lengthens_the_retention_nor_adds_a_recipient() => ForAll(40_000, random =>
    {
        var (agreements, memberships, floors, asked) = (random.Agreements(7), random.Memberships(), random.Floors(), random.Question());
        var before = Index(agreements, memberships, floors).Ask(asked);
        if (before.Verdict != Verdict.Allowed) return;
        var after = Index([.. agreements, random.Agreement() with { RuleSet = "FR-PLATFORM" }], memberships, floors).Ask(asked);
        if (after.Verdict != Verdict.Allowed) return;
        Assert.True(before.MaxRetention is null || after.MaxRetention!.After(asked.On) <= before.MaxRetention.After(asked.On));
        Assert.Empty(after.Recipients.Except(before.Recipients));
    });

    [Fact]
    public void A_narrower_question_never_loses_an_inherited_prohibition() => ForAll(20_000, random =>
    {
        var (agreements, memberships, floors) = (random.Agreements(7), random.Memberships(), random.Floors());
        var asked = random.Question();
        var index = Index(agreements, memberships, floors);
        if (index.Ask(asked) is not { Verdict: Verdict.Forbidden, Rule: "prohibition" or "law-floor" }) return;
        var narrower = asked with
        {
            Category = new DataCategory(random.Narrower(Codes.DataCategories, asked.Category.Code)), Purpose = new Purpose(random.Narrower(Codes.Purposes, asked.Purpose.Code)),
            Recipient = asked.Recipient ?? random.AnyRecipient(), Retention = null, GroupSize = null,
        };
        Assert.Equal(Verdict.Forbidden, index.Ask(narrower).Verdict);
    });

    [Fact]
    public void The_order_of_agreements_never_matters() => ForAll(5_000, random =>
    {
        var (agreements, memberships, floors, asked) = (random.Agreements(7), random.Memberships(), random.Floors(), random.Question());
        Assert.Equal(Seen(Index(agreements, memberships, floors).Ask(asked), asked), Seen(Index(random.Shuffled(agreements), memberships, floors).Ask(asked), asked));
    });

    private static void ForAll(int worlds, Action<RandomTerms> holds) => Parallel.For(0, worlds, seed => holds(new RandomTerms(seed)));

    private static NaiveResolver.Found Seen(Answer a, Question q) => new(
        a.Verdict.ToString(), a.Rule, a.MaxRetention?.After(q.On), a.MinRetention?.After(q.On), string.Join(' ', a.Recipients.Order(StringComparer.Ordinal)),
        string.Join(' ', a.Safeguards.Order(StringComparer.Ordinal)), a.MinGroup, a.Generalisation, string.Join(' ', a.LegalBases.Order(StringComparer.Ordinal)), Clauses(a));

    private static string Clauses(Answer a)
    {
        string Names(Func<Reason, bool> which) => string.Join(' ', a.Because.Where(r => r.Agreement is not null && which(r)).Select(r => $"{r.Agreement}/{r.Clause}").Order(StringComparer.Ordinal));
        var aside = Names(r => r.Rule == "set-aside");
        var law = a.Because.FirstOrDefault(r => r.Agreement is null)?.Rule;
        return a.Rule == "law-floor" ? law! : Names(r => r.Rule != "set-aside") + (aside.Length > 0 ? " aside " + aside : "") + (law is null ? "" : " " + law);
    }
}
