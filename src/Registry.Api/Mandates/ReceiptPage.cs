using System.Globalization;
using System.Text.Encodings.Web;
using QRCoder;
using Registry.Application;
using Registry.Application.Mandates;
using Registry.Domain.Mandates;

namespace Registry.Api.Mandates;

/// <summary>A receipt as a page to print, in the language of the mandate.</summary>
internal static class ReceiptPage
{
    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
        h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:1.5rem 0 .3rem}header{display:flex;gap:1.5rem;justify-content:space-between;align-items:flex-start}
        header svg{width:9.5rem;height:9.5rem;flex:none}dl{display:grid;grid-template-columns:minmax(9rem,auto) 1fr;gap:.2rem 1rem;margin:0}
        dt{color:#555}dd{margin:0}ul{margin:0;padding-left:1.1rem}section{break-inside:avoid}.state{font-weight:600}
        code{font:12px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}footer{margin-top:2rem;border-top:1px solid #ccc;padding-top:.8rem;font-size:.9rem;color:#444}
        @media(max-width:34rem){header{flex-direction:column}dl{grid-template-columns:1fr}dt{margin-top:.4rem}}@page{margin:18mm}@media print{body{margin:0 auto}}
        """;

    private static readonly string[] Months = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    public static string Of(Receipt receipt)
    {
        var (fr, deed) = (receipt.Mandate.Deed.Language == "fr", receipt.Mandate.Deed);
        string Say(string english, string french) => Safe(fr ? french : english);
        string Name(Guid id) => Safe(receipt.Names[id]);
        string Listed(IEnumerable<string> items) => $"<ul>{string.Concat(items.Select(i => $"<li>{i}</li>"))}</ul>";
        var scopes = receipt.Mandate.Scopes.Select((held, index) => $"""
            <section><h2>{Say("Object", "Objet")} {index + 1}{(held.State == ScopeState.Live || held.From > DateOnly.FromDateTime(receipt.Acts[^1].At.UtcDateTime) ? "" : $" – {State(held.State, fr)}")}</h2><dl>
            <dt>{Say("Rights", "Droits")}</dt><dd>{Listed(held.Scope.Rights.Select(r => Right(r, fr)))}</dd>
            <dt>{Say("Data", "Données")}</dt><dd>{Listed(held.Scope.Categories.Select(c => Word(receipt, c, fr)))}</dd>
            <dt>{Say("Purposes", "Finalités")}</dt><dd>{Listed(held.Scope.Purposes.Select(p => Word(receipt, p, fr)))}</dd>
            <dt>{Say("Platforms or employers", "Plateformes ou employeurs")}</dt><dd>{Listed(held.Scope.Controllers.Select(c => Name(c.Value)))}</dd></dl></section>
            """);
        string Objects(ReceiptAct act) => act.Scopes is not { } some || some.Count == receipt.Mandate.Scopes.Count ? ""
            : $" – {Say("object", "objet")} {string.Join(", ", receipt.Mandate.Scopes.Index().Where(s => some.Contains(s.Item.Scope.Id)).Select(s => s.Index + 1))}";
        var acts = receipt.Acts.Select(act => $"<li>{Safe(When(act, fr))} – {Act(act, fr)}{Objects(act)}{(act.On is { } on && Told(act.Event, fr) is { } told ? $" ({told} {Safe(Day(act.Event == "mandate_renewed" ? on.AddDays(-1) : on, fr))})" : "")}</li>");
        return $$"""
            <!doctype html><html lang="{{(fr ? "fr" : "en")}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
            <title>{{Say("Receipt of a mandate", "Reçu de mandat")}}</title><style>{{Style}}</style>
            <header><div><h1>{{Say("Receipt of a mandate", "Reçu de mandat")}}</h1>
            <p>{{Say("What was agreed to, and every change since. Keep it: it proves your consent and how it ended.", "Ce qui a été consenti, et chaque changement depuis. Conservez-le : il prouve votre consentement et sa fin.")}}</p></div>{{Qr(receipt)}}</header>
            <dl><dt>{{Say("Representative", "Représentant")}}</dt><dd>{{Name(deed.Representative.Value)}}</dd>
            <dt>{{Say("From", "À compter du")}}</dt><dd>{{Day(receipt.Mandate.Validity.From, fr)}}</dd><dt>{{Say("Last day", "Dernier jour")}}</dt><dd>{{Day(receipt.Mandate.Validity.To!.Value.AddDays(-1), fr)}}</dd>
            <dt>{{Say("Answers go to", "Réponses adressées à")}}</dt><dd>{{(deed.MayReceiveResponse ? Say("the representative", "votre représentant") : Say("you", "vous"))}}</dd>
            <dt>{{Say("Text signed", "Texte signé")}}</dt><dd>{{Safe(deed.TextVersion)}} <code>{{Safe(deed.TextHash ?? "")}}</code></dd></dl>
            {{string.Concat(scopes)}}
            <section><h2>{{Say("What happened", "Historique")}}</h2><ul>{{string.Concat(acts)}}</ul></section>
            <footer>{{Say("You can withdraw at any time, in one step, without giving a reason (GDPR Art. 7(3)).", "Vous pouvez retirer ce mandat à tout moment, en une étape, sans motif (RGPD art. 7(3)).")}}<br>
            {{Say("Mandate", "Mandat")}} <code>{{receipt.Mandate.Id}}</code><br>{{Say("Receipt", "Reçu")}} <code>{{receipt.Id}}</code><br>SHA-256 <code>{{receipt.Sha256}}</code><br>
            {{Say("The code holds both. The SHA-256 is that of the same receipt as JSON-LD (ISO/IEC TS 27560, W3C DPV).", "Le code contient les deux. L'empreinte SHA-256 est celle du même reçu en JSON-LD (ISO/IEC TS 27560, W3C DPV).")}}</footer></html>
            """;
    }

    /// <summary>What the code says: <c>urn:uuid:ID#sha256=HEX</c>.</summary>
    public static string CodeOf(Receipt receipt) => $"urn:uuid:{receipt.Id}#sha256={receipt.Sha256}";

    private static string Qr(Receipt receipt)
    {
        using var data = QRCodeGenerator.GenerateQrCode(CodeOf(receipt), QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(4, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }

    private static string Safe(string text) => Encoder.Encode(text);

    private static string Word(Receipt receipt, string code, bool fr) => Safe(fr ? receipt.Words[code].Fr : receipt.Words[code].En);

    private static string When(ReceiptAct act, bool fr) => act.Event is "mandate_superseded" or "mandate_supersession_lifted"
        ? Day(DateOnly.FromDateTime(act.At.UtcDateTime), fr)
        : $"{Day(DateOnly.FromDateTime(act.At.UtcDateTime), fr)}{(fr ? " à " : " at ")}{act.At.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC";

    private static string Day(DateOnly day, bool fr) => fr ? $"{day.Day}{(day.Day == 1 ? "er" : "")} {Months[day.Month - 1]} {day.Year}" : day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string State(ScopeState state, bool fr) => Safe((state, fr) switch
    {
        (ScopeState.Withdrawn, true) => "retiré",
        (ScopeState.Withdrawn, _) => "withdrawn",
        (_, true) => "remplacé",
        _ => "replaced",
    });

    private static string Right(MandateRight right, bool fr) => Safe((right, fr) switch
    {
        (MandateRight.Access, true) => "Accès (RGPD art. 15)",
        (MandateRight.Access, _) => "Access (GDPR Art. 15)",
        (MandateRight.Portability, true) => "Portabilité (RGPD art. 20)",
        (MandateRight.Portability, _) => "Portability (GDPR Art. 20)",
        (MandateRight.Complain, true) => "Réclamation (RGPD art. 77)",
        (MandateRight.Complain, _) => "Complaint (GDPR Art. 77)",
        (_, true) => "Réparation (RGPD art. 82)",
        _ => "Compensation (GDPR Art. 82)",
    });

    private static string Act(ReceiptAct act, bool fr) => Safe((act.Event, fr) switch
    {
        ("mandate_granted", true) => "accordé par vous",
        ("mandate_granted", _) => "granted by you",
        ("mandate_recorded", true) => "enregistré par votre représentant sur preuve",
        ("mandate_recorded", _) => "recorded by your representative on evidence",
        ("mandate_accepted", true) => "accepté par votre représentant",
        ("mandate_accepted", _) => "accepted by your representative",
        ("mandate_withdrawn", true) => act.By == "member" ? "retiré par vous" : "retiré, selon votre représentant",
        ("mandate_withdrawn", _) => act.By == "member" ? "withdrawn by you" : "withdrawn, as your representative recorded",
        ("mandate_entrusted", true) => "confié à un substitut que vous aviez désigné",
        ("mandate_entrusted", _) => "entrusted to a substitute whom you had named",
        ("mandate_taken_back", true) => "repris par votre représentant",
        ("mandate_taken_back", _) => "taken back by your representative",
        ("mandate_paused", true) => "suspendu",
        ("mandate_paused", _) => "paused",
        ("mandate_resumed", true) => "repris",
        ("mandate_resumed", _) => "resumed",
        ("mandate_renewed", true) => "renouvelé",
        ("mandate_renewed", _) => "renewed",
        ("mandate_superseded", true) => "remplacé par un mandat plus récent",
        ("mandate_superseded", _) => "replaced by a newer mandate",
        ("mandate_supersession_lifted", true) => "remplacement annulé",
        ("mandate_supersession_lifted", _) => "replacement lifted",
        ("mandate_renounced", true) => "refusé ou rendu par votre représentant",
        ("mandate_renounced", _) => "declined or given back by your representative",
        (_, true) => "terminé",
        _ => "ended",
    });

    /// <summary>What the day of an act means; null where it adds nothing.</summary>
    private static string? Told(string stored, bool fr) => stored switch
    {
        "mandate_withdrawn" => fr ? "reçu le" : "received on",
        "mandate_superseded" => fr ? "à compter du" : "from",
        "mandate_renewed" => fr ? "jusqu'au" : "until",
        "mandate_ended" => fr ? "le" : "on",
        _ => null,
    };
}
