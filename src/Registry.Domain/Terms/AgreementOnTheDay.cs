using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>One term for one of its purposes, with its codes as numbers.</summary>
internal readonly record struct Provision(DataTerm Term, int Category, int Purpose)
{
    public static Provision[] Of(IEnumerable<DataTerm> terms, VocabularySet codes) =>
    [
        .. from term in terms
           from purpose in (term.SubPurposes ?? []).Prepend(term.Purpose).Distinct()
           select new Provision(term, codes.DataCategories.Number(term.Category), codes.Purposes.Number(purpose)),
    ];

    /// <summary>A prohibition reaches what it names and everything below; named recipients narrow it to them.</summary>
    public bool Forbids(int category, int purpose, string? recipient, VocabularySet codes) =>
        Term.Decision == TermDecision.Forbidden && codes.DataCategories.Covers(Category, category) && codes.Purposes.Covers(Purpose, purpose)
        && (Term.Recipients is not { Count: > 0 } recipients || (recipient is not null && recipients.Contains(recipient)));

    /// <summary>A permission comes down by category and never by purpose: in DPV a sale is a provision of service.</summary>
    public bool Permits(int category, int purpose, VocabularySet codes) =>
        Term.Decision == TermDecision.Allowed && Purpose == purpose && codes.DataCategories.Inherits(Category, category);

    /// <summary>It deals with what is asked, whoever the recipient is.</summary>
    public bool SpeaksOf(int category, int purpose, VocabularySet codes) =>
        Term.Decision == TermDecision.Allowed ? Permits(category, purpose, codes)
        : codes.DataCategories.Covers(Category, category) && codes.Purposes.Covers(Purpose, purpose);
}

/// <summary>An agreement that has effect on a day, with the text that holds there for those whom it binds in one way.</summary>
/// <param name="Conflict">What its rule set says where a branch and a company settle the same matter.</param>
/// <param name="RestsOn">The rules of law by which it has effect for them on that day, where nobody has confirmed their text.</param>
internal sealed record AgreementOnTheDay(
    AgreementId Id, int Version, Level Level, Nature Nature, string RuleSet, ConflictRule Conflict, Provision[] Provisions, IReadOnlyList<Warning> RestsOn);
