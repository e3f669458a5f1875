using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.Organisations;
using Registry.Domain.RuleSets;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Mandates;

/// <summary>Turns what was asked into a deed with current codes, and refuses codes and organisations that do not exist.</summary>
public sealed class DeedReading(Readings readings, MandateReadings mandates, KnownOrganisations organisations, Law law, LegalTime clock)
{
    public async Task<(MandateDeed? Deed, Refusal? Refused)> Read(MandateAsked asked, MemberRef member, OrganisationId representative, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var who = await organisations.Find(representative.Value, readings, ct);
        var today = clock.Today(who?.Country ?? "EU");
        if (who is null) codes.Refuse(OrganisationRefusals.NotThere("/representative", representative.Value));
        else if (!who.Kind.IsRepresentative()) codes.Refuse(OrganisationRefusals.WrongKind("/representative", who.Kind.ToString()));
        else if (await mandates.DissolvedOn(representative, ct) <= today) codes.Refuse(OrganisationRefusals.Dissolved("/representative"));
        var scopes = new List<Scope>();
        foreach (var (scope, index) in asked.Scopes.Select((scope, index) => (scope, index))) scopes.Add(await Scope(scope, $"/scopes/{index}", codes, ct));
        var language = asked.Language ?? (who?.Country == "FR" ? "fr" : "en");
        var text = MandateTexts.InForce(law, language, asked.TextVersion, asked.Evidence?.CapturedOn ?? today); // what was in force when it was signed
        if (text is null) codes.Refuse(MandateRefusals.UnknownText);
        foreach (var (index, substitute) in (asked.SubDelegates ?? []).Index())
        {
            if (await organisations.Find(substitute, readings, ct) is not { } known) codes.Refuse(OrganisationRefusals.NotThere($"/subDelegates/{index}", substitute));
            else if (!known.Kind.IsRepresentative()) codes.Refuse(OrganisationRefusals.WrongKind($"/subDelegates/{index}", known.Kind.ToString()));
        }
        if (MandatePolicy.OfAge(asked.Born, asked.Guardian, today) is { } tooYoung) codes.Refuse(tooYoung);
        if (codes.Refused is { } refused) return (null, refused);
        return (new MandateDeed(
            member, representative, scopes, asked.Validity, asked.MayReceiveResponse ?? false, asked.Exclusive ?? true,
            [.. (asked.SubDelegates ?? []).Select(s => new OrganisationId(s))], language, text!.Version, asked.Guardian, asked.Evidence, MandateTexts.HashOf(text)), null);
    }

    private async Task<Scope> Scope(ScopeAsked asked, string at, CodeReading codes, CancellationToken ct)
    {
        foreach (var (controller, index) in asked.Controllers.Select((controller, index) => (controller, index)))
        {
            var pointer = $"{at}/controllers/{index}";
            if (await organisations.Find(controller, readings, ct) is not { } known) codes.Refuse(OrganisationRefusals.NotThere(pointer, controller));
            else if (!known.Kind.IsController()) codes.Refuse(OrganisationRefusals.WrongKind(pointer, known.Kind.ToString()));
        }
        return new Scope(
            new ScopeId(NewIds.Secret()), [.. asked.Rights.Distinct()],
            [.. CodeReading.Each(asked.Categories, at + "/categories", codes.Category).Select(c => c.Code)],
            [.. CodeReading.Each(asked.Purposes, at + "/purposes", codes.Purpose).Select(p => p.Code)],
            [.. asked.Controllers.Distinct().Select(c => new OrganisationId(c))]);
    }
}
