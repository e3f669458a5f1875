namespace Registry.Domain.Agreements;

/// <summary>The day to which the law attaches an act, where it is another than that of its recording.</summary>
public static class LegalDays
{
    /// <param name="happened">The act.</param>
    /// <param name="recordedOn">The day on which it was recorded, where the act is due.</param>
    public static DateOnly DayOf(AgreementEvent happened, DateOnly recordedOn) => happened switch
    {
        AgreementSigned e => e.SignedOn,
        AgreementNotified e => e.NotifiedOn,
        AgreementOppositionReceived e => e.ReceivedOn,
        AgreementDeposited e => e.DepositedOn,
        AgreementDenounced e => e.DepositedOn,
        AgreementSubstituted e => e.DepositedOn,
        AgreementExtensionNoticed e => e.NoticeOn,
        AgreementExtensionOpposed e => e.ReceivedOn,
        AgreementExtensionDecided e => e.EffectiveFrom < e.DecidedOn ? e.EffectiveFrom.Value : e.DecidedOn,
        AgreementRectified e => e.From < recordedOn ? e.From : recordedOn,
        AgreementRecordedElsewhere e => e.ConcludedOn < recordedOn ? e.ConcludedOn : recordedOn,
        _ => recordedOn,
    };
}
