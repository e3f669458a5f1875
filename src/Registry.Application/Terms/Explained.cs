using Registry.Domain.Calendars;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Terms;

/// <summary>Puts an answer into the shape of the contract, and into one sentence that a driver understands.</summary>
internal static class Explained
{
    public static DecisionView View(Answer answer, Question question, VocabularySet codes) => new(
        answer.Verdict, answer.MaxRetention?.Text, answer.MinRetention?.Text, answer.Recipients, answer.Safeguards, answer.MinGroup, answer.Generalisation,
        answer.LegalBases, answer.Obligations, Reasons(answer.Because), answer.Rule, Sentence(answer, question, codes), answer.Warnings, question.On, answer.Position);

    public static ReasonView[] Reasons(IReadOnlyList<Reason> because)
    {
        var shown = new ReasonView[because.Count];
        for (var i = 0; i < shown.Length; i++) shown[i] = new ReasonView(because[i].Agreement?.Value, because[i].Version, because[i].Clause, because[i].Level, because[i].Rule);
        return shown;
    }

    public static Bilingual Sentence(Answer answer, Question question, VocabularySet codes)
    {
        var (category, purpose) = (codes.DataCategories.Find(question.Category.Code)!.Label, codes.Purposes.Find(question.Purpose.Code)!.Label);
        var (enSubject, frSubject) = ($"“{category.En}” for “{purpose.En}”", $"« {category.Fr} » pour « {purpose.Fr} »");
        return answer.Rule switch
        {
            "law-floor" => new($"The law forbids the platform to use {enSubject}, and no agreement can permit it.", $"La loi interdit à la plateforme d'utiliser {frSubject}, et aucun accord ne peut le permettre."),
            "prohibition" => new($"An agreement forbids the platform to use {enSubject}.", $"Un accord interdit à la plateforme d'utiliser {frSubject}."),
            "silence" => new($"No agreement lets the platform use {enSubject}.", $"Aucun accord ne permet à la plateforme d'utiliser {frSubject}."),
            "not-bound" => new($"There is an agreement on {enSubject}, but it does not bind this platform: nothing is permitted by it here.", $"Un accord traite de {frSubject}, mais il ne lie pas cette plateforme : il ne lui permet rien."),
            "no-common-legal-basis" => new($"The agreements on {enSubject} name different legal bases: the parties must settle which one holds.", $"Les accords sur {frSubject} citent des bases légales différentes : aux parties de dire laquelle vaut."),
            "minimum-above-maximum" => new(
                $"The agreements on {enSubject} contradict each other: keep at least {Words(answer.MinRetention).En}, at most {Words(answer.MaxRetention).En}. The parties must settle it.",
                $"Les accords sur {frSubject} se contredisent : garder au moins {Words(answer.MinRetention).Fr}, au plus {Words(answer.MaxRetention).Fr}. Aux parties de trancher."),
            "recipient-not-listed" => new(
                $"The platform may use {enSubject}, but it was not agreed that {Recipient(question.Recipient!, "en")} may have it.",
                $"La plateforme peut utiliser {frSubject}, mais rien ne prévoit que {Recipient(question.Recipient!, "fr")} puisse les avoir."),
            "retention-above-maximum" => new(
                $"The platform may use {enSubject}, but keep it for at most {Words(answer.MaxRetention).En}, not {Words(question.Retention).En}.",
                $"La plateforme peut utiliser {frSubject}, mais pendant {Words(answer.MaxRetention).Fr} au plus, pas {Words(question.Retention).Fr}."),
            "retention-below-minimum" => new(
                $"The platform must keep {enSubject} for at least {Words(answer.MinRetention).En}: {Words(question.Retention).En} is too short.",
                $"La plateforme doit garder {frSubject} au moins {Words(answer.MinRetention).Fr} : {Words(question.Retention).Fr}, c'est trop court."),
            "group-below-minimum" => new(
                $"The platform may use {enSubject} only in figures about at least {answer.MinGroup} people.",
                $"La plateforme ne peut utiliser {frSubject} que dans des chiffres portant sur au moins {answer.MinGroup} personnes."),
            "mandate-not-accepted" => new($"The agreements permit {enSubject}, but the representative has not accepted your mandate yet.", $"Les accords permettent {frSubject}, mais votre mandat n'a pas encore été accepté."),
            "mandate-withdrawn" => new($"The agreements permit {enSubject}, but you withdrew your mandate.", $"Les accords permettent {frSubject}, mais vous avez retiré votre mandat."),
            "mandate-paused" => new($"The agreements permit {enSubject}, but you paused your mandate.", $"Les accords permettent {frSubject}, mais vous avez suspendu votre mandat."),
            "mandate-superseded" => new($"The agreements permit {enSubject}, but your mandate was replaced by a newer one.", $"Les accords permettent {frSubject}, mais votre mandat a été remplacé par un plus récent."),
            "mandate-renounced" => new($"The agreements permit {enSubject}, but your representative gave your mandate back.", $"Les accords permettent {frSubject}, mais votre représentant a renoncé à votre mandat."),
            "mandate-ended" => new($"The agreements permit {enSubject}, but the mandate has ended.", $"Les accords permettent {frSubject}, mais le mandat a pris fin."),
            "mandate-not-usable" => new($"The agreements permit {enSubject}, but this person's mandate does not hold.", $"Les accords permettent {frSubject}, mais le mandat de cette personne ne vaut pas."),
            "mandate-not-yet-valid" => new($"The agreements permit {enSubject}, but your mandate has not begun on that day.", $"Les accords permettent {frSubject}, mais votre mandat n'a pas commencé ce jour-là."),
            "mandate-expired" => new($"The agreements permit {enSubject}, but your mandate has run out by that day.", $"Les accords permettent {frSubject}, mais votre mandat a pris fin ce jour-là."),
            "mandate-other-controller" => new($"The agreements permit {enSubject}, but your mandate does not name this platform.", $"Les accords permettent {frSubject}, mais votre mandat ne nomme pas cette plateforme."),
            "mandate-other-purpose" => new($"The agreements permit {enSubject}, but your mandate does not name this purpose.", $"Les accords permettent {frSubject}, mais votre mandat ne nomme pas cette finalité."),
            "mandate-other-category" => new($"The agreements permit {enSubject}, but your mandate does not reach these data.", $"Les accords permettent {frSubject}, mais votre mandat ne porte pas sur ces données."),
            _ when answer.Verdict == Verdict.Allowed => Allowed(answer, enSubject, frSubject),
            _ => throw new InvalidOperationException($"{answer.Rule} has no sentence"),
        };
    }

    /// <summary>Which conditions hold, in the order in which somebody would ask: in which form, how long, for whom.</summary>
    private static Bilingual Allowed(Answer answer, string enSubject, string frSubject)
    {
        var others = answer.Recipients.Where(r => r != "platform").ToList();
        var (en, fr) = ($"The platform may use {enSubject}", $"La plateforme peut utiliser {frSubject}");
        if (answer.MinGroup is { } group) (en, fr) = ($"{en}, only in figures about at least {group} people", $"{fr}, seulement dans des chiffres portant sur au moins {group} personnes");
        var (least, most) = (Words(answer.MinRetention), Words(answer.MaxRetention));
        (en, fr) = (answer.MinRetention, answer.MaxRetention) switch
        {
            (null, null) => (en, fr),
            (null, _) => ($"{en}, keep it for at most {most.En}", $"{fr}, garder ces données {most.Fr} au plus"),
            (_, null) => ($"{en}, keep it for at least {least.En}", $"{fr}, garder ces données {least.Fr} au moins"),
            _ when least == most => ($"{en}, keep it for {most.En}", $"{fr}, garder ces données {most.Fr}"),
            _ => ($"{en}, keep it for at least {least.En} and at most {most.En}", $"{fr}, garder ces données au moins {least.Fr} et au plus {most.Fr}"),
        };
        return others.Count == 0
            ? new Bilingual($"{en}, and pass it on to nobody.", $"{fr}, et ne les transmettre à personne.")
            : new Bilingual($"{en}, and pass it on only to {Listed(others.Select(r => Recipient(r, "en")), "or")}.", $"{fr}, et ne les transmettre qu'à {Listed(others.Select(r => Recipient(r, "fr")), "ou")}.");
    }

    /// <summary><c>P1Y6M</c> is “1 year and 6 months”.</summary>
    public static Bilingual Words(Period? period)
    {
        if (period is null) return new("", "");
        var (en, fr) = (new List<string>(), new List<string>());
        var number = 0;
        foreach (var sign in period.Text.AsSpan(1))
        {
            if (char.IsAsciiDigit(sign))
            {
                number = number * 10 + (sign - '0');
                continue;
            }
            var (english, french) = sign switch { 'Y' => ("year", "an"), 'M' => ("month", "mois"), 'W' => ("week", "semaine"), _ => ("day", "jour") };
            en.Add($"{number} {english}{(number == 1 ? "" : "s")}");
            fr.Add($"{number} {french}{(number < 2 || french == "mois" ? "" : "s")}");
            number = 0;
        }
        return new(Listed(en, "and"), Listed(fr, "et"));
    }

    private static string Recipient(string recipient, string language) => (recipient, language) switch
    {
        ("platform", "en") => "the platform",
        ("platform", _) => "la plateforme",
        ("insurer", "en") => "an insurer",
        ("insurer", _) => "un assureur",
        ("publicBody", "en") => "a public body",
        ("publicBody", _) => "un organisme public",
        ("union", "en") => "a union",
        ("union", _) => "un syndicat",
        ("advertiser", "en") => "an advertiser",
        ("advertiser", _) => "un annonceur",
        ("researcher", "en") => "a researcher",
        ("researcher", _) => "un chercheur",
        (_, "en") => "one organisation that it names",
        _ => "une organisation qu'il nomme",
    };

    private static string Listed(IEnumerable<string> parts, string and)
    {
        var all = parts.ToList();
        return all.Count < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} {and} {all[^1]}";
    }
}
