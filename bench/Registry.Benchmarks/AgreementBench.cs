using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Registry.Application;
using Registry.Application.Agreements;
using Registry.Application.Instance;
using Registry.Application.Terms;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Terms;
using Registry.EventStore.Embedded;

namespace Registry.Benchmarks;

/// <summary>
/// The public record as it grows: a page of the list with 200 agreements and with 20,000, and one agreement of 200 terms, 40
/// amendments and 60 signatories. Rows are loaded by COPY from the same fold that the service writes.
/// </summary>
internal sealed class AgreementBench(int rounds)
{
    private const int Calls = 100;

    private static readonly string[] Lists =
    [
        "", "?sector=fr-platform:vtc&limit=5", "?territory=FR-69&limit=5", "?territory=EU&limit=5", "?sector=nace2:H&territory=FR-13&state=inForce", "?state=inForce&limit=5",
        "?q=localisation&limit=5", "?q=accord 150", "?state=deposited",
    ];

    public async Task Growth()
    {
        var folder = Path.Combine(Path.GetTempPath(), "registry-bench-agreements-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        var (service, url, _, _) = MandateBench.Up(folder);
        try
        {
            using var http = new HttpClient { BaseAddress = url };
            var large = Large();
            await Load(folder, [.. Enumerable.Range(0, 200).Select(Small), large]);
            var few = await Measure(http);
            await Load(folder, [.. Enumerable.Range(200, 19_800).Select(Small)]);
            var many = await Measure(http);
            foreach (var list in Lists) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"GET /v1/agreements" + list,-62} {few[list],8:0.00} ms {many[list],8:0.00} ms  x{many[list] / few[list]:0.00}   under 2"));
            var open = await Times(http, $"/v1/agreements/{large.Id}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one agreement, 200 terms, 40 amendments, 60 signatories: {open:0.00} ms"));
        }
        finally
        {
            using var stop = Process.Start("kill", [service.Id.ToString(CultureInfo.InvariantCulture)]);
            await service.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<Dictionary<string, double>> Measure(HttpClient http)
    {
        var found = new Dictionary<string, double>();
        foreach (var list in Lists) await Times(http, "/v1/agreements" + list); // warm
        foreach (var list in Lists) found[list] = await Times(http, "/v1/agreements" + list);
        return found;
    }

    private async Task<double> Times(HttpClient http, string path)
    {
        var times = new List<double>();
        for (var call = 0; call < Calls * rounds; call++)
        {
            var began = Stopwatch.GetTimestamp();
            using var answer = await http.GetAsync(path);
            await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return Rounds.Median(times);
    }

    private static async Task Load(string folder, IReadOnlyList<AgreementRow> rows)
    {
        var owner = EmbeddedCluster.Connection(folder, EmbeddedCluster.OwnerRole, new DataFolder(folder).Passwords().Owner);
        await using var connection = new NpgsqlConnection(owner + ";Search Path=registry;Pooling=false");
        await connection.OpenAsync();
        await using (var copy = await connection.BeginBinaryImportAsync("COPY agreements (id, version, data) FROM STDIN (FORMAT binary)"))
        {
            foreach (var row in rows)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(row.Id, NpgsqlDbType.Uuid);
                await copy.WriteAsync(1L, NpgsqlDbType.Bigint);
                await copy.WriteAsync(JsonSerializer.Serialize(row, RegistryJson.Stored), NpgsqlDbType.Jsonb);
            }
            await copy.CompleteAsync();
        }
        await using var analyze = new NpgsqlCommand("VACUUM ANALYZE agreements", connection);
        await analyze.ExecuteNonQueryAsync();
    }

    private static AgreementRow Small(int n)
    {
        var sector = n % 20 == 0 ? "fr-platform:vtc" : $"idcc:2216";
        return Row(n, $"Accord {n}", sector, n % 10 == 0 ? "FR-69" : "FR-13", [.. Enumerable.Range(1, 5).Select(c => Term(c, n % 30 == 0 ? "reg:observed.location" : "reg:observed.trips"))], 4, 0);
    }

    private static AgreementRow Large() => Row(1_000_000, "Accord de branche", "fr-platform:delivery", "FR", [.. Enumerable.Range(1, 200).Select(c => Term(c, "reg:observed.trips"))], 60, 40);

    private static DataTerm Term(int clause, string category) => new(clause.ToString(CultureInfo.InvariantCulture), category, "dpv:ServiceProvision", TermDecision.Allowed, ["gdpr:A6-1-b"], "P90D");

    private static AgreementRow Row(int n, string title, string sector, string territory, IReadOnlyList<DataTerm> terms, int signatories, int amendments)
    {
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(n);
        var (id, day, law) = (new AgreementId(Guid.CreateVersion7(at)), new DateOnly(2026, 1, 1), "FR-PLATFORM");
        var signers = Enumerable.Range(0, signatories).Select(_ => new OrganisationId(Guid.CreateVersion7(at))).ToList();
        var events = new List<AgreementEvent>
        {
            new AgreementOpened(id, title, law, Nature.Agreement, new AgreementScope([sector], [territory], [WorkStatus.SelfEmployed]), Level.Sector, [.. signers.Select((s, i) => new Party(s, (Side)(i % 2)))], signers[0], at),
        };
        for (var version = 1; version <= amendments + 1; version++)
        {
            var set = version == 1 ? terms : [Term(version, "reg:observed.location")];
            var text = new TabledText(version, TermReading.Hash(set), set, null, null, null, signers[0], Side.Workers);
            events.Add(version == 1 ? new AgreementTextTabled(id, text, at) : new AgreementAmendmentTabled(id, text, version - 1, [], at));
            events.Add(new AgreementTextAccepted(id, version, text.TermsHash, signers[1], Side.Platforms, at));
            events.AddRange(signers.Select((s, i) => new AgreementSigned(id, version, text.TermsHash, s, (Side)(i % 2), day, 60m, null, true, null, at)));
            events.Add(new AgreementNotified(id, day, day.AddDays(15), signers[0], at, version, signers));
            events.Add(new AgreementDeposited(id, day.AddDays(16), new Validity(day.AddDays(17), day.AddYears(5)), signers[0], at, version));
        }
        return new AgreementRow(events.Aggregate((Agreement?)null, Agreement.Evolve)!);
    }
}
