using MediatR;
using Registry.Application.Mandates;
using Registry.Application.Terms;
using Registry.Domain.Kernel;
using Registry.Domain.Members;
using Registry.Domain.Terms;

namespace Registry.Application;

/// <summary>What was shown: which mandates, or which request, and how many people it told something about.</summary>
public sealed record Disclosed(IReadOnlyList<MandateId> Mandates, RequestId? Request, int Count);

/// <summary>An answer that tells something about members. Whoever returns one names purpose and category in code.</summary>
public interface IAboutMembers
{
    Disclosed Disclosed { get; }
}

/// <summary>Who is shown what about members, for which purpose, of which category.</summary>
public sealed record Disclosure(OrganisationId Reader, string Purpose, string Category, Disclosed What);

/// <summary>A query that discloses. None where a member reads itself: that needs no purpose and leaves no record.</summary>
public interface IDiscloses<TView>
{
    IEnumerable<Disclosure> Discloses(TView view);
}

/// <summary>The purposes and categories that the registry's own readings name.</summary>
public static class Disclosing
{
    /// <summary>A representative's readings of its own mandates.</summary>
    public const string OwnMembers = "dpv:MemberPartnerManagement";

    /// <summary>That somebody gave a mandate at all: it may tell union membership (GDPR Art. 9).</summary>
    public const string Membership = "reg:special.unionMembership";
}

/// <summary>Nothing about a member is disclosed for a purpose that a floor or an agreement forbids, and every disclosure is recorded before it leaves.</summary>
public sealed class PurposeGuard<TRequest, TView>(Ledger ledger, FreshTerms terms, LegalTime clock) : IPipelineBehavior<TRequest, Reply<TView>>
    where TRequest : IRequest<Reply<TView>>
    where TView : class
{
    public async Task<Reply<TView>> Handle(TRequest request, CancellationToken ct, RequestHandlerDelegate<Reply<TView>> next)
    {
        var reply = await next();
        if (request is not IDiscloses<TView> disclosing || reply.View is not { } view) return reply;
        var disclosures = disclosing.Discloses(view).ToList();
        if (disclosures.Count == 0) return reply;
        var agreed = (await terms.Now(ct)).Terms;
        if (Refusal.Together(disclosures.Select(d => Forbidden(agreed, d)).OfType<Refusal>()) is { } refused) return refused;
        foreach (var disclosure in disclosures) await Record(disclosure, disclosure.What, ct);
        return reply;
    }

    private Refusal? Forbidden(AgreedTerms agreed, Disclosure disclosure) =>
        agreed.Forbidding(disclosure.Reader, disclosure.Category, disclosure.Purpose, null, clock.Today("EU")) is { } clause
            ? new Refusal("forbidden-purpose", RefusalKind.Rule, null, disclosure.Category, $"{clause.Agreement}, {clause.Clause}")
            : null;

    /// <summary>One event per read and not per line, in a stream of its own.</summary>
    private async Task Record(Disclosure disclosure, Disclosed disclosed, CancellationToken ct)
    {
        var now = clock.Now;
        var log = NewIds.Named(disclosed.Request is { } request ? $"disclosures of request {request}" : $"disclosures to {disclosure.Reader}");
        await ledger.Record(log, "disclosure_log", new DisclosureMade(
            log, disclosure.Reader, disclosure.Purpose, disclosure.Category, disclosed.Mandates, disclosed.Request, disclosed.Count, now),
            MandateUses.Row(now, MandateUses.Read, disclosure.Reader, disclosure.Purpose, disclosure.Category, disclosed.Mandates, disclosed.Request), ct);
    }
}
