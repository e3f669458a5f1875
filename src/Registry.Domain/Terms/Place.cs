using Registry.Domain.RuleSets;

namespace Registry.Domain.Terms;

/// <summary>The agreements that name one sector and one territory, and which of them deal with what.</summary>
internal sealed class Place
{
    private readonly Dictionary<(int Category, int Purpose), List<KnownAgreement>> permitting = [];
    private readonly Dictionary<(int Category, int Purpose), List<KnownAgreement>> forbidding = [];

    public Place(IReadOnlyList<KnownAgreement> all)
    {
        (All, Open) = (all, [.. all.Where(a => a.MayBindAnybody)]);
        foreach (var agreement in all)
        {
            foreach (var (term, category, purpose) in agreement.Ever)
            {
                var of = term.Decision == TermDecision.Allowed ? permitting : forbidding;
                if (!of.TryGetValue((category, purpose), out var known)) of[(category, purpose)] = known = [];
                if (known.Count == 0 || known[^1] != agreement) known.Add(agreement);
            }
        }
    }

    public IReadOnlyList<KnownAgreement> All { get; }

    /// <summary>Those that may bind a platform which signed nothing.</summary>
    public IReadOnlyList<KnownAgreement> Open { get; }

    /// <summary>Every category and purpose that some term names.</summary>
    public IEnumerable<(int Category, int Purpose)> Subjects => permitting.Keys.Concat(forbidding.Keys);

    /// <summary>Adds those that deal with what is asked, in any text that was ever deposited.</summary>
    public void AddSpeaking(int category, int purpose, Law law, ref List<KnownAgreement>? found)
    {
        foreach (var giver in law.Codes.DataCategories.Givers(category)) Add(permitting, (giver, purpose), ref found);
        if (forbidding.Count == 0) return;
        foreach (var wider in law.Codes.DataCategories.Above(category))
        {
            foreach (var above in law.Codes.Purposes.Above(purpose)) Add(forbidding, (wider, above), ref found);
        }
    }

    private static void Add(Dictionary<(int, int), List<KnownAgreement>> of, (int, int) subject, ref List<KnownAgreement>? found)
    {
        if (of.TryGetValue(subject, out var known)) (found ??= []).AddRange(known);
    }
}
