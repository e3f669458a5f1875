using Registry.Application.Instance;
using Registry.Application.Terms;
using Registry.Domain.Calendars;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;

namespace Registry.Api.Tests.Terms;

/// <summary>One sentence that a driver understands, in two languages, for every rule that can decide.</summary>
public sealed class Explaining
{
    private static readonly VocabularySet Codes = LawFiles.Read(Path.Combine(AppContext.BaseDirectory, "law")).Codes;

    private static readonly Question Asked = new(
        new(Guid.NewGuid()), new Domain.Vocabularies.Sector("fr-platform:vtc"), new Territory("FR"), Domain.Agreements.WorkStatus.SelfEmployed, new DataCategory("reg:observed.trips"), new Purpose("dpv:ServiceProvision"),
        "advertiser", Period.Parse("P1Y"), 3, new DateOnly(2026, 11, 25));

    [Theory]
    [InlineData("P1D", "1 day", "1 jour")]
    [InlineData("P90D", "90 days", "90 jours")]
    [InlineData("P1M", "1 month", "1 mois")]
    [InlineData("P18M", "18 months", "18 mois")]
    [InlineData("P1Y", "1 year", "1 an")]
    [InlineData("P2W", "2 weeks", "2 semaines")]
    [InlineData("P1Y6M", "1 year and 6 months", "1 an et 6 mois")]
    [InlineData("P2Y1M10D", "2 years, 1 month and 10 days", "2 ans, 1 mois et 10 jours")]
    [InlineData(null, "", "")]
    public void A_duration_is_said_in_words(string? duration, string en, string fr) => Assert.Equal(new Bilingual(en, fr), Explained.Words(duration is null ? null : Period.Parse(duration)));

    [Theory]
    [InlineData(Verdict.Forbidden, "law-floor")]
    [InlineData(Verdict.Forbidden, "prohibition")]
    [InlineData(Verdict.NotAgreed, "silence")]
    [InlineData(Verdict.NotBound, "not-bound")]
    [InlineData(Verdict.Conflict, "no-common-legal-basis")]
    [InlineData(Verdict.Conflict, "minimum-above-maximum")]
    [InlineData(Verdict.NotAgreed, "recipient-not-listed")]
    [InlineData(Verdict.Forbidden, "retention-above-maximum")]
    [InlineData(Verdict.Forbidden, "retention-below-minimum")]
    [InlineData(Verdict.Forbidden, "group-below-minimum")]
    [InlineData(Verdict.NotAgreed, "mandate-not-accepted")]
    [InlineData(Verdict.NotAgreed, "mandate-withdrawn")]
    [InlineData(Verdict.NotAgreed, "mandate-not-usable")]
    [InlineData(Verdict.NotAgreed, "mandate-paused")]
    [InlineData(Verdict.NotAgreed, "mandate-superseded")]
    [InlineData(Verdict.NotAgreed, "mandate-renounced")]
    [InlineData(Verdict.NotAgreed, "mandate-ended")]
    [InlineData(Verdict.NotAgreed, "mandate-not-yet-valid")]
    [InlineData(Verdict.NotAgreed, "mandate-expired")]
    [InlineData(Verdict.NotAgreed, "mandate-other-controller")]
    [InlineData(Verdict.NotAgreed, "mandate-other-purpose")]
    [InlineData(Verdict.NotAgreed, "mandate-other-category")]
    [InlineData(Verdict.Allowed, "most-protective")]
    [InlineData(Verdict.Allowed, "law-retention")]
    [InlineData(Verdict.Allowed, "branch-prevails")]
    [InlineData(Verdict.Allowed, "company-prevails")]
    [InlineData(Verdict.Allowed, "equivalent-guarantees")]
    public void Every_rule_has_its_sentence_and_no_refusal_reads_like_a_permission(Verdict verdict, string rule)
    {
        var said = Explained.Sentence(Answer(verdict, rule), Asked, Codes);
        Assert.Contains(Codes.DataCategories.Find("reg:observed.trips")!.Label.En, said.En, StringComparison.Ordinal);
        Assert.Contains(Codes.DataCategories.Find("reg:observed.trips")!.Label.Fr, said.Fr, StringComparison.Ordinal);
        Assert.EndsWith(".", said.En, StringComparison.Ordinal);
        Assert.DoesNotContain("  ", said.En + said.Fr, StringComparison.Ordinal);
        Assert.Equal(verdict == Verdict.Allowed, said.En.EndsWith("pass it on to nobody.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rule_without_a_sentence_is_never_told_as_a_permission() =>
        Assert.Throws<InvalidOperationException>(() => Explained.Sentence(Answer(Verdict.Forbidden, "something-new"), Asked, Codes));

    private static Domain.Terms.Answer Answer(Verdict verdict, string rule) =>
        Domain.Terms.Answer.Plain(verdict, rule, [], [], 1) with { MaxRetention = Period.Parse("P90D"), MinRetention = Period.Parse("P30D"), MinGroup = 11 };
}
