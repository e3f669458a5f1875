using FluentValidation;
using MediatR;
using Registry.Application.Organisations;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;

namespace Registry.Application.Members;

/// <summary>The name that a platform knows a member by. Kept encrypted, copied into a request's lines at its filing.</summary>
public sealed record PutAccount(string Subject, Guid Platform, string AccountId) : IRequest<Reply<AccountKept>>;

public sealed record AccountKept(Guid Platform, string AccountId);

public sealed class PutAccountValidator : AbstractValidator<PutAccount>
{
    public PutAccountValidator() => RuleFor(c => c.AccountId).Named(200);
}

public sealed class PutAccountHandler(People people, Vault vault, Readings readings) : IRequestHandler<PutAccount, Reply<AccountKept>>
{
    public async Task<Reply<AccountKept>> Handle(PutAccount c, CancellationToken ct)
    {
        if (await readings.View<OrganisationView>(c.Platform, ct) is not { IsController: true }) return OrganisationRefusals.Unknown;
        var said = Person.Nobody with { Accounts = new Dictionary<Guid, string> { [c.Platform] = c.AccountId } };
        while (!await Put(c.Subject, said, ct)) ct.ThrowIfCancellationRequested();
        return new AccountKept(c.Platform, c.AccountId);
    }

    /// <summary>Writes into every row of the person; false where one of them moved on, and all is read again.</summary>
    private async Task<bool> Put(string subject, Person said, CancellationToken ct)
    {
        var rows = await people.OfSubject(subject, ct);
        foreach (var row in rows)
        {
            if (!await people.Change(row, vault.Reseal(row, vault.Open(row).With(said)), ct)) return false;
        }
        if (rows.Any(row => row.Representative == People.Themselves)) return true;
        // The index on the person lets one of two calls at once make the row. A new reference: who was erased comes back as somebody new.
        return await people.Make(vault.Seal(new MemberRef(NewIds.Secret()), People.Themselves, vault.SubjectIndex(subject), null, said), ct);
    }
}
