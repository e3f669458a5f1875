using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Mandates;

/// <summary>Random histories of one person's mandates to three representatives, against rules written a second time.</summary>
public sealed class RandomMandates
{
    private static readonly MemberRef Person = new(Guid.NewGuid());
    private static readonly string[] Categories = ["reg:observed", "reg:observed.trips", "reg:observed.location", "reg:reputation"];
    private static readonly string[] Purposes = ["dpv:RightsFulfillment", "dpv:LegalCompliance"];

    private sealed class History(Random random)
    {
        private int said;

        public Dictionary<MandateId, Mandate> Mandates { get; } = [];

        public HashSet<ScopeId> Withdrawn { get; } = [];

        public DateOnly Day { get; private set; } = Day("2026-11-25");

        public HashSet<MandateStatus> Seen { get; } = [];

        public void Step()
        {
            switch (random.Next(12))
            {
                case 0 or 1: Grant(); break;
                case 2 or 3 or 4 when Any() is { } one && Apply(one, Mandate.Accept(one, one.Deed.Representative, Day, Noon)): Begin(Mandates[one.Id]); break;
                case 5 when Any() is { } one: Withdraw(one); break;
                case 6 when Any() is { } one: Apply(one, Mandate.Pause(one, new Speaker(Person, null), null, null, Day, Noon)); break;
                case 7 when Any() is { } one: Apply(one, Mandate.Resume(one, new Speaker(Person, null), null, null, Day, Noon)); break;
                case 8 when Any() is { } one: Apply(one, Mandate.Renew(one, new Speaker(Person, null), null, Law.MandateTexts[0], new string('a', 64), null, null, null, Day, Noon)); break;
                case 9 when Any() is { } one: EndBy(one, Mandate.Renounce(one, one.Deed.Representative, Day, Noon)); break;
                case 10 when random.Next(5) == 0 && Any() is { } one:
                    EndBy(one, Mandate.End(one, one.Deed.Representative, EndCause.Death, Day, new MandateEvidence(EvidenceMethod.Desk, Day, new string('a', 64)), Day, Noon));
                    break;
                case 11: Day = Day.AddDays(random.Next(60)); break;
                default: break;
            }
            foreach (var mandate in Mandates.Values) Seen.Add(mandate.StatusOn(Day));
        }

        private Mandate? Any() => Mandates.Count == 0 ? null : Mandates.Values.ElementAt(random.Next(Mandates.Count));

        private void Grant()
        {
            var from = Day.AddDays(random.Next(3) == 0 ? random.Next(60) : 0);
            var scopes = Enumerable.Range(0, random.Next(1, 3)).Select(_ => new Scope(
                new ScopeId(Guid.NewGuid()), [random.Next(2) == 0 ? MandateRight.Portability : MandateRight.Access], [Categories[random.Next(Categories.Length)]],
                [Purposes[random.Next(Purposes.Length)]], [Org(100 + random.Next(2))])).ToList();
            var deed = new MandateDeed(Person, Org(1 + random.Next(3)), scopes, new Validity(from, from.AddDays(random.Next(1, 360))), false, random.Next(4) != 0, [], "en", "2026-1", null, null);
            var id = new MandateId(Guid.NewGuid());
            if (Mandate.Grant(null, id, deed, Law.Codes, Day, Noon) is { Refused: null } granted) Mandates[id] = Mandate.Evolve(null, granted.Events[0] is MandateGranted g ? g with { At = Noon.AddMinutes(++said) } : granted.Events[0])!;
        }

        private bool Apply(Mandate mandate, Outcome<MandateEvent> outcome)
        {
            foreach (var happened in outcome.Events) Mandates[mandate.Id] = Mandate.Evolve(Mandates[mandate.Id], happened)!;
            return outcome.Events.Count > 0;
        }

        private void Begin(Mandate begun)
        {
            foreach (var other in Mandates.Values.ToList()) Apply(other, Supersession.Of(begun, other, Law.Codes, Day, Noon));
        }

        private void Withdraw(Mandate one)
        {
            var scope = random.Next(2) == 0 ? one.Scopes[random.Next(one.Scopes.Count)].Scope.Id : (ScopeId?)null;
            EndBy(one, Mandate.Withdraw(one, new Speaker(Person, null), scope, null, null, Day, Noon));
            if (Mandates[one.Id].Scopes.All(s => (scope is { } named && s.Scope.Id != named) || s.State == ScopeState.Withdrawn)) Withdrawn.UnionWith(one.Scopes.Select(s => s.Scope.Id).Where(id => scope is null || id == scope));
        }

        private void EndBy(Mandate one, Outcome<MandateEvent> outcome)
        {
            if (!Apply(one, outcome)) return;
            foreach (var other in Mandates.Values.Where(m => m.Deed.Exclusive).OrderByDescending(m => m.GrantedAt).ToList()) Apply(other, Supersession.Lifted(one, Mandates[one.Id], other, Mandates.Values, Law.Codes, Day, Noon));
        }
    }

    /// <summary>What may be used on a day: by a right over a category for a purpose at a controller.</summary>
    private static IEnumerable<(MandateRight, string, string, OrganisationId)> Usable(Mandate mandate, DateOnly day) =>
        mandate.StatusOn(day) != MandateStatus.Active || day < mandate.Validity.From ? [] :
        from scope in mandate.LiveOn(day)
        from right in scope.Rights
        from category in Categories.Where(c => scope.Categories.Any(held => Law.Codes.DataCategories.Covers(held, c)))
        from purpose in scope.Purposes
        from controller in scope.Controllers
        select (right, category, purpose, controller);

    [Fact]
    public void At_most_one_exclusive_mandate_acts_in_a_matter_and_what_was_withdrawn_never_does()
    {
        var seen = new HashSet<MandateStatus>();
        var seed = Environment.GetEnvironmentVariable("REGISTRY_SEED") is { } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : 20261122;
        for (var n = 0; n < 2_000; n++)
        {
            var history = new History(new Random(seed + n));
            for (var step = 0; step < 60; step++)
            {
                history.Step();
                foreach (var day in new[] { history.Day, history.Day.AddDays(20), history.Day.AddDays(75) })
                {
                    var usable = history.Mandates.Values.SelectMany(m => Usable(m, day).Select(matter => (matter, m))).ToList();
                    var twice = usable.Where(u => u.m.Deed.Exclusive).GroupBy(u => u.matter).FirstOrDefault(g => g.Select(u => u.m.Id).Distinct().Count() > 1);
                    Assert.True(twice is null, $"seed {seed + n}, step {step}, {day}: {twice?.Key} is acted in by two");
                }
                Assert.DoesNotContain(history.Mandates.Values.SelectMany(m => m.LiveOn(history.Day)), scope => history.Withdrawn.Contains(scope.Id));
                Assert.All(history.Mandates.Values, m => Assert.Equal(m.OverFrom() <= history.Day, m.StatusOn(history.Day) is not (MandateStatus.Offered or MandateStatus.Active or MandateStatus.Paused)));
            }
            seen.UnionWith(history.Seen);
        }
        Assert.Equal(Enum.GetValues<MandateStatus>().Order(), seen.Order());
    }
}
