using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.Terms;

namespace Registry.Application.Agreements;

public sealed record PartyView(Guid Organisation, Side Side);

public sealed record TabledView(int Version, string TermsHash, IReadOnlyList<DataTerm> Terms, Guid By);

public sealed record SignatureView(Guid Organisation, Side Side, DateOnly SignedOn);

public sealed record ShareView(decimal? Workers, decimal? Platforms);

public sealed record OppositionView(DateOnly Until, decimal Share);

/// <summary>Whom it binds on the day: signatories whose own denunciation has not run out, their members, and everybody where it was extended.</summary>
public sealed record BindingView(IReadOnlyList<Guid> Signatories, DateOnly? ExtendedFrom, IReadOnlyList<string> ExcludedClauses);

/// <summary>One text: the agreement's own or an amendment, and how far it came.</summary>
public sealed record TextView(
    int Version, int? Base, AgreementState State, string TermsHash, Guid By, string? Duration, IReadOnlyList<SignatureView> Signatures, ShareView? Share,
    DateOnly? NotifiedOn, OppositionView? Opposition, DateOnly? DepositedOn, Validity? Validity, bool Rectified);

/// <summary>One signatory's denunciation; suspended, it frees nobody until its side's authors weigh enough (CT L7343-41 II).</summary>
public sealed record DenunciationView(Guid Organisation, Side Side, DateOnly DepositedOn, DateOnly NoticeEnds, DateOnly? SurvivesUntil, bool Whole, bool Suspended);

public sealed record ExtensionView(
    int Number, int Version, DateOnly NoticeOn, OppositionView Opposition, bool? Granted, DateOnly? EffectiveFrom, IReadOnlyList<string> ExcludedClauses, string? Reference);

/// <summary>A correction that some signatories asked for and not yet all.</summary>
public sealed record CorrectionView(int Version, string TermsHash, IReadOnlyList<DataTerm> Clauses, Guid By);

/// <summary>Where and when an agreement was concluded elsewhere.</summary>
public sealed record ElsewhereView(DateOnly ConcludedOn, string LegalBasis, string? Reference, string? DocumentHash);

/// <summary>An agreement as the public reads it on a day. Negotiators are never named (CT L2231-5-1): parties are organisations.</summary>
public sealed record AgreementView(
    Guid Id, string Title, string RuleSet, Level Level, Nature Nature, AgreementScope Scope, IReadOnlyList<PartyView> Parties, AgreementState State, int? Version,
    string? TermsHash, IReadOnlyList<DataTerm>? Terms, TabledView? Tabled, string? Duration, string? Survival, IReadOnlyList<SignatureView> Signatures, ShareView? Share,
    DateOnly? NotifiedOn, OppositionView? Opposition, DateOnly? DepositedOn, Validity? Validity, BindingView Binding, DateOnly? NoticeEnds, DateOnly? SurvivesUntil,
    IReadOnlyList<TextView> Amendments, IReadOnlyList<DenunciationView> Denunciations, IReadOnlyList<ExtensionView> Extensions, IReadOnlyList<CorrectionView> Corrections,
    Guid? Substitutes, Guid? SubstitutedBy, ElsewhereView? Elsewhere, DateOnly AsOf);

/// <summary>Reads the facts of an agreement on a day.</summary>
public static class AgreementReading
{
    public static AgreementView On(this Agreement a, DateOnly day)
    {
        var (own, text, validity, ending) = (a.Own, a.TextOn(day), a.ValidityOn(day), a.Ending());
        var terms = text is null ? null : a.TermsOf(text);
        var tabled = a.Texts.Count > 0 ? a.Texts[^1] : null;
        return new AgreementView(
            a.Id.Value, a.Title, a.RuleSet, a.Level, a.Nature, a.Scope, [.. a.Parties.Select(p => new PartyView(p.Organisation.Value, p.Side))],
            a.StateOn(day), text?.Version, text is null ? null : HashOf(a, text, terms!), terms,
            tabled is null ? null : new TabledView(tabled.Version, tabled.Tabled.TermsHash, a.TermsOf(tabled with { Rectifications = [] }), tabled.Tabled.By.Value),
            own is { IsAgreed: true } ? text?.Tabled.Duration ?? own.Tabled.Duration : null, own is { IsAgreed: true } ? a.SurvivalOn(day) ?? own.Tabled.Survival : null,
            Signatures(own), Share(own), own?.Notified?.NotifiedOn, Opposition(own), own?.Deposit?.DepositedOn, validity, Binding(a, day),
            ending?.NoticeEnds, ending is null ? null : a.EndOf(ending), [.. a.Texts.Skip(1).Select(t => Text(a, t, day))],
            [.. a.Denunciations.Select(d => new DenunciationView(d.By.Value, d.Side, d.DepositedOn, d.NoticeEnds, a.EndOf(d), d.Whole, d.Suspended ?? false))],
            [.. a.Extensions.Select(Extension)],
            [.. a.Corrections.Select(c => new CorrectionView(c.Version, c.TermsHash, c.Clauses, c.By.Value))],
            a.Substitutes?.Value, a.SubstitutedBy?.Substitute.Value,
            a.Elsewhere is { } e ? new ElsewhereView(e.ConcludedOn, e.LegalBasis, e.Reference, e.DocumentHash) : null, day);
    }

    public static TextView Text(Agreement a, AgreementText text, DateOnly day) => new(
        text.Version, text.Base, a.StateOf(text, day), HashOf(a, text, null), text.Tabled.By.Value, text.Tabled.Duration, Signatures(text), Share(text),
        text.Notified?.NotifiedOn, Opposition(text), text.Deposit?.DepositedOn, text.Deposit?.Validity, text.Rectifications.Count > 0);

    /// <summary>What was signed, or the hash of what it reads as since it was rectified.</summary>
    private static string HashOf(Agreement a, AgreementText text, IReadOnlyList<DataTerm>? terms) =>
        a.ReadsAsSigned(text) ? text.Tabled.TermsHash : Registry.Application.Terms.TermReading.Hash(terms ?? a.TermsOf(text));

    private static BindingView Binding(Agreement a, DateOnly day)
    {
        var extension = a.ExtensionOn(day);
        var everybody = a.Own?.Deposit is { ErgaOmnes: true } deposit && deposit.Validity.From <= day ? deposit.Validity.From : (DateOnly?)null;
        return new BindingView(
            [.. a.BoundOn(day).Select(s => s.By.Value)], extension?.Decision!.EffectiveFrom ?? everybody, extension?.Decision!.ExcludedClauses ?? []);
    }

    private static ExtensionView Extension(Extension x) => new(
        x.Notice.Number, x.Notice.Version, x.Notice.NoticeOn, new OppositionView(x.Notice.OppositionUntil, x.Oppositions.Count > 0 ? Shown(x.Oppositions[^1].Share)!.Value : 0.00m),
        x.Decision?.Granted, x.Decision?.EffectiveFrom, x.Decision?.ExcludedClauses ?? [], x.Decision?.Reference);

    private static IReadOnlyList<SignatureView> Signatures(AgreementText? text) =>
        [.. (text?.Signatures ?? []).Select(s => new SignatureView(s.By.Value, s.Side, s.SignedOn))];

    private static ShareView? Share(AgreementText? text) =>
        text?.Signatures is { Count: > 0 } signed ? new ShareView(Shown(signed[^1].WorkersShare), Shown(signed[^1].PlatformsShare)) : null;

    private static OppositionView? Opposition(AgreementText? text) => text?.Notified?.OppositionUntil is { } until
        ? new OppositionView(until, text.Oppositions.Count > 0 ? Shown(text.Oppositions[^1].Share)!.Value : 0.00m)
        : null;

    /// <summary>With two decimals, also where they are noughts.</summary>
    private static decimal? Shown(decimal? share) => share is { } value ? decimal.Round(value, 2, MidpointRounding.ToEven) + 0.00m : null;
}
