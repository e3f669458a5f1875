using System.Globalization;
using Registry.Application.Agreements;
using Registry.Domain.Agreements;
using Registry.Domain.Calendars;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.RuleSets;
using Registry.Domain.Terms;
using Registry.Domain.Vocabularies;

namespace Registry.Application.Terms;

/// <summary>Answers questions: today and later from what this node has read of the log, other days and states of knowledge from the streams.</summary>
public sealed class Deciding(FreshTerms fresh, TermsThen then, MandatesAsked mandates, Law law, LegalTime clock)
{
    public async Task<Reply<DecisionsView>> All(AskDecisions q, CancellationToken ct)
    {
        var codes = new CodeReading(law.Codes);
        var questions = new Question[q.Items.Count];
        for (var i = 0; i < questions.Length; i++)
        {
            if (q.Listed) codes.Within = string.Create(CultureInfo.InvariantCulture, $"/items/{i}");
            questions[i] = Read(q.Items[i], codes);
        }
        if (codes.Refused is { } refused) return refused;
        var now = await fresh.Now(ct);
        var (views, seen) = (new DecisionView[questions.Length], (List<MandateSeen>?)null);
        var past = new PastRead();
        var named = q.Items.Select(item => item.Mandate).OfType<Guid>().Distinct().ToList();
        var known = named.Count == 0 ? null : await mandates.Read(named, q.By, ct);
        for (var i = 0; i < views.Length; i++)
        {
            var (asked, question) = (q.Items[i], questions[i]);
            var isPast = IsPast(question.On, asked.KnownAt, question.Territory);
            if (!isPast && asked.Mandate is null)
            {
                views[i] = now.Answers.Find(question) ?? now.Answers.Keep(question, Explained.View(now.Terms.Ask(question), question, law.Codes));
                continue;
            }
            var answer = (isPast ? await then.Of(asked.Platform, question.Sector, question.Territory, question.On, asked.KnownAt, past, ct) : now.Terms).Ask(question);
            if (asked.Mandate is { } mandate)
            {
                if (known!.Find(mandate, question.On, asked.KnownAt) is not { } found) return MandateRefusals.Unknown;
                answer = Mandated.Within(answer, found.Mandate, question, law.Codes);
                if (found.Seen.Request is not null) answer = Mandated.ForPlatform(answer);
                (seen ??= []).Add(found.Seen);
            }
            views[i] = Explained.View(answer, question, law.Codes);
        }
        return new DecisionsView(views, now.Told, seen ?? []);
    }

    public bool IsPast(DateOnly on, DateTimeOffset? knownAt, Territory territory) => knownAt is not null || on < clock.Today(territory.Country);

    private Question Read(Asked q, CodeReading codes)
    {
        if (NotSettled(q.KnownAt) is { } refused) codes.Refuse(refused.At("/knownAt"));
        var territory = codes.Territory(q.Territory, "/territory");
        return new Question(
            new OrganisationId(q.Platform), codes.Sector(q.Sector, "/sector"), territory, q.Status, codes.Category(q.Category, "/category"),
            codes.Purpose(q.Purpose, "/purpose"), q.Recipient, q.Retention is null ? null : Period.Parse(q.Retention), q.GroupSize, Day(q.On, q.KnownAt, territory));
    }

    /// <summary>What was known a moment ago may still be added to.</summary>
    public Refusal? NotSettled(DateTimeOffset? knownAt) => knownAt > clock.Now - AgreementStory.Settling ? AgreementRefusals.NotSettled((int)AgreementStory.Settling.TotalSeconds) : null;

    /// <summary>The day asked; else that of the instant at which it was known, or today, in the place asked about.</summary>
    public DateOnly Day(DateOnly? on, DateTimeOffset? knownAt, Territory territory) => on ?? (knownAt is { } then ? clock.DayOf(then, territory.Country) : clock.Today(territory.Country));
}
