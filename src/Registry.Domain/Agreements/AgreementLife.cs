using Registry.Domain.Calendars;
using Registry.Domain.Kernel;

namespace Registry.Domain.Agreements;

public enum AgreementState
{
    Draft,
    Proposed,
    CounterProposed,
    Consensus,
    Signed,
    Notified,
    Opposed,
    Valid,
    Deposited,
    InForce,
    Expired,
    Denounced,
    Notice,
    Surviving,
    Ended,
}

/// <summary>What only depends on a date. Effect dates never roll; nothing here waits for a job.</summary>
public static class AgreementLife
{
    /// <summary>The state on a day, of the facts that are given; acts of a later day are to be left out of them.</summary>
    public static AgreementState StateOn(this Agreement agreement, DateOnly day)
    {
        if (agreement.Elsewhere is { } recorded) return recorded.Validity is { } said ? Dated(said, day) : AgreementState.Signed;
        if (agreement.Own is not { } text) return AgreementState.Draft;
        if (agreement.ValidityOn(day) is not { } validity) return text.StateOn(day);
        if (day >= validity.From && agreement.Ending() is { } ending && day >= ending.DepositedOn)
        {
            if (day > agreement.EndOf(ending)) return AgreementState.Ended;
            if (day == ending.DepositedOn) return AgreementState.Denounced;
            return day <= ending.NoticeEnds ? AgreementState.Notice : AgreementState.Surviving;
        }
        return Dated(validity, day);
    }

    /// <summary>How far one text came towards its deposit.</summary>
    public static AgreementState StateOn(this AgreementText text, DateOnly day) => text switch
    {
        { IsAgreed: false } => text.Turn == 1 ? AgreementState.Proposed : AgreementState.CounterProposed,
        { IsOpposed: true } => AgreementState.Opposed,
        { Deposit: not null } => AgreementState.Deposited,
        { Notified: { } notified } => notified.OppositionUntil is { } until && day <= until ? AgreementState.Notified : AgreementState.Valid,
        { IsSigned: true } => AgreementState.Signed,
        _ => AgreementState.Consensus,
    };

    /// <summary>From the entry into force to the end of the term on that day; a term that renews itself goes on from year to year.</summary>
    public static Validity? ValidityOn(this Agreement agreement, DateOnly day)
    {
        if (agreement.Elsewhere is { } recorded) return recorded.Validity;
        if (agreement.Latest?.Deposit is not { } last) return null;
        var (from, to) = (agreement.Own!.Deposit!.Validity.From, last.Validity.To);
        return new Validity(from, to is { } end && last.Renews is { } period ? Renewed(end, Period.Parse(period)!, day, agreement.Ending()) : to);
    }

    /// <summary>The text that holds on a day; before any came into force the one that was agreed first.</summary>
    public static AgreementText? TextOn(this Agreement agreement, DateOnly day) =>
        agreement.Texts.LastOrDefault(t => t.InEffect(day)) ?? (agreement.Own is { IsAgreed: true } own ? own : null);

    /// <summary>The denunciation that ended it for everybody.</summary>
    public static AgreementDenounced? Ending(this Agreement agreement) => agreement.Denunciations.FirstOrDefault(d => d.Whole);

    /// <summary>The last day on which it has effect for the author of a denunciation; null without an end (CT L2261-10, -11).</summary>
    public static DateOnly? EndOf(this Agreement agreement, AgreementDenounced denounced) => agreement.SubstitutedBy switch
    {
        null => denounced.SurvivesUntil,
        { From: var from } when from <= denounced.DepositedOn => denounced.NoticeEnds,
        { From: var from } => denounced.SurvivesUntil < from ? denounced.SurvivesUntil : from.AddDays(-1),
    };

    /// <summary>It has effect: in force, in notice or surviving.</summary>
    public static bool HasEffect(this AgreementState state) =>
        state is AgreementState.InForce or AgreementState.Denounced or AgreementState.Notice or AgreementState.Surviving;

    /// <summary>The signatories that it binds on a day: those whose own denunciation has not run out.</summary>
    public static IEnumerable<AgreementSigned> BoundOn(this Agreement agreement, DateOnly day)
    {
        var gone = agreement.Denunciations.Where(d => d.Suspended is null && day > agreement.EndOf(d) && !agreement.SignedSince(d)).Select(d => d.By).ToHashSet();
        var held = agreement.Texts.Where(t => t.InEffect(day)).SelectMany(t => t.Signatures).DistinctBy(s => s.By).ToList();
        return (held.Count > 0 ? held : agreement.Own?.Signatures ?? []).Where(s => !gone.Contains(s.By));
    }

    /// <summary>Its author has signed again since: an amendment that came to its deposit.</summary>
    public static bool SignedSince(this Agreement agreement, AgreementDenounced denounced) =>
        agreement.Texts.Any(t => t.Deposit is not null && t.Signatures.Any(s => s.By == denounced.By && s.SignedOn > denounced.DepositedOn));

    /// <summary>What the text of a day says of its survival; an amendment that is silent leaves what stood.</summary>
    public static string? SurvivalOn(this Agreement agreement, DateOnly day) =>
        agreement.Texts.LastOrDefault(t => t.InEffect(day) && t.Tabled.Survival is not null)?.Tabled.Survival;

    /// <summary>How far one text came: once deposited it lives as long as its agreement.</summary>
    public static AgreementState StateOf(this Agreement agreement, AgreementText text, DateOnly day) =>
        text.Deposit is not { } deposit || day < deposit.Validity.From ? text.StateOn(day)
        : agreement.StateOn(day) is AgreementState.Expired or AgreementState.Ended ? agreement.StateOn(day) : AgreementState.InForce;

    /// <summary>The extension that holds on a day, and ends with its agreement.</summary>
    public static Extension? ExtensionOn(this Agreement agreement, DateOnly day) => agreement.Extensions.LastOrDefault(x => x.InEffect(day));

    /// <summary>The day from which nothing of it has effect any more; null where none is known.</summary>
    public static DateOnly? OverFrom(this Agreement agreement)
    {
        if (agreement.Ending() is { } ending) return agreement.EndOf(ending)?.AddDays(1);
        return agreement.Latest?.Deposit?.Renews is null ? agreement.Elsewhere?.Validity?.To ?? agreement.Latest?.Deposit?.Validity.To : null;
    }

    private static AgreementState Dated(Validity validity, DateOnly day) =>
        day < validity.From ? AgreementState.Deposited : validity.To <= day ? AgreementState.Expired : AgreementState.InForce;

    /// <summary>Each term is counted from the first end, so that no short month shortens the next (ET 86.2).</summary>
    private static DateOnly Renewed(DateOnly end, Period by, DateOnly day, AgreementDenounced? ending)
    {
        var (reached, times) = (end, 0);
        while (reached <= day && (ending is null || reached <= ending.NoticeEnds) && times < 500)
        {
            times++;
            reached = end.AddMonths(by.Months * times).AddDays(by.Days * times);
        }
        return reached;
    }
}
