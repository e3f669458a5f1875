using Registry.Domain.Agreements;
using Registry.Domain.Kernel;

namespace Registry.Domain.Terms;

/// <summary>A platform's membership of an organisation, half-open.</summary>
public sealed record Membership(OrganisationId Organisation, DateOnly From, DateOnly? To);

/// <summary>How an agreement stands towards one platform on a day: bound as a signatory, through its organisation, or by extension.</summary>
public static class Standing
{
    public static AgreementOnTheDay Of(Agreement agreement, DateOnly day, OrganisationId platform, IReadOnlyList<Membership> memberships)
    {
        var text = agreement.TextOn(day)!;
        var (terms, everybody) = (agreement.TermsOf(text), agreement.Own!.Deposit!.ErgaOmnes == true);
        if (everybody || agreement.BoundOn(day).Any(s => Binds(s, day, platform, memberships))) return new(agreement.Id, text.Version, agreement.Level, terms, true);
        if (agreement.ExtensionOn(day) is not { } extension) return new(agreement.Id, text.Version, agreement.Level, terms, false);
        // Who signed nothing is bound by the text that was extended, without what the decision left out (CT L2261-15, L7343-49).
        var extended = agreement.Texts.First(t => t.Version == extension.Notice.Version);
        return new(agreement.Id, extended.Version, agreement.Level,
            [.. agreement.TermsOf(extended).Where(t => !extension.Decision!.ExcludedClauses.Contains(t.Clause))], true);
    }

    /// <summary>As signatory, or as a member of a signatory on or after its signature: leaving frees nobody (CT L7343-42).</summary>
    private static bool Binds(AgreementSigned signature, DateOnly day, OrganisationId platform, IReadOnlyList<Membership> memberships) =>
        signature.By == platform
        || signature.Side == Side.Platforms && memberships.Any(m => m.Organisation == signature.By && m.From <= day && (m.To is null || m.To > signature.SignedOn));
}
