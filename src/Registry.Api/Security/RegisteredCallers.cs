using System.Collections.Concurrent;
using MediatR;
using Registry.Application.Organisations;

namespace Registry.Api.Security;

/// <summary>An organisation's role follows from its registered kind, which never changes; a token that says otherwise is not believed.</summary>
public sealed class RegisteredCallers(IServiceScopeFactory scopes)
{
    private readonly ConcurrentDictionary<Guid, string> roles = new();

    public async Task<bool> Is(Guid organisation, string role, CancellationToken ct)
    {
        if (roles.TryGetValue(organisation, out var known)) return known == role;
        await using var scope = scopes.CreateAsyncScope();
        var found = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new GetOrganisation(organisation), ct);
        return found.View is { } view && roles.GetOrAdd(organisation, Roles.Of(view.Kind)) == role;
    }
}
