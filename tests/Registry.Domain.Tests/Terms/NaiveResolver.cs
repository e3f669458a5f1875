using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Terms;

/// <summary>
/// The resolution of an effective term written a second time, from the text of the rules and from nothing else: it climbs the
/// vocabularies' files by itself, step by step, and shares no line with the product.
/// </summary>
internal sealed class NaiveResolver(IReadOnlyList<VocabularyEntry> categories, IReadOnlyList<VocabularyEntry> purposes)
{
    public sealed record Found(
        string Decision, string Rule, DateOnly? Max, DateOnly? Min, string Recipients, string Safeguards, int? MinGroup, Generalisation? Coarsest, string Bases, string Clauses);

    public Found Resolve(Question q, IReadOnlyList<AgreementOnTheDay> agreements, IReadOnlyList<RuleSets.LawFloor> floors)
    {
        // 1. A floor in force for country, date and status that forbids and reaches the question.
        foreach (var floor in floors)
        {
            if (floor.From is null || q.On < floor.From || (floor.To is { } end && q.On >= end)) continue;
            if (floor.Country is not null && !q.Territory.Code.StartsWith(floor.Country, StringComparison.Ordinal)) continue;
            if (floor.Statuses.Count > 0 && !floor.Statuses.Any(s => s == q.Status)) continue;
            var reaches = (floor.Category is null || Above(categories, q.Category.Code).Contains(floor.Category)) && (floor.Purpose is null || Above(purposes, q.Purpose.Code).Contains(floor.Purpose))
                && (floor.Recipient is null || floor.Recipient == q.Recipient);
            if (reaches) return Plain("Forbidden", "law-floor", floor.Source);
        }
        // 3. Any term of any binding agreement that forbids and reaches it.
        var bound = (from a in agreements where a.Binds from t in a.Terms select (a, t)).ToList();
        var forbidding = bound.Where(x => Forbids(x.t, q)).ToList();
        if (forbidding.Count > 0) return Plain("Forbidden", "prohibition", Names(forbidding));
        // 4. and 5. What is permitted, folded.
        var permitting = bound.Where(x => Permits(x.t, q)).ToList();
        if (permitting.Count > 0) return Fold(q, permitting);
        var elsewhere = (from a in agreements where !a.Binds from t in a.Terms where Permits(t, q) || Forbids(t, q) select (a, t)).ToList();
        return elsewhere.Count > 0 ? Plain("NotBound", "not-bound", Names(elsewhere)) : Plain("NotAgreed", "silence", "");
    }

    private static Found Fold(Question q, List<(AgreementOnTheDay A, DataTerm T)> permitting)
    {
        DateOnly? max = null, min = null;
        HashSet<string>? recipients = null, bases = null;
        var safeguards = new HashSet<string>();
        int? group = null;
        Generalisation? coarsest = null;
        foreach (var (_, term) in permitting)
        {
            if (term.MaxRetention is { } longest && (max is null || Period.Parse(longest)!.After(q.On) < max)) max = Period.Parse(longest)!.After(q.On);
            if (term.MinRetention is { } shortest && (min is null || Period.Parse(shortest)!.After(q.On) > min)) min = Period.Parse(shortest)!.After(q.On);
            if (recipients is null) recipients = [.. term.Recipients ?? []];
            else recipients.IntersectWith(term.Recipients ?? []);
            if (bases is null) bases = [.. term.LegalBasis ?? []];
            else bases.IntersectWith(term.LegalBasis ?? []);
            safeguards.UnionWith(term.Safeguards ?? []);
            if (term.MinGroup is { } g && !(group >= g)) group = g;
            if (term.Generalisation is { } c && !(coarsest >= c)) coarsest = c;
        }
        var (decision, rule) = ("Allowed", "most-protective");
        var asked = q.Retention?.After(q.On);
        if (bases!.Count == 0) (decision, rule) = ("Conflict", "no-common-legal-basis");
        else if (min is not null && max is not null && min > max) (decision, rule) = ("Conflict", "minimum-above-maximum");
        else if (q.Recipient is { } to && !recipients!.Contains(to) && !(to == "platform" && recipients.Count == 0)) (decision, rule) = ("NotAgreed", "recipient-not-listed");
        else if (asked is not null && max is not null && asked > max) (decision, rule) = ("Forbidden", "retention-above-maximum");
        else if (asked is not null && min is not null && asked < min) (decision, rule) = ("Forbidden", "retention-below-minimum");
        else if (q.GroupSize is { } size && group is { } least && size < least) (decision, rule) = ("Forbidden", "group-below-minimum");
        return new Found(decision, rule, max, min, Joined(recipients!), Joined(safeguards), group, coarsest, Joined(bases), Names(permitting));
    }

    /// <summary>A prohibition reaches the codes below those that it names, on every axis.</summary>
    private bool Forbids(DataTerm t, Question q)
    {
        if (t.Decision != TermDecision.Forbidden || !Above(categories, q.Category.Code).Contains(t.Category)) return false;
        var named = new List<string> { t.Purpose };
        named.AddRange(t.SubPurposes ?? []);
        if (!named.Any(purpose => Above(purposes, q.Purpose.Code).Contains(purpose))) return false;
        return t.Recipients is null || t.Recipients.Count == 0 || (q.Recipient is not null && t.Recipients.Contains(q.Recipient));
    }

    /// <summary>A permission holds for exactly its purposes, and for narrower categories unless one on the way must be named.</summary>
    private bool Permits(DataTerm t, Question q)
    {
        if (t.Decision != TermDecision.Allowed) return false;
        if (t.Purpose != q.Purpose.Code && !(t.SubPurposes ?? []).Contains(q.Purpose.Code)) return false;
        for (var code = q.Category.Code; ;)
        {
            if (code == t.Category) return true;
            var entry = categories.Single(c => c.Code == code);
            if (entry.ExplicitOnly == true || entry.Parents.Count == 0) return false;
            code = entry.Parents[0]; // categories have one parent each
        }
    }

    private static HashSet<string> Above(IReadOnlyList<VocabularyEntry> entries, string code)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>([code]);
        while (open.TryDequeue(out var next))
        {
            if (!found.Add(next)) continue;
            foreach (var parent in entries.Single(e => e.Code == next).Parents) open.Enqueue(parent);
        }
        return found;
    }

    private static Found Plain(string decision, string rule, string clauses) => new(decision, rule, null, null, "", "", null, null, "", clauses);

    private static string Names(IEnumerable<(AgreementOnTheDay A, DataTerm T)> sources) => string.Join(' ', sources.Select(s => $"{s.A.Id}/{s.T.Clause}").Order(StringComparer.Ordinal));

    private static string Joined(IEnumerable<string> codes) => string.Join(' ', codes.Order(StringComparer.Ordinal));
}

public sealed class ASecondOpinion
{
    private const int Worlds = 2_000;
    private const int QuestionsEach = 100;

    private static readonly string[] Categories = [.. Law.Codes.DataCategories.Entries.Select(e => e.Code)];
    private static readonly string[] Purposes = Below("dpv:ServiceProvision").Concat(Below("dpv:Marketing")).Append("dpv:Purpose").Append("dpv:RightsFulfillment").Distinct().ToArray();
    private static readonly string[] Recipients = ["platform", "insurer", "union", "advertiser"];

    private static IEnumerable<string> Below(string code) => Law.Codes.Purposes.Codes.Where(c => Law.Codes.Purposes.Covers(code, c));

    [Fact]
    public void Two_hundred_thousand_random_questions_are_answered_alike()
    {
        var verdicts = new HashSet<string>();
        Parallel.For(0, Worlds, seed =>
        {
            var random = new Random(seed);
            var naive = new NaiveResolver([.. Law.Codes.DataCategories.Entries], [.. Law.Codes.Purposes.Entries]);
            var agreements = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Agreement(random)).ToList();
            var floors = random.Next(3) == 0 ? [Floor(random)] : new List<RuleSets.LawFloor>();
            for (var n = 0; n < QuestionsEach; n++)
            {
                var asked = Ask(random);
                var (expected, answer) = (naive.Resolve(asked, agreements, floors), Resolution.Resolve(asked, agreements, floors, Law.Codes));
                Assert.Equal(expected, Seen(answer, asked));
                lock (verdicts) verdicts.Add(expected.Rule);
            }
        });
        Assert.Equal(
            ["group-below-minimum", "law-floor", "minimum-above-maximum", "most-protective", "no-common-legal-basis", "not-bound", "prohibition", "recipient-not-listed", "retention-above-maximum", "retention-below-minimum", "silence"],
            verdicts.Order(StringComparer.Ordinal)); // every rule has decided
    }

    private static NaiveResolver.Found Seen(Answer a, Question q) => new(
        a.Verdict.ToString(), a.Rule, a.MaxRetention?.After(q.On), a.MinRetention?.After(q.On), string.Join(' ', a.Recipients.Order(StringComparer.Ordinal)),
        string.Join(' ', a.Safeguards.Order(StringComparer.Ordinal)), a.MinGroup, a.Generalisation, string.Join(' ', a.LegalBases.Order(StringComparer.Ordinal)),
        string.Join(' ', a.Because.Select(r => r.Agreement is { } id ? $"{id}/{r.Clause}" : r.Rule).Order(StringComparer.Ordinal)));

    private static T One<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>Near each other in the trees, so that questions and terms meet.</summary>
    private static string Category(Random random) => random.Next(3) == 0 ? One(random, Categories) : One(random, ["reg:observed", "reg:observed.location", "reg:observed.location.offDuty", "reg:observed.messages", "reg:observed.trips", "reg:special", "reg:special.health"]);

    private static string Purpose(Random random) => random.Next(2) == 0 ? One(random, Purposes) : One(random, ["dpv:ServiceProvision", "dpv:RequestedServiceProvision", "dpv:Marketing"]);

    private static string[]? Some(Random random, string[] from) => random.Next(4) switch { 0 => null, _ => [.. from.Where(_ => random.Next(2) == 0)] };

    private static AgreementOnTheDay Agreement(Random random) => new(
        new AgreementId(new Guid(random.Next(), 0, 0, new byte[8])), 1, One(random, Enum.GetValues<Level>()), [.. Enumerable.Range(1, random.Next(1, 12)).Select(n => Term(random, n))], random.Next(4) != 0);

    private static DataTerm Term(Random random, int clause) => new(
        clause.ToString(System.Globalization.CultureInfo.InvariantCulture), Category(random), Purpose(random), random.Next(5) == 0 ? TermDecision.Forbidden : TermDecision.Allowed,
        Some(random, ["gdpr:A6-1-b", "gdpr:A6-1-f"]), random.Next(8) == 0 ? null : One(random, ["P30D", "P1M", "P90D", "P12M", "P1Y"]), random.Next(3) == 0 ? One(random, ["P10D", "P2M"]) : null,
        Recipients: Some(random, Recipients), Safeguards: Some(random, ["aggregate", "generalise"]), MinGroup: random.Next(3) == 0 ? random.Next(1, 20) : null,
        Generalisation: random.Next(3) == 0 ? One(random, Enum.GetValues<Generalisation>()) : null, SubPurposes: random.Next(3) == 0 ? [Purpose(random)] : null);

    private static RuleSets.LawFloor Floor(Random random) => new(
        "test", random.Next(2) == 0 ? "FR" : null, random.Next(4) == 0 ? null : Day("2026-06-01"), random.Next(3) == 0 ? Day("2027-06-01") : null, "law-floor", true,
        random.Next(2) == 0 ? [WorkStatus.SelfEmployed] : [], random.Next(2) == 0 ? Category(random) : null, random.Next(2) == 0 ? Purpose(random) : null, random.Next(3) == 0 ? One(random, Recipients) : null, new("", ""));

    private static Question Ask(Random random) => new(
        Org(9), new Sector("fr-platform:vtc"), new Territory(One(random, ["FR", "FR-69", "ES"])), One(random, Enum.GetValues<WorkStatus>()), new DataCategory(Category(random)), new Purpose(Purpose(random)),
        random.Next(2) == 0 ? One(random, Recipients) : null, random.Next(2) == 0 ? Period.Parse(One(random, ["P5D", "P30D", "P1M", "P3M", "P2Y"])) : null, random.Next(3) == 0 ? random.Next(1, 20) : null,
        Day("2026-01-31").AddDays(random.Next(700)));
}
