using System.Diagnostics;
using System.Globalization;
using MediatR;
using Registry.Application.Organisations;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Agreements;

/// <summary>What happened to an agreement, in plain words.</summary>
public sealed record ReadHistory(Guid Agreement) : IRequest<Reply<Page<HappenedView>>>;

/// <param name="Position">Its place in the log.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="On">The day to which the law attaches it.</param>
/// <param name="What">The event's name.</param>
/// <param name="By">The organisation that acted; never a person (CT L2231-5-1).</param>
/// <param name="Version">The text that it concerns.</param>
/// <param name="Text">One sentence.</param>
public sealed record HappenedView(long Position, DateTimeOffset RecordedAt, DateOnly On, string What, Guid? By, int? Version, Bilingual Text);

public sealed class ReadHistoryHandler(AgreementStory story, Readings readings) : IRequestHandler<ReadHistory, Reply<Page<HappenedView>>>
{
    public async Task<Reply<Page<HappenedView>>> Handle(ReadHistory q, CancellationToken ct)
    {
        var told = await story.Of(q.Agreement, ct);
        if (told.Count == 0) return AgreementRefusals.Unknown;
        var actors = told.Select(t => PlainWords.By(t.Event)?.Value).OfType<Guid>().Distinct().ToArray();
        var names = (await readings.Query<OrganisationView>("by_ids", [actors], ct)).ToDictionary(r => r.View!.Id, r => r.View!.Name);
        return new Page<HappenedView>([.. told.Select(t => Happened(t, names))], null);
    }

    private static HappenedView Happened(Told told, Dictionary<Guid, string> names)
    {
        var by = PlainWords.By(told.Event)?.Value;
        return new HappenedView(
            told.Position, told.RecordedAt, told.On, ViewCatalogue.StreamType(told.Event.GetType()), by, PlainWords.Version(told.Event),
            PlainWords.Of(told.Event, by is { } id ? names.GetValueOrDefault(id, id.ToString()) : ""));
    }
}

/// <summary>One sentence an event, in English and French. An event without a sentence is a bug that the first reading shows.</summary>
public static class PlainWords
{
    private static readonly string[] French = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

    /// <param name="happened">The event.</param>
    /// <param name="by">The name of the organisation that acted.</param>
    public static Bilingual Of(AgreementEvent happened, string by) => happened switch
    {
        AgreementOpened => new($"{by} opened the negotiation.", $"{by} a ouvert la négociation."),
        AgreementTextTabled e => new($"{by} tabled text {e.Text.Version}: {Count(e.Text.Terms.Count, "clause")}.", $"{by} a proposé le texte {e.Text.Version} : {Count(e.Text.Terms.Count, "clause")}."),
        AgreementAmendmentTabled e => new(
            $"{by} tabled amendment {e.Text.Version} to text {e.Base}: {Count(e.Text.Terms.Count, "clause")} set, {e.Removed.Count} struck.",
            $"{by} a proposé l'avenant {e.Text.Version} au texte {e.Base} : {Count(e.Text.Terms.Count, "clause fixée", "clauses fixées")}, {Count(e.Removed.Count, "supprimée")}."),
        AgreementTextAccepted e => new($"{by} accepted text {e.Version}.", $"{by} a accepté le texte {e.Version}."),
        AgreementSigned e => new(
            $"{by} signed text {e.Version}. The signatures weigh {Percent(e.WorkersShare)} of the workers' side: {(e.Sufficient ? "enough" : "not enough yet")}.",
            $"{by} a signé le texte {e.Version}. Les signatures pèsent {Pour(e.WorkersShare)} du côté des travailleurs : {(e.Sufficient ? "c'est assez" : "ce n'est pas encore assez")}."),
        AgreementNotified e => e.OppositionUntil is { } until
            ? new($"{by} notified the signed text on {En(e.NotifiedOn)}; it can be opposed until {En(until)}.", $"{by} a notifié le texte signé le {Fr(e.NotifiedOn)} ; opposition possible jusqu'au {Fr(until)} inclus.")
            : new($"{by} notified the signed text on {En(e.NotifiedOn)}.", $"{by} a notifié le texte signé le {Fr(e.NotifiedOn)}."),
        AgreementOppositionReceived e => new(
            $"{by} opposed on {En(e.ReceivedOn)}, with reasons. Oppositions weigh {Percent(e.Share)}: {(e.Blocking ? "the text falls" : "not enough")}.",
            $"{by} s'est opposée le {Fr(e.ReceivedOn)}, de façon motivée. Les oppositions pèsent {Pour(e.Share)} : {(e.Blocking ? "le texte tombe" : "ce n'est pas assez")}."),
        AgreementDeposited e => new(
            $"{by} deposited the text on {En(e.DepositedOn)}: in force from {En(e.Validity.From)}{(e.Validity.To is { } end ? $", until {En(end.AddDays(-1))} included" : ", without end")}.",
            $"{by} a déposé le texte le {Fr(e.DepositedOn)} : en vigueur à compter du {Fr(e.Validity.From)}{(e.Validity.To is { } fin ? $", jusqu'au {Fr(fin.AddDays(-1))} inclus" : ", sans terme")}."),
        AgreementRectificationAsked e => new($"{by} asked for a correction of text {e.Version}.", $"{by} a demandé une rectification du texte {e.Version}."),
        AgreementRectified e => new(
            $"{by} agreed to the correction of text {e.Version}; it reads so from {En(e.From)} on.", $"{by} a accepté la rectification du texte {e.Version} ; il se lit ainsi depuis le {Fr(e.From)}."),
        AgreementDenounced { Suspended: true } e => new(
            $"{by} denounced the agreement on {En(e.DepositedOn)}. A signatory of its side has lost its representativeness: without effect until its authors weigh more than half.",
            $"{by} a dénoncé l'accord le {Fr(e.DepositedOn)}. Un signataire de son côté a perdu sa représentativité : sans effet tant que ses auteurs ne pèsent pas plus de la moitié."),
        AgreementDenounced e => new(
            $"{by} denounced the agreement on {En(e.DepositedOn)}. Notice ends on {En(e.NoticeEnds)}; {(e.Whole ? "the agreement" : "for its author it")} survives {(e.SurvivesUntil is { } last ? $"until {En(last)} at the latest" : "without end")}.",
            $"{by} a dénoncé l'accord le {Fr(e.DepositedOn)}. Le préavis expire le {Fr(e.NoticeEnds)} ; {(e.Whole ? "l'accord survit" : "pour son auteur il survit")} {(e.SurvivesUntil is { } dernier ? $"au plus tard jusqu'au {Fr(dernier)}" : "sans terme")}."),
        AgreementSubstituted e => new($"Another agreement takes its place from {En(e.From)} on.", $"Un autre accord s'y substitue à compter du {Fr(e.From)}."),
        AgreementExtensionNoticed e => new(
            $"{by} gave notice on {En(e.NoticeOn)} of the extension of text {e.Version}; it can be opposed until {En(e.OppositionUntil)}.",
            $"{by} a publié le {Fr(e.NoticeOn)} l'avis d'extension du texte {e.Version} ; opposition possible jusqu'au {Fr(e.OppositionUntil)} inclus."),
        AgreementExtensionOpposed e => new(
            $"{by} opposed the extension on {En(e.ReceivedOn)}. Oppositions weigh {Percent(e.Share)}: {(e.Blocking ? "it cannot be granted" : "not enough")}.",
            $"{by} s'est opposée à l'extension le {Fr(e.ReceivedOn)}. Les oppositions pèsent {Pour(e.Share)} : {(e.Blocking ? "elle ne peut être accordée" : "ce n'est pas assez")}."),
        AgreementExtensionDecided { Granted: false } => new($"{by} refused the extension.", $"{by} a refusé l'extension."),
        AgreementExtensionDecided e => new(
            $"{by} extended the text to everybody in its scope from {En(e.EffectiveFrom!.Value)} on{(e.ExcludedClauses.Count == 0 ? "" : $", without {string.Join(", ", e.ExcludedClauses)}")}.",
            $"{by} a étendu le texte à tout son champ à compter du {Fr(e.EffectiveFrom.Value)}{(e.ExcludedClauses.Count == 0 ? "" : $", hors {string.Join(", ", e.ExcludedClauses)}")}."),
        AgreementRecordedElsewhere e => new(
            $"{by} recorded an agreement concluded elsewhere on {En(e.ConcludedOn)}.", $"{by} a enregistré un accord conclu ailleurs le {Fr(e.ConcludedOn)}."),
        _ => throw new UnreachableException($"PlainWords has no sentence for {happened.GetType().Name}"),
    };

    public static OrganisationId? By(AgreementEvent happened) => happened switch
    {
        AgreementOpened e => e.By,
        AgreementTextTabled e => e.Text.By,
        AgreementAmendmentTabled e => e.Text.By,
        AgreementTextAccepted e => e.By,
        AgreementSigned e => e.By,
        AgreementNotified e => e.By,
        AgreementOppositionReceived e => e.By,
        AgreementDeposited e => e.By,
        AgreementRectificationAsked e => e.By,
        AgreementRectified e => e.By,
        AgreementDenounced e => e.By,
        AgreementExtensionNoticed e => e.By,
        AgreementExtensionOpposed e => e.By,
        AgreementExtensionDecided e => e.By,
        AgreementRecordedElsewhere e => e.By,
        AgreementSubstituted => null,
        _ => throw new UnreachableException($"PlainWords knows nobody behind {happened.GetType().Name}"),
    };

    public static int? Version(AgreementEvent happened) => happened switch
    {
        AgreementTextTabled e => e.Text.Version,
        AgreementAmendmentTabled e => e.Text.Version,
        AgreementTextAccepted e => e.Version,
        AgreementSigned e => e.Version,
        AgreementNotified e => e.Version,
        AgreementOppositionReceived e => e.Version,
        AgreementDeposited e => e.Version,
        AgreementRectificationAsked e => e.Version,
        AgreementRectified e => e.Version,
        AgreementExtensionNoticed e => e.Version,
        _ => null,
    };

    private static string Count(int number, string one, string? many = null) => $"{number} {(number <= 1 ? one : many ?? one + "s")}";

    private static string Percent(decimal share) => share.ToString("0.00", CultureInfo.InvariantCulture) + " %";

    private static string Pour(decimal share) => Percent(share).Replace('.', ',');

    private static string En(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string Fr(DateOnly day) => $"{(day.Day == 1 ? "1er" : day.Day.ToString(CultureInfo.InvariantCulture))} {French[day.Month - 1]} {day.Year}";
}
