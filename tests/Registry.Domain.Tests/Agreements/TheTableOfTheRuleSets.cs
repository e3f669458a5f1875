using Registry.Domain.RuleSets;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Agreements;

/// <summary>Every row of the table of bargaining law under every rule set: the number, and the article that it is read from.</summary>
public sealed class TheTableOfTheRuleSets
{
    private static readonly DateOnly Today = Day("2026-11-25");

    [Theory]
    [InlineData("FR-PLATFORM", "signature", "CT L7343-29", true, "workers MoreThan 30, platforms any, organisations 1")]
    [InlineData("FR-BRANCH", "signature", "CT L2232-6", true, "workers AtLeast 30, platforms any, organisations 1")]
    [InlineData("ES", "signature", "ET 89.3", false, "workers MoreThan 50, platforms MoreThan 50, organisations 1")]
    [InlineData("DEFAULT", "signature", "Registry policy", true, "workers MoreThan 50, platforms any, organisations 1")]
    [InlineData("FR-PLATFORM", "opposition", "CT L7343-29", false, "MoreThan 50 within P15D, rolls")]
    [InlineData("FR-BRANCH", "opposition", "CT L2232-6, L2231-8", true, "MoreThan 50 within P15D, rolls")]
    [InlineData("ES", "opposition", "ET", false, "none")]
    [InlineData("DEFAULT", "opposition", "Registry policy", true, "none")]
    [InlineData("FR-PLATFORM", "deposit", "CT L7343-35", true, "after the opposition")]
    [InlineData("FR-BRANCH", "deposit", "CT L2231-6", false, "after the opposition")]
    [InlineData("ES", "deposit", "ET 90.2", false, "after the signature")]
    [InlineData("DEFAULT", "deposit", "Registry policy", true, "after the signature")]
    [InlineData("FR-PLATFORM", "entryIntoForce", "CT L7343-39", true, "1")]
    [InlineData("FR-BRANCH", "entryIntoForce", "CT L2261-1", true, "1")]
    [InlineData("ES", "entryIntoForce", "ET 90.4", false, "0")]
    [InlineData("DEFAULT", "entryIntoForce", "Registry policy", true, "1")]
    [InlineData("FR-PLATFORM", "silentDuration", "CT L7343-31", true, "P5Y, then stops")]
    [InlineData("FR-BRANCH", "silentDuration", "CT L2222-4", true, "P5Y, then stops")]
    [InlineData("ES", "silentDuration", "ET 86.2", false, "P1Y, renewed by P1Y")]
    [InlineData("DEFAULT", "silentDuration", "Registry policy", true, "P5Y, then stops")]
    [InlineData("FR-PLATFORM", "revision", "CT L7343-40", true, "signatories for P2Y")]
    [InlineData("FR-BRANCH", "revision", "CT L2261-7", false, "signatories until the cycle ends")]
    [InlineData("ES", "revision", "ET 86.1", false, "any representative")]
    [InlineData("DEFAULT", "revision", "Registry policy", true, "signatories")]
    [InlineData("FR-PLATFORM", "denunciation", "CT L7343-41", true, "P3M, without a term only, lost MoreThan 50")]
    [InlineData("FR-BRANCH", "denunciation", "CT L2261-9", false, "P3M, without a term only, lost MoreThan 50")]
    [InlineData("ES", "denunciation", "ET 86.2", false, "at the end of the term")]
    [InlineData("DEFAULT", "denunciation", "Registry policy", true, "P3M")]
    [InlineData("FR-PLATFORM", "survival", "CT L2261-10", false, "P1Y, lengthened by clause")]
    [InlineData("FR-BRANCH", "survival", "CT L2261-10, L2261-11", false, "P1Y, lengthened by clause")]
    [InlineData("ES", "survival", "ET 86.3 as amended by RDL 32/2021", true, "without end, a clause decides")]
    [InlineData("DEFAULT", "survival", "Registry policy", true, "P1Y, lengthened by clause")]
    [InlineData("FR-PLATFORM", "extension", "CT L7343-49", true, "MoreThan 50 within P1M, rolls, clauses may be excluded")]
    [InlineData("FR-BRANCH", "extension", "CT L2261-15, L2261-19", true, "MoreThan 50 within P1M, rolls, clauses may be excluded")]
    [InlineData("ES", "extension", "ET 82.3", false, "erga omnes")]
    [InlineData("DEFAULT", "extension", "Registry policy", true, "none")]
    [InlineData("FR-PLATFORM", "conflict", "CT L7343-43, L7343-44", true, "MostProtective")]
    [InlineData("FR-BRANCH", "conflict", "CT L2253-3", true, "CompanyPrevails")]
    [InlineData("ES", "conflict", "ET 84", false, "MostProtective")]
    [InlineData("DEFAULT", "conflict", "Registry policy", true, "MostProtective")]
    public void Each_row_says_its_number_and_its_article(string rules, string row, string article, bool confirmed, string says)
    {
        var set = GivenWhenThen.Law.RuleSets[rules];
        var parameter = set.Get(row, Today);
        Assert.StartsWith(article, parameter.Source, StringComparison.Ordinal);
        Assert.Equal(confirmed, parameter.Confirmed);
        Assert.Equal(says, Said(set, row));
    }

    [Fact]
    public void Every_rule_set_has_every_row() => Assert.All(GivenWhenThen.Law.RuleSets.Values, set => Assert.Equal(
        ["conflict", "denunciation", "deposit", "entryIntoForce", "extension", "opposition", "revision", "signature", "silentDuration", "survival"],
        set.Parameters.Select(p => p.Name).Distinct().Order(StringComparer.Ordinal)));

    private static string Said(RuleSet set, string row) => row switch
    {
        "signature" => set.Signature(Today) is var s ? $"workers {Said(s.Workers)}, platforms {Said(s.Platforms) ?? "any"}, organisations {s.PlatformOrganisations}" : "",
        "opposition" => set.Opposition(Today) is { } o ? $"{Said(o.Threshold)} within {o.Window}{(o.Rolls ? ", rolls" : "")}" : "none",
        "deposit" => set.Deposit(Today).AfterOpposition ? "after the opposition" : "after the signature",
        "entryIntoForce" => $"{set.DaysToForce(Today)}",
        "silentDuration" => set.SilentDuration(Today) is var d ? $"{d.Period}, {(d.Renews is null ? "then stops" : $"renewed by {d.Renews}")}" : "",
        "revision" => set.Revision(Today) switch
        {
            { AnyRepresentative: true } => "any representative",
            { UntilCycleEnds: true } => "signatories until the cycle ends",
            { SignatoriesFor: { } period } => $"signatories for {period}",
            _ => "signatories",
        },
        "denunciation" => set.Denunciation(Today) is var d ? string.Join(", ", new[] { d.Notice?.Text, d.IndefiniteOnly ? "without a term only" : null, d.AtTermEnd ? "at the end of the term" : null, d.WhereLost is { } lost ? $"lost {Said(lost)}" : null }.OfType<string>()) : "",
        "survival" => set.Survival(Today) is var s ? $"{s.Period?.Text ?? "without end"}, {(s.ClauseDecides ? "a clause decides" : "lengthened by clause")}" : "",
        "extension" => set.Extension(Today) switch
        {
            null => "none",
            { ErgaOmnes: true } => "erga omnes",
            var e => $"{Said(e.Threshold)} within {e.Window}{(e.Rolls ? ", rolls" : "")}{(e.MayExclude ? ", clauses may be excluded" : "")}",
        },
        _ => set.Conflict(Today).ToString(),
    };

    private static string? Said(Threshold? threshold) => threshold is null ? null : $"{threshold.Comparison} {threshold.Percent}";
}
