using Registry.Application.Terms;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.Terms;
using static Registry.Domain.Tests.GivenWhenThen;

namespace Registry.Domain.Tests.Agreements;

/// <summary>A negotiation in a test: A 42, B 30, C 16, D 12 for the workers, P 50 and Q 50 for the platforms, and an authority.</summary>
internal sealed class Bargain
{
    public static readonly OrganisationId A = Org(1), B = Org(2), C = Org(3), D = Org(4), P = Org(5), Q = Org(6), Stranger = Org(7), Authority = Org(8);

    private readonly List<AgreementEvent> events = [];

    public Bargain(string rules = "FR-PLATFORM") => Rules = rules;

    public string Rules { get; }

    public AgreementId Id { get; } = new(Guid.NewGuid());

    public IReadOnlyList<AgreementEvent> Events => events;

    public Agreement? Facts { get; private set; }

    public DateOnly Today { get; set; } = Day("2026-12-10");

    public DateTimeOffset Now => new(Today.ToDateTime(new TimeOnly(11, 0)), TimeSpan.Zero);

    public Weights Audience { get; set; } = new(Table("1", Side.Workers, (A, 42), (B, 30), (C, 16), (D, 12)), Table("1", Side.Platforms, (P, 50), (Q, 50)));

    public bool CycleEnded { get; set; }

    /// <summary>The weights of the day of the signature.</summary>
    public Weights AtSignature { get; set; } = new(Table("1", Side.Workers, (A, 42), (B, 30), (C, 16), (D, 12)), Table("1", Side.Platforms, (P, 50), (Q, 50)));

    public AgreementState State => Facts!.StateOn(Today);

    public static RepresentativenessMeasured Table(string cycle, Side side, params (OrganisationId Organisation, decimal Percent)[] weights) => new(
        Guid.Empty, "fr-platform:vtc", "FR", cycle, side, "FR-PLATFORM", Day("2026-01-01"), [.. weights.Select(w => new Weight(w.Organisation, w.Percent, null, true))], Authority, Noon);

    public static DataTerm Term(string clause, string retention = "P90D") => new(clause, "reg:observed.trips", "dpv:ServiceProvision", TermDecision.Allowed, ["gdpr:A6-1-b"], retention);

    public static TabledText Text(IReadOnlyList<DataTerm> terms, string? duration = null, string? survival = null, IReadOnlyList<DataTerm>? whole = null) =>
        new(0, TermReading.Hash(whole ?? terms), terms, duration, survival, null, A, Side.Workers);

    /// <summary>Negotiated, signed by B, C and P, and in force from 2027-01-06.</summary>
    public static Bargain InForce(string rules = "FR-PLATFORM", string? duration = null, string? survival = null, params DataTerm[] terms)
    {
        var bargain = new Bargain(rules).Agreed(duration, survival, terms);
        foreach (var signer in new[] { B, C, P }.Concat(rules is "ES" or "DEFAULT" ? [A, Q] : [])) bargain.Sign(signer).Done();
        bargain.Today = Day("2026-12-17");
        bargain.Notify(B, Day("2026-12-17")).Done();
        bargain.Today = Day("2027-01-05");
        bargain.Deposit(P, Day("2027-01-05"), from: Day("2027-01-06")).Done();
        bargain.Today = Day("2027-01-06");
        return bargain;
    }

    public Bargain Agreed(string? duration = null, string? survival = null, params DataTerm[] terms)
    {
        Open().Done();
        Propose(A, Text(terms.Length == 0 ? [Term("1"), Term("17§2")] : terms, duration, survival)).Done();
        Accept(P).Done();
        return this;
    }

    public Taken Open(Nature nature = Nature.Agreement, OrganisationId? by = null, IReadOnlyList<Party>? parties = null, AgreementId? substitutes = null) => Take(Negotiation.Open(Facts, new AgreementOpened(
        Id, "Data", Rules, nature, new AgreementScope(["fr-platform:vtc"], ["FR"], [WorkStatus.SelfEmployed]), Level.Sector,
        parties ?? [new(A, Side.Workers), new(B, Side.Workers), new(C, Side.Workers), new(D, Side.Workers), new(P, Side.Platforms), new(Q, Side.Platforms)], by ?? A, Now, substitutes)));

    public Taken Propose(OrganisationId by, TabledText? text = null) => Take(Negotiation.Table(Facts, At(by), text ?? Text([Term("1")])));

    public Taken Accept(OrganisationId by, int? version = null, string? hash = null) =>
        Take(Negotiation.Accept(Facts, At(by), version ?? Last?.Version ?? 1, hash ?? Last?.Tabled.TermsHash ?? ""));

    public Taken Sign(OrganisationId by, int? version = null, string? hash = null) =>
        Take(Conclusion.Sign(Facts, At(by), version ?? Last?.Version ?? 1, hash ?? Last?.Tabled.TermsHash ?? "", null, Audience));

    public Taken Notify(OrganisationId by, DateOnly? on = null, int? version = null) => Take(Conclusion.Notify(Facts, At(by), version, on ?? Today, Audience));

    public Taken Oppose(OrganisationId by, DateOnly? on = null, int? version = null) => Take(Conclusion.Oppose(Facts, At(by), version, "reasons", on ?? Today, Audience));

    public Taken Deposit(OrganisationId by, DateOnly? on = null, int? version = null, DateOnly? from = null) => Take(Conclusion.Deposit(Facts, At(by), version, on ?? Today, from));

    public Taken Amend(OrganisationId by, IReadOnlyList<DataTerm> set, IReadOnlyList<string>? removed = null, int? from = null, string? duration = null)
    {
        var under = Facts?.Latest is { } latest ? Facts.TermsOf(latest) : [];
        return Take(Negotiation.Amend(
            Facts, At(by), Text(set, duration, null, Clauses.Apply(under, set, removed ?? [])), from ?? Facts?.Latest?.Version ?? 0, removed ?? [], Audience, CycleEnded));
    }

    public Taken Rectify(OrganisationId by, int version, params DataTerm[] clauses)
    {
        var text = Facts!.Texts.FirstOrDefault(t => t.Version == version);
        return Take(Negotiation.Rectify(Facts, At(by), version, clauses, text is null ? "" : TermReading.Hash(Clauses.Apply(Facts.TermsOf(text), clauses, [])), "slip of the pen"));
    }

    public Taken Denounce(OrganisationId by, DateOnly? on = null) => Take(Ending.Denounce(Facts, At(by), on ?? Today, AtSignature, Audience));

    public Taken Substituted(DateOnly from) =>
        Take(Ending.Substitute(Facts, new AgreementId(Guid.NewGuid()), new AgreementDeposited(default, from.AddDays(-1), new Validity(from), P, Now)));

    public Taken Notice(DateOnly? on = null) => Take(Extending.Notice(Facts, At(Authority), on ?? Today));

    public Taken OpposeExtension(OrganisationId by, DateOnly? on = null, int number = 1) => Take(Extending.Oppose(Facts, At(by), number, "reasons", on ?? Today, Audience));

    public Taken DecideExtension(bool granted, DateOnly? from = null, string[]? excluded = null, int number = 1) =>
        Take(Extending.Decide(Facts, At(Authority), number, granted, from, excluded ?? [], null));

    private AgreementText? Last => Facts?.Texts.Count > 0 ? Facts.Texts[^1] : null;

    private Sitting At(OrganisationId by) => new(
        by, by == P || by == Q ? Side.Platforms : Side.Workers, Law.RuleSets[Rules], Law.Calendars.At(Law.RuleSets[Rules].Country), Today, Now);

    private Taken Take(Outcome<AgreementEvent> outcome)
    {
        foreach (var happened in outcome.Events)
        {
            events.Add(happened);
            Facts = Agreement.Evolve(Facts, happened);
        }
        return new Taken(outcome);
    }
}

/// <summary>What an act came to.</summary>
internal sealed record Taken(Outcome<AgreementEvent> Outcome)
{
    public AgreementEvent Done() => Outcome.Then();

    public T Done<T>() where T : AgreementEvent => Assert.IsType<T>(Outcome.Then());

    public void Nothing() => Outcome.ThenNothing();

    public void Refused(string code) => Outcome.ThenRefused(code);
}
