using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>A platform's membership of an organisation, half-open.</summary>
public sealed record Membership(OrganisationId Organisation, DateOnly From, DateOnly? To);

/// <summary>A deposited agreement as the index of agreed terms knows it.</summary>
internal sealed class KnownAgreement
{
    private readonly IReadOnlyList<AgreementText> deposited;
    private readonly Provisions?[] texts;
    private readonly RuleSet rules;
    private readonly VocabularySet codes;
    private volatile Standing? lately;

    /// <param name="facts">The fold of its events; a text of it was deposited.</param>
    /// <param name="changed">The position of its last event that can change an answer.</param>
    /// <param name="law">Its rule set, and the words.</param>
    public KnownAgreement(Agreement facts, long changed, Law law)
    {
        (Facts, Changed, rules, codes) = (facts, changed, law.RuleSets[facts.RuleSet], law.Codes);
        deposited = [.. facts.Texts.Where(t => t.Deposit is not null)];
        texts = new Provisions?[deposited.Count];
        Ever = new Provisions(deposited.SelectMany(facts.TermsOf).Distinct(), codes);
        if (deposited.Count == 1) texts[0] = Ever;
        From = facts.Own!.Deposit!.Validity.From;
        Statuses = facts.Scope.Statuses.Aggregate(0, (all, status) => all | (1 << (int)status));
        Signers = [.. facts.Signatories.Select(s => s.By).Distinct()];
        MayBindAnybody = BindsAll || facts.Extensions.Any(x => x.Decision is { Granted: true });
    }

    /// <summary>What depends on the day and on nobody: how it reads, for whom it was signed, and for everybody else.</summary>
    private sealed record Standing(DateOnly Day, AgreementOnTheDay? Holding, AgreementSigned[] Bound, AgreementOnTheDay? ForOthers);

    public Agreement Facts { get; }

    public long Changed { get; }

    /// <summary>Every term of every text that was deposited.</summary>
    public Provisions Ever { get; }

    public OrganisationId[] Signers { get; }

    /// <summary>Whoever signed nothing may be bound too, on some day.</summary>
    public bool MayBindAnybody { get; }

    public DateOnly From { get; }

    /// <summary>A bit for each status that it speaks of.</summary>
    public int Statuses { get; }

    public bool IsFor(WorkStatus status) => (Statuses & (1 << (int)status)) != 0;

    private bool BindsAll => Facts.Own!.Deposit!.ErgaOmnes == true;

    /// <summary>Some text of it deals with this, whoever the recipient is.</summary>
    public bool SpeaksOf(in Subject asked)
    {
        foreach (ref readonly var provision in Ever.Permitting(asked.Purpose))
        {
            if (asked.IsGivenBy(provision.Category)) return true;
        }
        foreach (ref readonly var provision in Ever.Forbidding)
        {
            if (asked.IsOfCategory(provision.Category) && asked.IsForPurpose(provision.Purpose)) return true;
        }
        return false;
    }

    public bool Concerns(IReadOnlySet<string> sectors, IReadOnlySet<string> territories) => Facts.Scope.Sectors.Any(sectors.Contains) && Facts.Scope.Territories.Any(territories.Contains);

    /// <summary>A clause of some text stands in the one that holds.</summary>
    public bool StandsIn(AgreementOnTheDay holding, DataTerm term)
    {
        if (texts.Length == 1) return true;
        foreach (ref readonly var provision in holding.Provisions.All)
        {
            if (provision.Term == term) return true;
        }
        return false;
    }

    /// <summary>As a platform is bound on a day: as a signatory, through its organisation, or by extension; null where it is not.</summary>
    public AgreementOnTheDay? BindingOn(DateOnly day, OrganisationId platform, Membership[] memberships)
    {
        var standing = StandingOn(day);
        foreach (var signature in standing.Bound)
        {
            if (Binds(signature, day, platform, memberships)) return standing.Holding;
        }
        return standing.ForOthers;
    }

    /// <summary>As it reads on a day, whomever it binds; null where it has no effect.</summary>
    public AgreementOnTheDay? HoldingOn(DateOnly day) => StandingOn(day).Holding;

    /// <summary>As signatory, or as a member of a signatory on or after its signature: leaving frees nobody (CT L7343-42).</summary>
    private static bool Binds(AgreementSigned signature, DateOnly day, OrganisationId platform, Membership[] memberships)
    {
        if (signature.By == platform) return true;
        if (signature.Side != Side.Platforms) return false;
        foreach (var membership in memberships)
        {
            if (membership.Organisation == signature.By && membership.From <= day && (membership.To is null || membership.To > signature.SignedOn)) return true;
        }
        return false;
    }

    /// <summary>One day is kept: nearly all questions are about today.</summary>
    private Standing StandingOn(DateOnly day) => lately is { } kept && kept.Day == day ? kept : lately = Stand(day);

    private Standing Stand(DateOnly day)
    {
        var state = Facts.StateOn(day);
        if (!state.HasEffect()) return new Standing(day, null, [], null);
        string[] by = state switch
        {
            AgreementState.Denounced or AgreementState.Notice => ["denunciation"],
            AgreementState.Surviving => ["survival"],
            _ => [],
        };
        var text = Facts.TextOn(day)!;
        var holding = OnTheDay(day, text, by, []);
        if (BindsAll) return new Standing(day, holding, [], OnTheDay(day, text, [.. by, "extension"], []));
        // Who signed nothing is bound by the text that was extended, without what the decision left out (CT L2261-15, L7343-49).
        var others = Facts.ExtensionOn(day) is { } extension
            ? OnTheDay(day, Facts.Texts.First(t => t.Version == extension.Notice.Version), [.. by, "extension"], extension.Decision!.ExcludedClauses)
            : null;
        return new Standing(day, holding, [.. Facts.BoundOn(day)], others);
    }

    private AgreementOnTheDay OnTheDay(DateOnly day, AgreementText text, IEnumerable<string> by, IReadOnlyList<string> without)
    {
        var place = deposited.Index().First(t => t.Item == text).Index;
        var provisions = texts[place] ??= new Provisions(Facts.TermsOf(text), codes); // two who ask at once make the same
        return new AgreementOnTheDay(
            Facts.Id, text.Version, Facts.Level, Facts.Nature, rules.Id, rules.Conflict(day), without.Count == 0 ? provisions : provisions.Without(without),
            [.. by.Select(name => rules.Get(name, day)).Where(rule => !rule.Confirmed).Select(rule => new Warning("unconfirmed-rule", rule.Source))]);
    }
}
