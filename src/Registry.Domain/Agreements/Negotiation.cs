using Registry.Domain.Kernel;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;

namespace Registry.Domain.Agreements;

/// <summary>Turns at the table: what is proposed, by whom, and who takes it up.</summary>
public static class Negotiation
{
    /// <summary>More amendments than any agreement in force has; then it is time for a new one.</summary>
    private const int MostTexts = 200;

    public static Outcome<AgreementEvent> Open(Agreement? agreement, AgreementOpened opened) => agreement switch
    {
        not null => AgreementRefusals.Exists,
        _ when opened.Parties.All(p => p.Organisation != opened.By) => AgreementRefusals.OpenerIsNoParty,
        _ when opened.Parties.Select(p => p.Organisation).Distinct().Count() != opened.Parties.Count => AgreementRefusals.PartyTwice,
        _ when opened.Nature == Nature.Agreement && opened.Parties.Select(p => p.Side).Distinct().Count() != 2 => AgreementRefusals.TwoSides,
        _ when opened.Nature == Nature.Charter && opened.Parties.Select(p => p.Side).Distinct().Count() != 1 => AgreementRefusals.OneSide,
        _ => opened,
    };

    /// <summary>Tables a text. The same side may not table twice in a row: a negotiation is an exchange.</summary>
    public static Outcome<AgreementEvent> Table(Agreement? agreement, Sitting at, TabledText text) => agreement?.PartyOf(at.By) switch
    {
        null => Agreement.NotYours(agreement),
        _ when agreement!.Own is { IsAgreed: true } => AgreementRefusals.AlreadyAgreed,
        { } party when agreement.Nature == Nature.Agreement && agreement.Own?.Tabled.Side == party.Side => AgreementRefusals.NotYourTurn,
        { } party => new AgreementTextTabled(agreement.Id, text with { Version = agreement.LastVersion + 1, By = at.By, Side = party.Side }, at.At),
    };

    /// <summary>Accepts the last tabled text, and only with its hash: nobody agrees to what they did not read.</summary>
    public static Outcome<AgreementEvent> Accept(Agreement? agreement, Sitting at, int version, string hash)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        var side = agreement.PartyOf(at.By)?.Side ?? agreement.Signatories.FirstOrDefault(s => s.By == at.By)?.Side;
        if (side is null) return AgreementRefusals.NotAParty;
        if (agreement.Texts.LastOrDefault(t => t.Version == version && t.Tabled.TermsHash == hash) is not { } text) return AgreementRefusals.NotTheTabledText;
        if (agreement.HasMoved(text)) return AgreementRefusals.BaseHasMoved;
        if (text.Standing.Any(p => p.Organisation == at.By)) return Outcome<AgreementEvent>.Nothing;
        return !text.IsAgreed && text.Tabled.Side == side
            ? AgreementRefusals.OtherSideAccepts
            : new AgreementTextAccepted(agreement.Id, version, hash, at.By, side.Value, at.At);
    }

    /// <summary>
    /// Tables an amendment, or answers one. Its signatories revise an agreement; after their time any representative
    /// organisation may (CT L2261-7, L7343-40).
    /// </summary>
    /// <param name="agreement">In force, or to come into force.</param>
    /// <param name="at">Who tables it.</param>
    /// <param name="text">Its terms are the clauses that it sets; its hash is that of the whole text as it would then read.</param>
    /// <param name="from">The version that the whole text was read from.</param>
    /// <param name="removed">The clauses that it strikes.</param>
    /// <param name="weights">As measured today.</param>
    /// <param name="cycleEnded">The audience was measured anew since the signature.</param>
    public static Outcome<AgreementEvent> Amend(
        Agreement? agreement, Sitting at, TabledText text, int from, IReadOnlyList<string> removed, Weights weights, bool cycleEnded)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        if (agreement.Latest is not { } latest) return AgreementRefusals.NothingToAmend;
        if (MayRevise(agreement, at, weights, cycleEnded) is { } refused) return refused;
        if (agreement.StateOn(at.Today) is AgreementState.Expired or AgreementState.Ended) return AgreementRefusals.AgreementOver;
        if (latest.Version != from) return AgreementRefusals.BaseHasMoved;
        if (agreement.Texts.Count >= MostTexts) return AgreementRefusals.TooManyTexts;
        if (removed.Count == 0 && text is { Duration: null, Survival: null } && text.TermsHash == Hash(agreement, latest)) return AgreementRefusals.ChangesNothing;
        if (agreement.Nature == Nature.Agreement && agreement.Texts[^1] is { IsAgreed: false } answered && answered.Tabled.Side == at.Side) return AgreementRefusals.NotYourTurn;
        return new AgreementAmendmentTabled(agreement.Id, text with { Version = agreement.LastVersion + 1, By = at.By, Side = at.Side }, from, removed, at.At);
    }

    internal static Refusal? MayRevise(Agreement agreement, Sitting at, Weights weights, bool cycleEnded)
    {
        if (agreement.Signatories.Any(s => s.By == at.By)) return null;
        if (agreement.Nature == Nature.Charter) return AgreementRefusals.NotASignatory; // a unilateral act is its author's
        var rule = at.Rules.Revision(at.Today);
        if (!rule.IsOpen(agreement.Own!.SignedOn!.Value, at.Today, cycleEnded)) return AgreementRefusals.OnlySignatoriesRevise(rule.Source);
        return weights.IsRepresentative(at.Side, at.By) || (agreement.PartyOf(at.By) is not null && weights.Of(at.Side) is null)
            ? null
            : AgreementRefusals.NotRepresentative;
    }

    /// <summary>
    /// Mends how a text was written down. It reads so once every organisation that signed it has said the same, and from the day
    /// on which it came into force; a charter, which one organisation may mend alone, from today.
    /// </summary>
    /// <param name="agreement">With the text in question.</param>
    /// <param name="at">Who says so; an organisation that signed it.</param>
    /// <param name="version">The text.</param>
    /// <param name="clauses">Clauses of that text as they were meant.</param>
    /// <param name="hash">The hash of the whole text with them.</param>
    /// <param name="reason">What was written down wrongly.</param>
    public static Outcome<AgreementEvent> Rectify(
        Agreement? agreement, Sitting at, int version, IReadOnlyList<DataTerm> clauses, string hash, string reason)
    {
        if (agreement is null) return AgreementRefusals.Unknown;
        if (agreement.Texts.FirstOrDefault(t => t.Version == version && t.Deposit is not null) is not { } text) return AgreementRefusals.NotDeposited;
        if (text.Signatures.FirstOrDefault(s => s.By == at.By) is not { } signed) return AgreementRefusals.NotASignatory;
        var known = agreement.TermsOf(text).ToDictionary(t => t.Clause, StringComparer.Ordinal);
        if (clauses.FirstOrDefault(c => !known.ContainsKey(c.Clause)) is { } stranger) return AgreementRefusals.NoSuchClause("/clauses", stranger.Clause);
        if (hash == Hash(agreement, text)) return AgreementRefusals.ChangesNothing;
        var same = agreement.Corrections.Where(c => c.Version == version && c.TermsHash == hash).Select(c => c.By).ToHashSet();
        if (same.Contains(at.By)) return Outcome<AgreementEvent>.Nothing;
        var from = agreement.Nature == Nature.Charter ? at.Today : text.Deposit!.Validity.From;
        return text.Signatures.All(s => s.By == at.By || same.Contains(s.By))
            ? new AgreementRectified(agreement.Id, version, clauses, hash, from, at.By, at.At)
            : new AgreementRectificationAsked(agreement.Id, version, clauses, hash, reason, at.By, signed.Side, at.At);
    }

    /// <summary>The hash of a text as it reads; null where only its words tell.</summary>
    private static string? Hash(Agreement agreement, AgreementText text) =>
        text.Rectifications.Count > 0 ? text.Rectifications[^1].TermsHash : agreement.ReadsAsSigned(text) ? text.Tabled.TermsHash : null;
}
