using System.Globalization;
using System.Text.Json;
using Registry.Application;
using Registry.Application.Agreements;
using Registry.Application.Instance;
using Registry.Application.Organisations;
using Registry.Application.Terms;
using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;
using Registry.EventStore;
using Registry.EventStore.Embedded;
using Registry.EventStore.Streams;

namespace Registry.Benchmarks;

/// <summary>
/// Agreements of 50 terms in force, as a country has them: one for each sector, one for each sector and region, and all
/// others of one company each; and the questions of the platforms that are under them, of which each is under two or three.
/// </summary>
internal sealed class TermsWorld(Law law, int seed)
{
    private const int TermsEach = 50;

    private static readonly DateTimeOffset Then = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Day = new(2026, 1, 1);

    private readonly Random random = new(seed);
    private int registered;
    private readonly string[] sectors = [.. law.Codes.Sectors.Codes.Where(c => c.StartsWith("idcc:", StringComparison.Ordinal) || c.StartsWith("fr-platform:", StringComparison.Ordinal))];
    private readonly string[] regions = [.. law.Codes.Territories.Entries.Where(e => e.ReplacedBy is null && e.Parents is ["FR"] && e.Code.StartsWith("FR-", StringComparison.Ordinal)).Select(e => e.Code)];
    private readonly string[] categories = [.. law.Codes.DataCategories.Codes.Where(c => !c.StartsWith("reg:special", StringComparison.Ordinal))];
    private readonly string[] purposes = [.. law.Codes.Purposes.Codes.Where(c => law.Codes.Purposes.Covers("dpv:ServiceProvision", c) || law.Codes.Purposes.Covers("dpv:PersonnelManagement", c))];

    /// <summary>Who asks, and in which sector.</summary>
    public List<(OrganisationId Platform, string Sector)> Platforms { get; } = [];

    public List<(AgreementId Id, List<AgreementEvent> Events)> Agreements { get; } = [];

    public TermsWorld Conclude(int number)
    {
        while (Agreements.Count < number)
        {
            var n = Agreements.Count;
            var sector = sectors[n % sectors.Length];
            if (n == 0) Add(Level.Sector, sector, "FR", Association(sector));
            else if (n == 1) Add(Level.Local, sectors[0], regions[0], Association(sectors[0]));
            else if (n >= 20 && n - 20 < sectors.Length - 1) Add(Level.Sector, sectors[n - 19], "FR", Association(sectors[n - 19]));
            else if (n >= 50 && n - 50 < sectors.Length * regions.Length - 1) Add(Level.Local, sectors[(n - 49) % sectors.Length], regions[(n - 49) / sectors.Length], Association(sectors[(n - 49) % sectors.Length]));
            else
            {
                var platform = new OrganisationId(Guid.CreateVersion7(Then));
                Platforms.Add((platform, sector));
                Add(Level.Platform, sector, "FR", platform);
            }
        }
        return this;
    }

    public AgreementKnown Known(int agreement) => new(Agreements[agreement].Events.Aggregate((Agreement?)null, Agreement.Evolve)!, agreement);

    public IEnumerable<MembershipsKnown> Memberships() => Platforms.Select(p => new MembershipsKnown(p.Platform, [new Membership(Association(p.Sector), Day, null)], 1));

    public Question Question(DateOnly on)
    {
        var (platform, sector) = Platforms[random.Next(Platforms.Count)];
        return new Question(
            platform, new Sector(sector), new Territory(regions[random.Next(regions.Length)]), WorkStatus.SelfEmployed, new DataCategory(categories[random.Next(categories.Length)]),
            new Purpose(purposes[random.Next(purposes.Length)]), random.Next(3) == 0 ? "insurer" : null, random.Next(3) == 0 ? Period.Parse("P30D") : null, null, on);
    }

    public static string Body(Question q) => JsonSerializer.Serialize(
        new { platform = q.Platform.Value, sector = q.Sector.Code, territory = q.Territory.Code, status = "selfEmployed", category = q.Category.Code, purpose = q.Purpose.Code, recipient = q.Recipient, retention = q.Retention?.Text },
        RegistryJson.Stored);

    /// <summary>Through the log itself, events and rows, as the service appends them.</summary>
    public async Task Append(string folder, int from, int to)
    {
        await using var database = new Database(EmbeddedCluster.Connection(folder, EmbeddedCluster.WriterRole, new DataFolder(folder).Passwords().Writer));
        await using var writer = new AppendWriter(database, EventCatalogue.Names);
        var (log, events, view) = (new EventLog(database, writer), new EventCatalogue(), RegistryInstance.Views.Of<AgreementRow>());
        var context = new AppendContext(Then, """{"actor": "bench"}""", null, "Bench");
        foreach (var chunk in Platforms[registered..].Chunk(200))
        {
            var append = new Append(context);
            foreach (var (platform, sector) in chunk)
            {
                var happened = new OrganisationRegistered(platform, OrganisationKind.Platform, "bench", "FR", null, [], [Association(sector)], [], null, [], Day, Then);
                append.StartStream(platform.Value, "organisation", events.Store(happened));
                append.Write(RegistryInstance.Views.Of<OrganisationView>().Row(platform.Value, 1, JsonSerializer.Serialize(OrganisationView.Evolve(null, happened), RegistryJson.Stored)));
            }
            if ((await log.Append(append, default)).Conflict is { } conflict) throw new InvalidOperationException(conflict.ToString());
        }
        registered = Platforms.Count;
        foreach (var chunk in Agreements[from..to].Chunk(40))
        {
            var append = new Append(context);
            foreach (var (id, happened) in chunk)
            {
                append.StartStream(id.Value, "agreement", [.. happened.Select(events.Store)]);
                append.Write(view.Row(id.Value, happened.Count, JsonSerializer.Serialize(happened.Aggregate((AgreementRow?)null, AgreementRow.Evolve), RegistryJson.Stored)));
            }
            if ((await log.Append(append, default)).Conflict is { } conflict) throw new InvalidOperationException(conflict.ToString());
        }
    }

    private static OrganisationId Association(string sector) => new(NewIds.Named("bench association of " + sector));

    private void Add(Level level, string sector, string territory, OrganisationId platforms)
    {
        var (id, union) = (new AgreementId(Guid.CreateVersion7(Then)), new OrganisationId(NewIds.Named("bench union of " + sector)));
        List<DataTerm> terms = [.. Enumerable.Range(1, TermsEach).Select(Term)];
        var text = new TabledText(1, TermReading.Hash(terms), terms, null, null, null, union, Side.Workers);
        Agreements.Add((id,
        [
            new AgreementOpened(id, string.Create(CultureInfo.InvariantCulture, $"Accord {Agreements.Count}"), "FR-PLATFORM", Nature.Agreement, new AgreementScope([sector], [territory], [WorkStatus.SelfEmployed]), level, [new Party(union, Side.Workers), new Party(platforms, Side.Platforms)], union, Then),
            new AgreementTextTabled(id, text, Then),
            new AgreementTextAccepted(id, 1, text.TermsHash, platforms, Side.Platforms, Then),
            new AgreementSigned(id, 1, text.TermsHash, union, Side.Workers, Day, 60m, null, true, null, Then),
            new AgreementSigned(id, 1, text.TermsHash, platforms, Side.Platforms, Day, 60m, null, true, null, Then),
            new AgreementDeposited(id, Day.AddDays(16), new Validity(Day.AddDays(17)), union, Then, 1),
        ]));
    }

    private DataTerm Term(int clause)
    {
        var (category, purpose) = (categories[random.Next(categories.Length)], purposes[random.Next(purposes.Length)]);
        return random.Next(10) == 0
            ? new DataTerm(clause.ToString(CultureInfo.InvariantCulture), category, purpose, TermDecision.Forbidden)
            : new DataTerm(
                clause.ToString(CultureInfo.InvariantCulture), category, purpose, TermDecision.Allowed, ["gdpr:A6-1-b"], $"P{30 * random.Next(1, 13)}D", Recipients: ["insurer", "platform"],
                Safeguards: ["minimise"], SubPurposes: [purposes[random.Next(purposes.Length)], purposes[random.Next(purposes.Length)]]);
    }
}
