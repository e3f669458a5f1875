using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;
using static Registry.Domain.Tests.Agreements.Bargain;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Agreements;

/// <summary>DOMAIN scenario 2.</summary>
public sealed class ExtendingAnAgreement
{
    private static readonly OrganisationId Z = Org(20);

    private static Bargain Noticed(string? duration = null)
    {
        var bargain = InForce(duration: duration);
        bargain.Today = Day("2027-02-08");
        bargain.Notice().Done();
        return bargain;
    }

    /// <summary>The clauses under which a platform is on a day; none where nothing binds it.</summary>
    private static IEnumerable<string> Towards(Bargain bargain, OrganisationId platform, string day, params Membership[] memberships)
    {
        var scope = bargain.Facts!.Scope;
        var (sector, territory, status) = (new Sector(scope.Sectors[0]), new Territory(scope.Territories[0]), scope.Statuses[0]);
        return AgreedTerms.None(GivenWhenThen.Law).With([new AgreementKnown(bargain.Facts, 1)], [new MembershipsKnown(platform, memberships, 1)])
            .SheetOf(platform, sector.Code, territory.Code, status, Day(day))
            .Everything((category, purpose) => new Question(platform, sector, territory, status, category, purpose, null, null, null, Day(day)))
            .SelectMany(term => term.Answer.Because).Select(reason => reason.Clause!).Distinct();
    }

    [Fact]
    public void CT_L2261_19_and_L7343_49_a_month_that_rolls_and_half_is_not_more_than_half()
    {
        var bargain = Noticed();
        Assert.Equal(Day("2027-03-08"), bargain.Facts!.Extensions[0].Notice.OppositionUntil);
        bargain.Today = Day("2027-03-08");
        bargain.OpposeExtension(A).Refused("not-representative");
        var half = bargain.OpposeExtension(P).Done<AgreementExtensionOpposed>();
        Assert.Equal((50.0m, false), (half.Share, half.Blocking));
        bargain.OpposeExtension(P).Nothing();
        bargain.DecideExtension(true, Day("2027-04-01")).Refused("opposition-window-open");
        bargain.Today = Day("2027-03-20");
        bargain.OpposeExtension(Q).Refused("opposition-late");
        bargain.DecideExtension(true, Day("2027-03-08")).Refused("effective-before-window");
        bargain.DecideExtension(true, Day("2027-04-01"), ["18"]).Refused("no-such-clause");
        bargain.DecideExtension(true, Day("2027-04-01"), ["17§2"]).Done();
        bargain.DecideExtension(true, Day("2027-04-01")).Refused("already-decided");

        Assert.Empty(Towards(bargain, Z, "2027-03-31"));
        Assert.Equal(["1"], Towards(bargain, Z, "2027-04-01")); // without 17§2
        Assert.Equal(["1", "17§2"], Towards(bargain, P, "2027-04-01")); // who signed is bound by all of it
    }

    [Fact]
    public void CT_L2261_19_more_than_half_prevents_it()
    {
        var bargain = Noticed();
        bargain.OpposeExtension(P).Done();
        Assert.True(bargain.OpposeExtension(Q).Done<AgreementExtensionOpposed>().Blocking);
        bargain.Today = Day("2027-03-20");
        bargain.DecideExtension(true).Refused("extension-opposed");
        bargain.DecideExtension(false).Done();
        Assert.Empty(Towards(bargain, Z, "2028-01-01"));
        bargain.Notice().Done(); // another one may be tried
        bargain.Notice().Refused("extension-under-way");
        bargain.DecideExtension(false, number: 9).Refused("unknown-extension");
    }

    [Fact]
    public void An_extension_ends_with_its_agreement_and_leaves_later_amendments_out()
    {
        var bargain = Noticed(TabledText.Indefinite);
        bargain.Today = Day("2027-03-20");
        bargain.DecideExtension(true, Day("2027-04-01")).Done();
        bargain.Amend(B, [Term("2")]).Done();
        bargain.Accept(P).Done();
        foreach (var signer in new[] { B, C, P }) bargain.Sign(signer).Done();
        bargain.Notify(B).Done();
        bargain.Today = Day("2027-05-10");
        bargain.Deposit(B).Done();
        Assert.Equal(["1", "17§2"], Towards(bargain, Z, "2027-06-01"));
        Assert.Equal(["1", "17§2", "2"], Towards(bargain, P, "2027-06-01"));
        foreach (var author in new[] { B, C }) bargain.Denounce(author).Done();
        Assert.False(bargain.Facts!.StateOn(Day("2028-08-11")).HasEffect());
        bargain.Today = Day("2028-08-11");
        bargain.Notice().Refused("agreement-over");
    }

    [Fact]
    public void Only_what_is_deposited_is_extended_and_only_where_the_law_knows_it()
    {
        new Bargain().Agreed().Notice().Refused("not-deposited");
        InForce("DEFAULT").Notice().Refused("no-extension");
        InForce("ES").Notice().Refused("no-extension");
        InForce().Notice(Day("2027-01-04")).Refused("before-another-act");
        InForce().Notice(Day("2027-01-07")).Refused("in-the-future");
    }

    [Fact]
    public void ET_82_3_binds_everybody_in_its_scope_at_once() => Assert.NotEmpty(Towards(InForce("ES"), Z, "2027-02-01"));

    /// <summary>Leaving after the signature frees nobody; joining after it binds from then on.</summary>
    [Theory]
    [InlineData("2026-01-01", null, true)]
    [InlineData("2026-01-01", "2026-12-10", false)] // had left before it was signed
    [InlineData("2026-01-01", "2026-12-11", true)] // left the day after
    [InlineData("2027-06-02", null, false)] // not a member yet
    [InlineData("2027-06-01", null, true)]
    public void CT_L7343_42_a_platform_is_bound_through_its_organisation(string from, string? to, bool bound) =>
        Assert.Equal(bound, Towards(InForce(), Z, "2027-06-01", new Membership(P, Day(from), to is null ? null : Day(to))).Any());
}
