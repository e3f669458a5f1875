using Registry.Domain.Vocabularies;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Vocabularies;

public sealed class Loading
{
    private static VocabularyFile File(params (string Code, string[] Parents)[] terms) =>
        new("v", "s", "1", "test", "none", [.. terms.Select(t => new VocabularyEntry(t.Code, t.Parents, new Bilingual("", "")))]);

    [Fact]
    public void A_cycle_an_orphan_and_a_duplicate_are_refused()
    {
        Assert.Contains("own ancestor", Refused(("a", ["b"]), ("b", ["a"])), StringComparison.Ordinal);
        Assert.Contains("no parent", Refused(("a", ["b"])), StringComparison.Ordinal);
        Assert.Contains("twice", Refused(("a", []), ("a", [])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_term_with_two_parents_has_the_ancestors_of_both() =>
        Assert.Equal(["a", "b", "c", "d"], new Vocabulary("v", [File(("a", []), ("b", ["a"]), ("c", ["a"]), ("d", ["b", "c"]))]).AncestorsOrSelf("d").Order());

    [Fact]
    public void A_replaced_code_is_understood_as_its_successor() => Assert.Equal("FR-75C", Law.Codes.Territories.Current("FR-75"));

    [Theory]
    [InlineData("dpv:ServiceProvision", "dpv:SellDataToThirdParties")] // why permissions do not inherit by purpose
    [InlineData("dpv:Marketing", "dpv:TargetedAdvertising")]
    public void DPV_2_1_stands_as_published(string wider, string narrower) => Assert.True(Law.Codes.Purposes.Covers(wider, narrower));

    [Fact]
    public void Every_term_has_a_label_in_both_languages() =>
        Assert.DoesNotContain(Law.Codes.All.SelectMany(v => v.Files).SelectMany(f => f.Terms), t => t.Label.En.Length == 0 || t.Label.Fr.Length == 0);

    private static string Refused(params (string, string[])[] terms) => Assert.Throws<VocabularyException>(() => new Vocabulary("v", [File(terms)])).Message;
}
