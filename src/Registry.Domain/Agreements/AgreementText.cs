using Registry.Domain.Kernel;
using Registry.Domain.Terms;

namespace Registry.Domain.Agreements;

/// <summary>
/// One text on its way: the agreement's own or an amendment, from the table to its deposit. Each passes the same tests
/// (CT L2261-7, L7343-40); an amendment rests on the text that was deposited last when it was tabled.
/// </summary>
/// <param name="Turn">1 for the first proposal of its round, more for what answers it.</param>
/// <param name="Base">The version that an amendment rests on; null for the agreement's own text.</param>
/// <param name="Tabled">The last text tabled in this round; an amendment's terms are the clauses that it sets.</param>
/// <param name="Removed">The clauses that an amendment strikes.</param>
/// <param name="Standing">Who stands by the tabled text.</param>
/// <param name="IsAgreed">An organisation of each side stands by it; from then on nothing else is tabled in this round.</param>
public sealed record AgreementText(
    int Turn, int? Base, TabledText Tabled, IReadOnlyList<string> Removed, IReadOnlyList<Party> Standing, bool IsAgreed,
    IReadOnlyList<AgreementSigned> Signatures, AgreementNotified? Notified, IReadOnlyList<AgreementOppositionReceived> Oppositions,
    AgreementDeposited? Deposit, IReadOnlyList<AgreementRectified> Rectifications)
{
    /// <summary>How often what it rests on had been rectified when it was tabled.</summary>
    public int BaseMended { get; init; }

    public int Version => Tabled.Version;

    public bool IsSigned => Signatures.Any(s => s.Sufficient);

    public bool IsOpposed => Oppositions.Any(o => o.Blocking);

    /// <summary>The day on which the rule set's test was met.</summary>
    public DateOnly? SignedOn => Signatures.FirstOrDefault(s => s.Sufficient)?.SignedOn;

    public bool InEffect(DateOnly day) => Deposit?.Validity.From <= day;

    internal static AgreementText At(int turn, TabledText text, int? from, IReadOnlyList<string> removed, bool agreed) =>
        new(turn, from, text, removed, [new Party(text.By, text.Side)], agreed, [], null, [], null, []);

    internal bool Signed(OrganisationId by) => Signatures.Any(s => s.By == by);
}

/// <summary>How clauses are replaced, one by one: in their place where they stood, at the end where they are new.</summary>
public static class Clauses
{
    public static IReadOnlyList<DataTerm> Apply(IReadOnlyList<DataTerm> text, IReadOnlyList<DataTerm> set, IReadOnlyList<string> removed)
    {
        var changed = set.ToDictionary(t => t.Clause, StringComparer.Ordinal);
        var kept = text.Where(t => !removed.Contains(t.Clause)).ToList();
        var known = kept.Select(t => t.Clause).ToHashSet(StringComparer.Ordinal);
        return [.. kept.Select(t => changed.GetValueOrDefault(t.Clause, t)), .. set.Where(t => !known.Contains(t.Clause))];
    }

    /// <summary>The clauses that are struck where a text is put in the place of another one.</summary>
    public static IReadOnlyList<string> Difference(IReadOnlyList<DataTerm> from, IReadOnlyList<DataTerm> to) =>
        [.. from.Select(t => t.Clause).Except(to.Select(t => t.Clause))];
}
