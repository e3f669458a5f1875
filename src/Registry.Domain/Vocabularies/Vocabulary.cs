namespace Registry.Domain.Vocabularies;

/// <summary>A tree of codes (a term may have two parents). Loading refuses a cycle, an orphan and a duplicate.</summary>
public sealed class Vocabulary
{
    private readonly Dictionary<string, VocabularyEntry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlySet<string>> ancestors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);
    private readonly string[] codes;
    private readonly int[][] above;
    private readonly int[][] givers;
    private readonly Lazy<bool[][]> covers;
    private readonly Lazy<bool[][]> inherits;

    public Vocabulary(string name, IReadOnlyList<VocabularyFile> files)
    {
        Name = name;
        Files = files;
        foreach (var entry in files.SelectMany(file => file.Terms))
        {
            if (!entries.TryAdd(entry.Code, entry)) throw new VocabularyException($"{name}: {entry.Code} stands twice");
        }
        foreach (var entry in entries.Values) (ancestors[entry.Code], numbers[entry.Code]) = (Climb(entry, []), numbers.Count);
        foreach (var entry in entries.Values.Where(entry => entry.ReplacedBy is { } next && !entries.ContainsKey(next)))
        {
            throw new VocabularyException($"{name}: {entry.Code} is replaced by {entry.ReplacedBy}, which is not there");
        }
        codes = [.. entries.Keys];
        above = [.. codes.Select(code => ancestors[code].Select(a => numbers[a]).Order().ToArray())];
        givers = [.. codes.Select(to => ancestors[to].Where(from => Inherits(from, to)).Select(a => numbers[a]).Order().ToArray())];
        (covers, inherits) = (new(() => Marked(above)), new(() => Marked(givers))); // large for large trees, and most are never asked
    }

    public string Name { get; }

    public IReadOnlyList<VocabularyFile> Files { get; }

    /// <summary>The terms that nothing stands above.</summary>
    public IEnumerable<string> Roots => entries.Values.Where(entry => entry.Parents.Count == 0).Select(entry => entry.Code);

    public IEnumerable<string> Codes => entries.Keys;

    public IEnumerable<VocabularyEntry> Entries => entries.Values;

    public VocabularyEntry? Find(string code) => entries.GetValueOrDefault(code);

    /// <summary>The code as it is answered: a replaced code is understood as its successor; null for an unknown one.</summary>
    public string? Current(string code) =>
        !entries.TryGetValue(code, out var entry) ? null : entry.ReplacedBy is { } next ? Current(next) : entry.Code;

    /// <summary>The code itself and everything above it, by every parent.</summary>
    public IReadOnlySet<string> AncestorsOrSelf(string code) => ancestors.GetValueOrDefault(code) ?? new HashSet<string> { code };

    public bool Covers(string wider, string narrower) => AncestorsOrSelf(narrower).Contains(wider);

    /// <summary>The place of a code that is held, for what is asked thousands of times a second.</summary>
    public int Number(string code) => numbers[code];

    public string CodeOf(int number) => codes[number];

    /// <summary>The code itself and everything above it.</summary>
    public ReadOnlySpan<int> Above(int code) => above[code];

    /// <summary>The same as marks, one at each code's number.</summary>
    public ReadOnlySpan<bool> MarksAbove(int code) => covers.Value[code];

    /// <summary>The codes from which a permission comes down to this one: those above it, unless something on the way must be named explicitly.</summary>
    public ReadOnlySpan<int> Givers(int code) => givers[code];

    /// <summary>The same as marks, one at each code's number.</summary>
    public ReadOnlySpan<bool> MarksOfGivers(int code) => inherits.Value[code];

    private bool Inherits(string from, string to) => !ancestors[to].Except(ancestors[from]).Any(code => entries[code].ExplicitOnly);

    /// <summary>For each code a row with a mark at each of its numbers.</summary>
    private static bool[][] Marked(int[][] numbers) => [.. numbers.Select(row =>
    {
        var marks = new bool[numbers.Length];
        foreach (var number in row) marks[number] = true;
        return marks;
    })];

    private HashSet<string> Climb(VocabularyEntry entry, HashSet<string> path)
    {
        if (!path.Add(entry.Code)) throw new VocabularyException($"{Name}: {entry.Code} is its own ancestor");
        var all = new HashSet<string>(StringComparer.Ordinal) { entry.Code };
        foreach (var parent in entry.Parents)
        {
            if (!entries.TryGetValue(parent, out var above)) throw new VocabularyException($"{Name}: {entry.Code} has no parent {parent}");
            all.UnionWith(Climb(above, path));
        }
        path.Remove(entry.Code);
        return all;
    }
}

public sealed class VocabularyException(string message) : Exception(message);
