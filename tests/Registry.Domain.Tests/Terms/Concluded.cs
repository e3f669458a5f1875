using System.Text.Json;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Terms;

/// <summary>An agreement as far as the index of agreed terms is concerned: what was deposited, by whom, and what became of it.</summary>
internal sealed record Concluded(Level Level, params DataTerm[] Terms)
{
    public AgreementId Id { get; init; } = new(Guid.NewGuid());
    public string RuleSet { get; init; } = "FR-PLATFORM";
    public Nature Nature { get; init; }
    public string[] Sectors { get; init; } = ["fr-platform:vtc"];
    public string[] Territories { get; init; } = ["FR"];
    public WorkStatus[] Statuses { get; init; } = [WorkStatus.SelfEmployed];
    public (OrganisationId By, Side Side, DateOnly On)[] Signed { get; init; } = [(Org(1), Side.Workers, Day("2026-01-01")), (Org(9), Side.Platforms, Day("2026-01-01"))];
    public DateOnly From { get; init; } = Day("2026-01-02");
    public DateOnly? To { get; init; }

    /// <summary>Deposited on, notice ends, survives until.</summary>
    public (DateOnly On, DateOnly NoticeEnds, DateOnly? Until)? Denounced { get; init; }

    public (DateOnly From, string[] Without)? Extended { get; init; }

    /// <summary>The law with a rule set more, of tests, in which a branch prevails unless a company guarantees as much on the whole matter.</summary>
    public static Law Law { get; } = GivenWhenThen.Law with { RuleSets = new Dictionary<string, RuleSet>(GivenWhenThen.Law.RuleSets, StringComparer.Ordinal) { ["TEST-BRANCH"] = Branch() } };

    public AgreementKnown Known(long changed = 1) => new(Events().Aggregate((Agreement?)null, Agreement.Evolve)!, changed);

    public static AgreedTerms All(IEnumerable<Concluded> agreements, IEnumerable<MembershipsKnown>? memberships = null, IReadOnlyList<LawFloor>? floors = null) =>
        AgreedTerms.None(Law with { Floors = floors ?? Law.Floors }).With(agreements.Select(a => a.Known()), memberships ?? []);

    private static RuleSet Branch()
    {
        var branch = GivenWhenThen.Law.RuleSets["FR-BRANCH"];
        var rule = JsonDocument.Parse("""{"rule": "equivalentGuarantees"}""").RootElement;
        return branch with { Id = "TEST-BRANCH", Parameters = [.. branch.Parameters.Select(p => p.Name == "conflict" ? p with { Value = rule, Source = "CT L2253-1", Confirmed = false } : p)] };
    }

    private IEnumerable<AgreementEvent> Events()
    {
        yield return new AgreementOpened(Id, "Test", RuleSet, Nature, new AgreementScope(Sectors, Territories, Statuses), Level, [.. Signed.Select(s => new Party(s.By, s.Side))], Signed[0].By, Noon);
        yield return new AgreementTextTabled(Id, new TabledText(1, "", Terms, null, null, null, Signed[0].By, Signed[0].Side), Noon);
        yield return new AgreementTextAccepted(Id, 1, "", Signed[^1].By, Signed[^1].Side, Noon);
        foreach (var (by, side, on) in Signed) yield return new AgreementSigned(Id, 1, "", by, side, on, 60m, null, true, null, Noon);
        yield return new AgreementDeposited(Id, From.AddDays(-1), new Validity(From, To), Signed[0].By, Noon, 1);
        if (Extended is { } extended)
        {
            yield return new AgreementExtensionNoticed(Id, 1, 1, From, From, Org(8), Noon);
            yield return new AgreementExtensionDecided(Id, 1, true, From, extended.From, extended.Without, null, Org(8), Noon);
        }
        if (Denounced is { } denounced) yield return new AgreementDenounced(Id, Signed[0].By, Signed[0].Side, denounced.On, true, denounced.NoticeEnds, denounced.Until, Noon);
    }
}
