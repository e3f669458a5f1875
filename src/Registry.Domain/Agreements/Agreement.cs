using System.Diagnostics;
using Registry.Domain.Kernel;

namespace Registry.Domain.Agreements;

/// <summary>The facts of a bargain that a decision reads. What only depends on a date is computed for that date.</summary>
public sealed record Agreement(
    AgreementId Id, string RuleSet, Nature Nature, AgreementScope Scope, IReadOnlyList<Party> Parties, TabledText? Tabled,
    IReadOnlySet<OrganisationId> Standing, TabledText? Agreed, IReadOnlyList<AgreementSigned> Signatures, DateOnly? NotifiedOn,
    DateOnly? OppositionUntil, IReadOnlyList<AgreementOppositionReceived> Oppositions, AgreementDeposited? Deposit, bool Elsewhere)
    : IEvolve<Agreement, AgreementEvent>
{
    public bool IsSigned => Signatures.Any(s => s.Sufficient);

    public bool IsOpposed => Oppositions.Any(o => o.Blocking);

    public Party? PartyOf(OrganisationId organisation) => Parties.FirstOrDefault(p => p.Organisation == organisation);

    public static Agreement? Evolve(Agreement? agreement, AgreementEvent happened) => happened switch
    {
        AgreementOpened e => new(e.Agreement, e.RuleSet, e.Nature, e.Scope, e.Parties, null, Nobody, null, [], null, null, [], null, false),
        AgreementTextTabled e => agreement!.With(e.Text),
        AgreementTextAccepted e => agreement!.StandsBy(e.By),
        AgreementSigned e => agreement! with { Signatures = [.. agreement.Signatures, e] },
        AgreementNotified e => agreement! with { NotifiedOn = e.NotifiedOn, OppositionUntil = e.OppositionUntil },
        AgreementOppositionReceived e => agreement! with { Oppositions = [.. agreement.Oppositions, e] },
        AgreementDeposited e => agreement! with { Deposit = e },
        AgreementRecordedElsewhere e =>
            new(e.Agreement, e.RuleSet, Nature.Agreement, e.Scope, [], null, Nobody, null, [], null, null, [], null, true),
        _ => throw new UnreachableException($"Agreement has no arm for {happened.GetType().Name}"),
    };

    public static Outcome<AgreementEvent> Open(Agreement? agreement, AgreementOpened opened) => agreement switch
    {
        not null => AgreementRefusals.Exists,
        _ when opened.Parties.All(p => p.Organisation != opened.By) => AgreementRefusals.OpenerIsNoParty,
        _ when opened.Parties.Select(p => p.Organisation).Distinct().Count() != opened.Parties.Count => AgreementRefusals.PartyTwice,
        _ when opened.Nature == Nature.Agreement && opened.Parties.Select(p => p.Side).Distinct().Count() != 2 => AgreementRefusals.TwoSides,
        _ when opened.Nature == Nature.Charter && opened.Parties.Select(p => p.Side).Distinct().Count() != 1 => AgreementRefusals.OneSide,
        _ => opened,
    };

    /// <summary>An agreement concluded elsewhere is written down, not negotiated here.</summary>
    public static Outcome<AgreementEvent> Record(Agreement? agreement, AgreementRecordedElsewhere recorded) =>
        agreement is null ? recorded : AgreementRefusals.Exists;

    /// <summary>Tables a text. The same side may not table twice in a row: a negotiation is an exchange.</summary>
    public static Outcome<AgreementEvent> Table(Agreement? agreement, OrganisationId by, TabledText text, DateTimeOffset at) =>
        agreement?.PartyOf(by) switch
        {
            null => NotYours(agreement),
            _ when agreement!.Agreed is not null => AgreementRefusals.AlreadyAgreed,
            { } party when agreement.Nature == Nature.Agreement && agreement.Tabled?.Side == party.Side => AgreementRefusals.NotYourTurn,
            { } party => new AgreementTextTabled(
                agreement.Id, text with { Version = (agreement.Tabled?.Version ?? 0) + 1, By = by, Side = party.Side }, at),
        };

    /// <summary>Accepts the last tabled text, and only with its hash: nobody agrees to what they did not read.</summary>
    public static Outcome<AgreementEvent> Accept(Agreement? agreement, OrganisationId by, int version, string hash, DateTimeOffset at) =>
        agreement?.PartyOf(by) switch
        {
            null => NotYours(agreement),
            _ when agreement!.Tabled is null || agreement.Tabled.Version != version || agreement.Tabled.TermsHash != hash
                => AgreementRefusals.NotTheTabledText,
            _ when agreement.Standing.Contains(by) => Outcome<AgreementEvent>.Nothing,
            { } party when agreement.Agreed is null && agreement.Tabled.Side == party.Side => AgreementRefusals.OtherSideAccepts,
            { } party => new AgreementTextAccepted(agreement.Id, version, hash, by, party.Side, at),
        };

    private static HashSet<OrganisationId> Nobody => [];

    internal static Refusal NotYours(Agreement? agreement) => agreement is null ? AgreementRefusals.Unknown : AgreementRefusals.NotAParty;

    private Agreement With(TabledText text)
    {
        var tabled = this with { Tabled = text, Standing = new HashSet<OrganisationId> { text.By } };
        return Nature == Nature.Charter ? tabled with { Agreed = text } : tabled;
    }

    /// <summary>Consensus: an organisation of each side stands by the same text.</summary>
    private Agreement StandsBy(OrganisationId organisation)
    {
        var standing = new HashSet<OrganisationId>(Standing) { organisation };
        var sides = Parties.Where(p => standing.Contains(p.Organisation)).Select(p => p.Side).Distinct().Count();
        return this with { Standing = standing, Agreed = Agreed ?? (sides == 2 ? Tabled : null) };
    }
}
