using FluentValidation;
using MediatR;
using Registry.Application.Members;
using Registry.Domain.Kernel;
using Registry.Domain.Mandates;
using Registry.Domain.RuleSets;

namespace Registry.Application.Mandates;

public sealed record ScopeAsked(
    IReadOnlyList<MandateRight> Rights, IReadOnlyList<string> Categories, IReadOnlyList<string> Purposes, IReadOnlyList<Guid> Controllers);

public sealed record AccountAsked(Guid Platform, string AccountId);

/// <summary>A mandate as it is granted, recorded or imported. What names the person is the representative's to say, and goes to the vault.</summary>
public sealed record MandateAsked(
    IReadOnlyList<ScopeAsked> Scopes, Validity Validity, Guid? Representative = null, bool? MayReceiveResponse = null, bool? Exclusive = null,
    IReadOnlyList<Guid>? SubDelegates = null, string? Language = null, string? TextVersion = null, DateOnly? Born = null,
    GuardianConsent? Guardian = null, MandateEvidence? Evidence = null, string? MemberReference = null, string? Name = null, string? Contact = null,
    IReadOnlyList<AccountAsked>? Accounts = null);

/// <summary>Granted by the member: an offer until the representative accepts.</summary>
public sealed record GrantMandate(MandateAsked Mandate, string Subject) : IRequest<Reply<MandateView>>;

/// <summary>Recorded by the representative for its member, on evidence, and accepted by that act.</summary>
public sealed record RecordMandate(MandateAsked Mandate, OrganisationId By) : IRequest<Reply<MandateView>>, IDiscloses<MandateView>
{
    public IEnumerable<Disclosure> Discloses(MandateView view) => []; // the representative says it; nothing is told
}

public sealed class MandateShape : AbstractValidator<MandateAsked>
{
    public MandateShape()
    {
        RuleFor(m => m.Scopes).Some(20);
        RuleForEach(m => m.Scopes).ChildRules(s =>
        {
            s.RuleFor(x => x.Rights).AtMost(4);
            s.RuleFor(x => x.Categories).AtMost(100);
            s.RuleFor(x => x.Purposes).AtMost(100);
            s.RuleFor(x => x.Controllers).AtMost(100);
        });
        RuleFor(m => m.Evidence!.DocumentHash).Digest().When(m => m.Evidence is not null);
        RuleFor(m => m.Guardian!.DocumentHash).Digest().When(m => m.Guardian is not null);
        RuleFor(m => m.SubDelegates!).AtMost(20);
        RuleFor(m => m.Language).Must(l => l is null or "en" or "fr").WithErrorCode("unknown-language");
        RuleFor(m => m.MemberReference!).Named(100).When(m => m.MemberReference is not null);
        RuleFor(m => m.Name).MaximumLength(300).WithErrorCode("text-too-long");
        RuleFor(m => m.Contact).MaximumLength(300).WithErrorCode("text-too-long");
        RuleFor(m => m.Accounts!).AtMost(50);
        RuleForEach(m => m.Accounts).ChildRules(a => a.RuleFor(x => x.AccountId).Named(200));
    }
}

public sealed class GrantMandateValidator : AbstractValidator<GrantMandate>
{
    public GrantMandateValidator()
    {
        RuleFor(c => c.Mandate).SetValidator(new MandateShape()).OverridePropertyName("");
        RuleFor(c => c.Mandate.Representative).NotNull().WithErrorCode("missing-field").OverridePropertyName("representative");
        RuleFor(c => c.Mandate).Must(m => m is { MemberReference: null, Name: null, Contact: null, Accounts: null }).WithErrorCode("not-for-a-member").OverridePropertyName("memberReference");
    }
}

public sealed class RecordMandateValidator : AbstractValidator<RecordMandate>
{
    public RecordMandateValidator()
    {
        RuleFor(c => c.Mandate).SetValidator(new MandateShape()).OverridePropertyName("");
        RuleFor(c => c.Mandate.MemberReference).NotNull().WithErrorCode("missing-field").OverridePropertyName("memberReference");
    }
}

public sealed class GrantMandateHandler(Ledger ledger, DeedReading deeds, MandateReadings mandates, Subjects subjects, Vault vault, Law law, LegalTime clock)
    : IRequestHandler<GrantMandate, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(GrantMandate c, CancellationToken ct)
    {
        var id = new MandateId(NewIds.Secret());
        var representative = new OrganisationId(c.Mandate.Representative!.Value);
        var index = vault.SubjectIndex(c.Subject);
        return await mandates.Show(await ledger.Together<MandateRow, MandateEvent>(async act =>
        {
            var rows = await subjects.Of(index, ct);
            var known = rows.FirstOrDefault(r => r.Representative == representative);
            var member = known?.Member ?? new MemberRef(NewIds.Secret());
            var (deed, refused) = await deeds.Read(c.Mandate, member, representative, ct);
            if (refused is not null) return refused;
            var decided = Mandate.Grant(null, id, deed!, law.Codes, clock.Today("EU"), clock.Now);
            if (decided.Refused is { } no) return no;
            var reply = act.Start<Mandate, MandateEvent, MandateRow>(id.Value, decided.Events[0]);
            if (known is null)
            {
                var own = rows.FirstOrDefault(r => r.Representative == People.Themselves);
                act.Claim($"person {representative} {Convert.ToHexStringLower(index)}", member.Value);
                act.Write(Vault.Row(vault.Seal(member, representative, index, null, own is null ? Person.Nobody : vault.Open(own))));
            }
            act.Tell(representative, "mandate.offered", id.Value);
            return reply;
        }, ct), ct);
    }
}

public sealed class RecordMandateHandler(Ledger ledger, DeedReading deeds, MandateReadings mandates, OtherMandates others, People people, Vault vault, Law law, LegalTime clock)
    : IRequestHandler<RecordMandate, Reply<MandateView>>
{
    public async Task<Reply<MandateView>> Handle(RecordMandate c, CancellationToken ct)
    {
        if (c.Mandate.Representative is { } named && named != c.By.Value) return new Refusal("not-your-mandate", RefusalKind.Forbidden, "/representative");
        var id = new MandateId(NewIds.Secret());
        return await mandates.Show(await ledger.Together<MandateRow, MandateEvent>(async act =>
        {
            var known = (await people.OfReferences(c.By, [c.Mandate.MemberReference!], ct)).FirstOrDefault();
            var member = known?.Member ?? new MemberRef(NewIds.Secret());
            var (deed, refused) = await deeds.Read(c.Mandate, member, c.By, ct);
            if (refused is not null) return refused;
            if (known is not null && await others.Withdrawn(deed!, ct) is { } taken) return taken;
            var decided = Mandate.Record(null, id, deed!, law.Codes, clock.Today("EU"), clock.Now);
            if (decided.Refused is { } no) return no;
            var reply = act.Start<Mandate, MandateEvent, MandateRow>(id.Value, decided.Events[0]);
            Recording.Person(act, people, vault, c.By, member, known, c.Mandate);
            if (known is not null) await others.Supersede(act, reply.View!.Facts, ct);
            return reply;
        }, ct), ct);
    }
}

/// <summary>Puts the person of a recorded mandate into the vault, in the mandate's own append.</summary>
internal static class Recording
{
    /// <summary>The mandate is the same; a corrected name, contact or account is written down.</summary>
    public static void Mend(Act act, People people, Vault vault, VaultRow known, MandateAsked asked)
    {
        var (before, after) = (vault.Open(known), vault.Open(known).With(Said(asked)));
        if (known.Sealed.Length > 0 && !before.IsSame(after))
        {
            people.ExpectThere(act, known);
            Write(act, vault.Reseal(known, after));
        }
    }

    private static Person Said(MandateAsked asked) =>
        new(asked.Name, asked.Contact, asked.MemberReference, (asked.Accounts ?? []).DistinctBy(a => a.Platform).ToDictionary(a => a.Platform, a => a.AccountId));

    public static VaultRow Person(Act act, People people, Vault vault, OrganisationId representative, MemberRef member, VaultRow? known, MandateAsked asked)
    {
        var said = Said(asked);
        if (known is not null) people.ExpectThere(act, known);
        if (known is not null) return Write(act, vault.Reseal(known, vault.Open(known).With(said)));
        var index = vault.ReferenceIndex(representative, asked.MemberReference!);
        act.Claim($"person {representative} {Convert.ToHexStringLower(index)}", member.Value);
        return Write(act, vault.Seal(member, representative, null, index, said));
    }

    private static VaultRow Write(Act act, VaultRow row)
    {
        act.Write(Vault.Row(row));
        return row;
    }
}
