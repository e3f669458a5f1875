using System.Security.Cryptography;
using System.Text.Json;
using FluentValidation;
using Registry.Domain.Agreements;
using Registry.Domain.Kernel;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;
using Registry.EventStore.Leaves;

namespace Registry.Application.Terms;

/// <summary>The shape of one clause.</summary>
internal sealed class DataTermShape : AbstractValidator<DataTerm>
{
    public DataTermShape()
    {
        RuleFor(t => t.Clause).Named(50);
        RuleFor(t => t.MaxRetention).Must(Shapes.IsDuration).WithErrorCode("invalid-duration");
        RuleFor(t => t.MinRetention).Must(Shapes.IsDuration).WithErrorCode("invalid-duration");
        RuleFor(t => t.MinGroup).InclusiveBetween(1, 1_000_000).WithErrorCode("number-out-of-range");
        RuleFor(t => t.LegalBasis!).AtMost(20);
        RuleFor(t => t.Recipients!).AtMost(50);
        RuleForEach(t => t.Recipients).Must(IsRecipient).WithErrorCode("invalid-recipient");
        RuleFor(t => t.Safeguards!).AtMost(50);
        RuleForEach(t => t.Safeguards).Must(s => s.Length is > 0 and <= 200).WithErrorCode("text-too-long");
        RuleFor(t => t.SubPurposes!).AtMost(100);
        RuleFor(t => t.Entitlements!.Portability!.Within).Must(Shapes.IsDuration).When(t => t.Entitlements?.Portability is not null).WithErrorCode("invalid-duration");
    }

    /// <summary>A kind of recipient, or one organisation by its id.</summary>
    public static bool IsRecipient(string recipient) =>
        recipient is "platform" or "insurer" or "publicBody" or "union" or "advertiser" or "researcher" || Guid.TryParseExact(recipient, "D", out _);
}

/// <summary>Turns posted terms into terms with current codes, passes the guards, and hashes them.</summary>
public static class TermReading
{
    public static (IReadOnlyList<DataTerm> Terms, Refusal? Refused) Read(IReadOnlyList<DataTerm> posted, Law law, AgreementScope scope, DateOnly today, string at = "/terms")
    {
        var codes = new CodeReading(law.Codes);
        var terms = posted.Select((term, index) => Current(term, $"{at}/{index}", codes)).ToList();
        return (terms, codes.Refused ?? TermGuards.Check(terms, law.Codes, law.Floors, scope, today, at));
    }

    /// <summary>SHA-256 over the RFC 8785 form of the terms as they are answered: 64 lower-case hexadecimal digits.</summary>
    public static string Hash(IReadOnlyList<DataTerm> terms) =>
        Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(JsonSerializer.SerializeToElement(terms, RegistryJson.Answered))));

    private static DataTerm Current(DataTerm term, string at, CodeReading codes) => term with
    {
        Category = codes.Category(term.Category, at + "/category").Code,
        Purpose = codes.Purpose(term.Purpose, at + "/purpose").Code,
        LegalBasis = term.LegalBasis is null ? null : CodeReading.Each(term.LegalBasis, at + "/legalBasis", codes.LegalBasis),
        SubPurposes = term.SubPurposes is null ? null : [.. CodeReading.Each(term.SubPurposes, at + "/subPurposes", codes.Purpose).Select(p => p.Code)],
    };
}
