using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Terms;

namespace Registry.Application.Agreements;

public sealed record PartyView(Guid Organisation, Side Side);

public sealed record TabledView(int Version, string TermsHash, IReadOnlyList<DataTerm> Terms, Guid By);

public sealed record SignatureView(Guid Organisation, Side Side, DateOnly SignedOn);

public sealed record ShareView(decimal? Workers, decimal? Platforms);

public sealed record OppositionView(DateOnly Until, decimal Share);

/// <summary>Whom it binds: its signatories and their members, until it is extended.</summary>
public sealed record BindingView(IReadOnlyList<Guid> Signatories, DateOnly? ExtendedFrom, IReadOnlyList<string> ExcludedClauses);

/// <summary>Where and when an agreement was concluded elsewhere.</summary>
public sealed record ElsewhereView(DateOnly ConcludedOn, string LegalBasis, string? Reference, string? DocumentHash);

/// <summary>An agreement as the public reads it. What only depends on a date is computed by <see cref="On"/>.</summary>
public sealed record AgreementView(
    Guid Id, string Title, string RuleSet, Level Level, Nature Nature, AgreementScope Scope, IReadOnlyList<PartyView> Parties, string State,
    int? Version, string? TermsHash, IReadOnlyList<DataTerm>? Terms, TabledView? Tabled, string? Duration, IReadOnlyList<SignatureView> Signatures,
    ShareView? Share, DateOnly? NotifiedOn, OppositionView? Opposition, DateOnly? DepositedOn, Validity? Validity, ElsewhereView? Elsewhere,
    [Kept] IReadOnlyList<Guid> Standing, [Kept] string? TabledDuration) : IEvolve<AgreementView, AgreementEvent>, IIdentified
{
    /// <summary>Last day of the notice; null while nobody denounced.</summary>
    public DateOnly? NoticeEnds { get; init; }

    /// <summary>Last day of the survival; null while nobody denounced.</summary>
    public DateOnly? SurvivesUntil { get; init; }

    public BindingView Binding => new([.. Signatures.Select(s => s.Organisation)], null, []);

    public static AgreementView? Evolve(AgreementView? view, AgreementEvent happened) => happened switch
    {
        AgreementOpened e => new(
            e.Agreement.Value, e.Title, e.RuleSet, e.Level, e.Nature, e.Scope, [.. e.Parties.Select(p => new PartyView(p.Organisation.Value, p.Side))],
            "draft", null, null, null, null, null, [], null, null, null, null, null, null, [], null),
        AgreementTextTabled e => view!.Tables(e.Text),
        AgreementTextAccepted e => view!.StandsBy(e.By.Value),
        AgreementSigned e => view! with
        {
            State = view.State == "consensus" && e.Sufficient ? "signed" : view.State, // after the notification it only adds a name
            Signatures = [.. view.Signatures, new SignatureView(e.By.Value, e.Side, e.SignedOn)],
            Share = new ShareView(Shown(e.WorkersShare), Shown(e.PlatformsShare)),
        },
        AgreementNotified e => view! with
        {
            State = "notified", NotifiedOn = e.NotifiedOn,
            Opposition = e.OppositionUntil is { } until ? new OppositionView(until, view.Opposition?.Share ?? 0m) : null,
        },
        AgreementOppositionReceived e => view! with
        {
            State = e.Blocking ? "opposed" : view.State, Opposition = view.Opposition! with { Share = Shown(e.Share)!.Value },
        },
        AgreementDeposited e => view! with { State = "deposited", DepositedOn = e.DepositedOn, Validity = e.Validity },
        AgreementRecordedElsewhere e => new(
            e.Agreement.Value, e.Title, e.RuleSet, e.Level, Nature.Agreement, e.Scope, [], e.Validity is null ? "signed" : "deposited", null, null, null, null,
            null, [], null, null, null, null, e.Validity, new ElsewhereView(e.ConcludedOn, e.LegalBasis, e.Reference, e.DocumentHash), [], null),
        _ => view,
    };

    /// <summary>The state on a day; nothing depends on a job having run.</summary>
    public AgreementView On(DateOnly day) => this with
    {
        State = State switch
        {
            "notified" when Opposition is null || day > Opposition.Until => "valid",
            "deposited" when Validity!.To <= day => "expired",
            "deposited" when Validity!.From <= day => "inForce",
            _ => State,
        },
    };

    private static decimal? Shown(decimal? share) => share is { } value ? decimal.Round(value, 2, MidpointRounding.ToEven) : null;

    private AgreementView Tables(TabledText text)
    {
        var tabled = this with
        {
            State = Tabled is null ? "proposed" : "counterProposed",
            Tabled = new TabledView(text.Version, text.TermsHash, text.Terms, text.By.Value), Standing = [text.By.Value], TabledDuration = text.Duration,
        };
        return Nature == Nature.Charter ? tabled.Agrees() : tabled;
    }

    private AgreementView StandsBy(Guid organisation)
    {
        var standing = this with { Standing = [.. Standing, organisation] };
        var sides = Parties.Where(p => standing.Standing.Contains(p.Organisation)).Select(p => p.Side).Distinct().Count();
        return Terms is null && sides == 2 ? standing.Agrees() : standing;
    }

    private AgreementView Agrees() => this with
    {
        State = "consensus", Version = Tabled!.Version, TermsHash = Tabled.TermsHash, Terms = Tabled.Terms, Duration = TabledDuration,
    };
}
