using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Terms;

/// <summary>Random agreements and questions, near each other in the trees, so that they meet.</summary>
internal sealed class RandomTerms(int seed)
{
    public static readonly OrganisationId Platform = Org(9), Association = Org(8);

    private static readonly string[] Categories = [.. Concluded.Law.Codes.DataCategories.Codes];
    private static readonly string[] Purposes = Below("dpv:ServiceProvision").Concat(Below("dpv:Marketing")).Append("dpv:Purpose").Append("dpv:RightsFulfillment").Distinct().ToArray();
    private static readonly string[] Recipients = ["platform", "insurer", "union", "advertiser"];

    private readonly Random random = new(seed);

    /// <summary>In every third world everything meets: one sector, one platform, a branch and its companies.</summary>
    private readonly bool close = seed % 3 == 0;

    public List<Concluded> Agreements(int most) => [.. Enumerable.Range(0, random.Next(1, most)).Select(_ => Agreement())];

    public List<Membership> Memberships() => random.Next(3) == 0 ? [] : [new Membership(Association, Day("2025-01-01").AddDays(random.Next(700)), random.Next(3) == 0 ? Day("2027-01-01").AddDays(random.Next(200)) : null)];

    public List<LawFloor> Floors() => random.Next(3) == 0 ? [Floor(), Floor()] : [];

    public Concluded Agreement()
    {
        var from = Day("2026-01-01").AddDays(random.Next(400));
        var denounced = from.AddDays(random.Next(1, 300));
        return new Concluded(One(Enum.GetValues<Level>()), [.. Enumerable.Range(1, random.Next(1, 12)).Select(n => Term(n.ToString(System.Globalization.CultureInfo.InvariantCulture)))])
        {
            Id = new AgreementId(new Guid(random.Next(), 0, 0, new byte[8])),
            RuleSet = close ? One(["FR-BRANCH", "TEST-BRANCH"]) : One(["FR-PLATFORM", "FR-PLATFORM", "FR-BRANCH", "TEST-BRANCH"]),
            Nature = random.Next(6) == 0 ? Nature.Charter : Nature.Agreement,
            Sectors = close ? ["fr-platform:vtc"] : One<string[]>([["fr-platform:vtc"], ["nace21:49"], ["nace21:49.33", "nace21:49"], ["nace21:H", "fr-platform:vtc"]]),
            Territories = close ? ["EU"] : One<string[]>([["FR"], ["FR-69M"], ["FR-ARA", "FR-IDF"], ["EU"], ["FR", "FR-69M"], ["ES"]]),
            Statuses = close ? [.. Enum.GetValues<WorkStatus>()] : One<WorkStatus[]>([[WorkStatus.SelfEmployed], [WorkStatus.Employee], [WorkStatus.SelfEmployed, WorkStatus.User, WorkStatus.Employee]]),
            Signed = [(Org(1), Side.Workers, from.AddDays(-20)), (close ? Platform : One([Platform, Platform, Association, Org(7)]), Side.Platforms, from.AddDays(-20))],
            From = from, To = random.Next(3) == 0 ? from.AddDays(random.Next(50, 500)) : null,
            Denounced = random.Next(4) == 0 ? (denounced, denounced.AddMonths(3), random.Next(4) == 0 ? null : denounced.AddMonths(15)) : null,
            Extended = random.Next(4) == 0 ? (from.AddDays(random.Next(100)), random.Next(2) == 0 ? [] : ["1", "3"]) : null,
        } is var made && made.Denounced is not null ? made with { To = null } : made;
    }

    public DataTerm Term(string clause) => new(
        clause, Category(), Purpose(), random.Next(close ? 30 : 6) == 0 ? TermDecision.Forbidden : TermDecision.Allowed,
        close ? ["gdpr:A6-1-b"] : Some(["gdpr:A6-1-b", "gdpr:A6-1-f"]), random.Next(8) == 0 ? null : One(["P30D", "P1M", "P90D", "P12M", "P1Y"]), random.Next(3) == 0 ? One(["P10D", "P2M"]) : null,
        Recipients: Some(Recipients), Safeguards: Some(["aggregate", "generalise"]), MinGroup: random.Next(3) == 0 ? random.Next(1, 20) : null,
        Generalisation: random.Next(3) == 0 ? One(Enum.GetValues<Generalisation>()) : null, SubPurposes: random.Next(3) == 0 ? [Purpose()] : null);

    public Question Question() => new(
        Platform, new Sector(close ? "fr-platform:vtc" : One(["fr-platform:vtc", "nace21:49.33"])), new Territory(One(["FR", "FR-69M", "FR-69M", "FR-75C", "ES"])), One(Enum.GetValues<WorkStatus>()), new DataCategory(Category()),
        new Purpose(Purpose()), random.Next(2) == 0 ? One(Recipients) : null, random.Next(2) == 0 ? Period.Parse(One(["P5D", "P30D", "P1M", "P3M", "P2Y"])) : null, random.Next(3) == 0 ? random.Next(1, 20) : null,
        Day("2026-02-01").AddDays(random.Next(700)));

    /// <summary>A code below another one, or the code itself.</summary>
    public string Narrower(Vocabulary of, string code) => One(of.Codes.Where(c => of.Covers(code, c)).ToArray());

    public string? AnyRecipient() => One<string?>([null, .. Recipients]);

    public List<T> Shuffled<T>(IEnumerable<T> items) => [.. items.OrderBy(_ => random.Next())];

    private static IEnumerable<string> Below(string code) => Concluded.Law.Codes.Purposes.Codes.Where(c => Concluded.Law.Codes.Purposes.Covers(code, c));

    private T One<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private string Category() => random.Next(close ? 20 : 3) == 0 ? One(Categories) : One(["reg:observed", "reg:observed.location", "reg:observed.location.offDuty", "reg:observed.messages", "reg:observed.trips", "reg:special", "reg:special.health"]);

    private string Purpose() => random.Next(close ? 20 : 2) == 0 ? One(Purposes) : One(["dpv:ServiceProvision", "dpv:RequestedServiceProvision", "dpv:Marketing"]);

    private string[]? Some(string[] from) => random.Next(4) switch { 0 => null, _ => [.. from.Where(_ => random.Next(2) == 0)] };

    private LawFloor Floor() => new(
        "test", random.Next(2) == 0 ? "FR" : null, random.Next(4) == 0 ? null : Day("2026-06-01"), random.Next(3) == 0 ? Day("2027-06-01") : null, $"floor {random.Next()}", true,
        random.Next(2) == 0 ? [WorkStatus.SelfEmployed] : [], random.Next(2) == 0 ? Category() : null, random.Next(2) == 0 ? Purpose() : null, random.Next(3) == 0 ? One(Recipients) : null, new("", ""),
        random.Next(2) == 0 ? One(["P20D", "P6M", "P5Y"]) : null);
}
