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
    private readonly Provision[]?[] texts;
    private readonly IReadOnlyList<AgreementText> deposited;
    private readonly RuleSet rules;
    private readonly VocabularySet codes;

    /// <param name="facts">The fold of its events; a text of it was deposited.</param>
    /// <param name="changed">The position of its last event that can change an answer.</param>
    /// <param name="law">Its rule set, and the words.</param>
    public KnownAgreement(Agreement facts, long changed, Law law)
    {
        (Facts, Changed, rules, codes) = (facts, changed, law.RuleSets[facts.RuleSet], law.Codes);
        deposited = [.. facts.Texts.Where(t => t.Deposit is not null)];
        texts = new Provision[deposited.Count][];
        Ever = Provision.Of(deposited.SelectMany(facts.TermsOf).Distinct(), codes);
        if (deposited.Count == 1) texts[0] = Ever;
        Signers = [.. facts.Signatories.Select(s => s.By).Distinct()];
        MayBindAnybody = facts.Own!.Deposit!.ErgaOmnes == true || facts.Extensions.Any(x => x.Decision is { Granted: true });
    }

    public Agreement Facts { get; }

    public long Changed { get; }

    /// <summary>Every term of every text that was deposited.</summary>
    public Provision[] Ever { get; }

    public IReadOnlyList<OrganisationId> Signers { get; }

    /// <summary>Whoever signed nothing may be bound too, on some day.</summary>
    public bool MayBindAnybody { get; }

    public DateOnly From => Facts.Own!.Deposit!.Validity.From;

    public bool SpeaksOf(int category, int purpose)
    {
        foreach (var provision in Ever)
        {
            if (provision.SpeaksOf(category, purpose, codes)) return true;
        }
        return false;
    }

    public bool Concerns(IReadOnlySet<string> sectors, IReadOnlySet<string> territories) => Facts.Scope.Sectors.Any(sectors.Contains) && Facts.Scope.Territories.Any(territories.Contains);

    /// <summary>As a platform is bound on a day: as a signatory, through its organisation, or by extension; null where it is not.</summary>
    public AgreementOnTheDay? BindingOn(DateOnly day, OrganisationId platform, IReadOnlyList<Membership> memberships)
    {
        if (!Facts.StateOn(day).HasEffect()) return null;
        var everybody = Facts.Own!.Deposit!.ErgaOmnes == true;
        if (everybody || Facts.BoundOn(day).Any(s => Binds(s, day, platform, memberships))) return OnTheDay(day, Facts.TextOn(day)!, everybody ? ["extension"] : [], []);
        if (Facts.ExtensionOn(day) is not { } extension) return null;
        // Who signed nothing is bound by the text that was extended, without what the decision left out (CT L2261-15, L7343-49).
        return OnTheDay(day, Facts.Texts.First(t => t.Version == extension.Notice.Version), ["extension"], extension.Decision!.ExcludedClauses);
    }

    /// <summary>As it reads on a day, whomever it binds; null where it has no effect.</summary>
    public AgreementOnTheDay? HoldingOn(DateOnly day) => Facts.StateOn(day).HasEffect() ? OnTheDay(day, Facts.TextOn(day)!, [], []) : null;

    /// <summary>As signatory, or as a member of a signatory on or after its signature: leaving frees nobody (CT L7343-42).</summary>
    private static bool Binds(AgreementSigned signature, DateOnly day, OrganisationId platform, IReadOnlyList<Membership> memberships) =>
        signature.By == platform
        || (signature.Side == Side.Platforms && memberships.Any(m => m.Organisation == signature.By && m.From <= day && (m.To is null || m.To > signature.SignedOn)));

    private AgreementOnTheDay OnTheDay(DateOnly day, AgreementText text, IEnumerable<string> by, IReadOnlyList<string> without)
    {
        var provisions = Provisions(text);
        string[] rests = Facts.StateOn(day) switch
        {
            AgreementState.Denounced or AgreementState.Notice => [.. by, "denunciation"],
            AgreementState.Surviving => [.. by, "survival"],
            _ => [.. by],
        };
        return new AgreementOnTheDay(
            Facts.Id, text.Version, Facts.Level, Facts.Nature, rules.Id, rules.Conflict(day), without.Count == 0 ? provisions : [.. provisions.Where(p => !without.Contains(p.Term.Clause))],
            [.. rests.Select(name => rules.Get(name, day)).Where(rule => !rule.Confirmed).Select(rule => new Warning("unconfirmed-rule", rule.Source))]);
    }

    /// <summary>Made when it is first asked for; two who ask at once make the same.</summary>
    private Provision[] Provisions(AgreementText text)
    {
        var place = deposited.Index().First(t => t.Item == text).Index;
        return texts[place] ??= Provision.Of(Facts.TermsOf(text), codes);
    }
}
