using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Domain.Terms;

/// <summary>One term for one of its purposes, with its codes as numbers.</summary>
internal readonly record struct Provision(DataTerm Term, int Category, int Purpose)
{
    /// <summary>A prohibition reaches what it names and everything below; named recipients narrow it to them.</summary>
    public bool Reaches(in Subject asked) => asked.IsOfCategory(Category) && asked.IsForPurpose(Purpose) && Term.Concerns(asked.Recipient);
}

/// <summary>The provisions of a text in the order in which they are looked for: prohibitions before permissions, each by purpose, then as they stand.</summary>
internal sealed class Provisions
{
    private readonly Provision[] all;
    private readonly int permissions;

    /// <summary>Where the permissions of a purpose begin, and behind the last purpose where they end.</summary>
    private readonly int[] begins;

    public Provisions(IEnumerable<DataTerm> terms, VocabularySet codes) : this(
    [
        .. from term in terms
           from purpose in (term.SubPurposes ?? []).Prepend(term.Purpose).Distinct()
           select new Provision(term, codes.DataCategories.Number(term.Category), codes.Purposes.Number(purpose)),
    ])
    {
    }

    private Provisions(IEnumerable<Provision> some)
    {
        all = [.. some];
        Array.Sort(Enumerable.Range(0, all.Length).Select(place => ((int)all[place].Term.Decision, all[place].Purpose, place)).ToArray(), all);
        permissions = Array.FindIndex(all, p => p.Term.Decision == TermDecision.Allowed) is >= 0 and var first ? first : all.Length;
        begins = new int[all.Length == permissions ? 1 : all[^1].Purpose + 2];
        for (var (purpose, at) = (0, permissions); purpose < begins.Length; purpose++)
        {
            while (at < all.Length && all[at].Purpose < purpose) at++;
            begins[purpose] = at;
        }
    }

    public ReadOnlySpan<Provision> All => all;

    public ReadOnlySpan<Provision> Forbidding => all.AsSpan(0, permissions);

    /// <summary>Those that permit something for a purpose.</summary>
    public ReadOnlySpan<Provision> Permitting(int purpose) => purpose + 1 < begins.Length ? all.AsSpan(begins[purpose]..begins[purpose + 1]) : [];

    public Provisions Without(IReadOnlyCollection<string> clauses) => new(all.Where(p => !clauses.Contains(p.Term.Clause)));
}

/// <summary>An agreement that has effect on a day, with the text that holds there for those whom it binds in one way.</summary>
/// <param name="Conflict">What its rule set says where a branch and a company settle the same matter.</param>
/// <param name="RestsOn">The rules of law by which it has effect for them on that day, where nobody has confirmed their text.</param>
internal sealed record AgreementOnTheDay(
    AgreementId Id, int Version, Level Level, Nature Nature, string RuleSet, ConflictRule Conflict, Provisions Provisions, IReadOnlyList<Warning> RestsOn);
