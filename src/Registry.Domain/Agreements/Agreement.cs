using System.Diagnostics;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;

namespace Registry.Domain.Agreements;

/// <summary>Who sits at the table, on which day and under which law.</summary>
public sealed record Sitting(OrganisationId By, Side Side, RuleSet Rules, HolidayCalendar Calendar, DateOnly Today, DateTimeOffset At);

/// <summary>An extension to those who signed nothing: of which text, and what became of it.</summary>
public sealed record Extension(
    AgreementExtensionNoticed Notice, IReadOnlyList<AgreementExtensionOpposed> Oppositions, AgreementExtensionDecided? Decision)
{
    public bool IsOpposed => Oppositions.Any(o => o.Blocking);

    public bool InEffect(DateOnly day) => Decision is { Granted: true } && Decision.EffectiveFrom <= day;
}

/// <summary>The facts of a bargain. What only depends on a date is computed for that date, by <see cref="AgreementLife"/>.</summary>
public sealed record Agreement(
    AgreementId Id, string Title, string RuleSet, Nature Nature, AgreementScope Scope, Level Level, IReadOnlyList<Party> Parties,
    IReadOnlyList<AgreementText> Texts, IReadOnlyList<AgreementDenounced> Denunciations, IReadOnlyList<Extension> Extensions,
    IReadOnlyList<AgreementRectificationAsked> Corrections, AgreementId? Substitutes, AgreementSubstituted? SubstitutedBy, AgreementRecordedElsewhere? Elsewhere)
    : IEvolve<Agreement, AgreementEvent>
{
    /// <summary>The agreement's own text; null while nobody tabled one.</summary>
    public AgreementText? Own => Texts.Count > 0 ? Texts[0] : null;

    /// <summary>The text that was deposited last: what an amendment rests on.</summary>
    public AgreementText? Latest => Texts.LastOrDefault(t => t.Deposit is not null);

    /// <summary>Who signed a text that came to its deposit.</summary>
    public IEnumerable<AgreementSigned> Signatories => Texts.Where(t => t.Deposit is not null).SelectMany(t => t.Signatures).DistinctBy(s => s.By);

    public int LastVersion => Texts.Count == 0 ? 0 : Texts.Max(t => t.Version);

    public Party? PartyOf(OrganisationId organisation) => Parties.FirstOrDefault(p => p.Organisation == organisation);

    /// <summary>The text of a version that was agreed on; the last such one where none is named.</summary>
    public AgreementText? Agreed(int? version = null) => Texts.LastOrDefault(t => t.IsAgreed && (version is null || t.Version == version));

    /// <summary>A text as it reads in full, with what it rests on and what was rectified.</summary>
    public IReadOnlyList<DataTerm> TermsOf(AgreementText text)
    {
        var under = text.Base is { } version ? TermsOf(Texts.First(t => t.Version == version)) : [];
        return text.Rectifications.Aggregate(Clauses.Apply(under, text.Tabled.Terms, text.Removed), (terms, mended) => Clauses.Apply(terms, mended.Clauses, []));
    }

    /// <summary>The full text's hash was signed; it is still that of what the text says unless it, or what it rests on, was rectified.</summary>
    public bool ReadsAsSigned(AgreementText text) =>
        text.Rectifications.Count == 0 && (text.Base is not { } version || ReadsAsSigned(Texts.First(t => t.Version == version)));

    /// <summary>What an amendment rests on was rectified since it was tabled: it would no longer read as its hash says.</summary>
    public bool HasMoved(AgreementText text) => text.Base is { } version && Mended(version) != text.BaseMended;

    private int Mended(int version)
    {
        var text = Texts.First(t => t.Version == version);
        return text.Rectifications.Count + (text.Base is { } under ? Mended(under) : 0);
    }

    public static Agreement? Evolve(Agreement? agreement, AgreementEvent happened) => happened switch
    {
        AgreementOpened e => new(e.Agreement, e.Title, e.RuleSet, e.Nature, e.Scope, e.Level, e.Parties, [], [], [], [], e.Substitutes, null, null),
        AgreementTextTabled e => agreement! with { Texts = [AgreementText.At((agreement.Own?.Turn ?? 0) + 1, e.Text, null, [], agreement.Nature == Nature.Charter)] },
        AgreementAmendmentTabled e => agreement!.Amended(e),
        AgreementTextAccepted e => agreement!.Change(e.Version, text => StoodBy(text, new Party(e.By, e.Side))),
        AgreementSigned e => agreement!.Change(e.Version, text => text with { Signatures = [.. text.Signatures, e with { Signature = null }] }),
        AgreementNotified e => agreement!.Change(e.Version, text => text with { Notified = e }),
        AgreementOppositionReceived e => agreement!.Change(e.Version, text => text with { Oppositions = [.. text.Oppositions, e with { Reason = "" }] }),
        AgreementDeposited e => agreement!.Change(e.Version, text => text with { Deposit = e }),
        AgreementRectificationAsked e => agreement! with { Corrections = [.. agreement.Corrections.Where(c => c.By != e.By), e with { Reason = "" }] },
        AgreementRectified e => agreement!.Change(e.Version, text => text with { Rectifications = [.. text.Rectifications, e] }) with { Corrections = [.. agreement!.Corrections.Where(c => c.Version != e.Version)] },
        AgreementDenounced e => agreement! with { Denunciations = [.. agreement.Denunciations, e] },
        AgreementSubstituted e => agreement! with { SubstitutedBy = agreement.SubstitutedBy is { } first && first.From <= e.From ? first : e },
        AgreementExtensionNoticed e => agreement! with { Extensions = [.. agreement.Extensions, new Extension(e, [], null)] },
        AgreementExtensionOpposed e => agreement!.Change(e.Number, x => x with { Oppositions = [.. x.Oppositions, e with { Reason = "" }] }),
        AgreementExtensionDecided e => agreement!.Change(e.Number, x => x with { Decision = e }),
        AgreementRecordedElsewhere e =>
            new(e.Agreement, e.Title, e.RuleSet, Nature.Agreement, e.Scope, e.Level, [], [], [], [], [], null, null, e),
        _ => throw new UnreachableException($"Agreement has no arm for {happened.GetType().Name}"),
    };

    /// <summary>An agreement concluded elsewhere is written down, not negotiated here.</summary>
    public static Outcome<AgreementEvent> Record(Agreement? agreement, AgreementRecordedElsewhere recorded) =>
        agreement is null ? recorded : AgreementRefusals.Exists;

    internal static Refusal NotYours(Agreement? agreement) => agreement is null ? AgreementRefusals.Unknown : AgreementRefusals.NotAParty;

    private Agreement Change(int? version, Func<AgreementText, AgreementText> change)
    {
        var changed = Agreed(version) is { } agreed && version is null ? agreed.Version : version ?? 0;
        return this with { Texts = [.. Texts.Select(t => t.Version == changed ? change(t) : t)] };
    }

    private Agreement Change(int number, Func<Extension, Extension> change) =>
        this with { Extensions = [.. Extensions.Select(x => x.Notice.Number == number ? change(x) : x)] };

    /// <summary>A counter-proposal takes the place of the amendment that it answers; after a consensus another round begins.</summary>
    private Agreement Amended(AgreementAmendmentTabled e)
    {
        var answers = Texts[^1] is { IsAgreed: false };
        var text = AgreementText.At(answers ? Texts[^1].Turn + 1 : 1, e.Text, e.Base, e.Removed, Nature == Nature.Charter) with { BaseMended = Mended(e.Base) };
        return this with { Texts = [.. Texts.Take(answers ? Texts.Count - 1 : Texts.Count), text] };
    }

    /// <summary>Consensus: an organisation of each side stands by the same text.</summary>
    private static AgreementText StoodBy(AgreementText text, Party party)
    {
        Party[] standing = [.. text.Standing, party];
        return text with { Standing = standing, IsAgreed = text.IsAgreed || standing.Select(p => p.Side).Distinct().Count() == 2 };
    }
}
