using System.Security.Claims;
using Registry.Domain.Kernel;
using Registry.Domain.Organisations;

namespace Registry.Api.Security;

/// <summary>Who calls: a person by subject, or an organisation by its id.</summary>
public sealed record Caller(string Role, Guid? Org, string? Subject)
{
    public static readonly Caller Nobody = new("nobody", null, null);

    public static Caller Of(ClaimsPrincipal user) => user is CallingPrincipal known ? known.Caller : Read(user);

    internal static Caller Read(ClaimsPrincipal user) => user.Identity is not { IsAuthenticated: true }
        ? Nobody
        : user.FindFirstValue("role") switch
        {
            // A person is their issuer and subject, whatever else a token says of them.
            Roles.Member => new Caller(Roles.Member, null, $"{user.FindFirstValue("iss")}|{user.FindFirstValue("sub")}"),
            Roles.Operator => new Caller(Roles.Operator, null, user.FindFirstValue("sub")),
            var role => new Caller(role!, Guid.Parse(user.FindFirstValue("org")!), null),
        };

    public bool IsMember => Role == Roles.Member;

    /// <summary>The organisation that calls. A policy has seen to it that there is one.</summary>
    public OrganisationId Organisation => new(Org ?? Guid.Empty);

    /// <summary>Null for a member.</summary>
    public OrganisationId? AsOrganisation => IsMember ? null : Organisation;

    /// <summary>Null for the operator.</summary>
    public OrganisationId? NotOperator => Org is { } org ? new OrganisationId(org) : null;

    /// <summary>Null for an organisation.</summary>
    public string? AsMember => IsMember ? Subject : null;

    /// <summary>What may be logged and stored: a member is nobody's name.</summary>
    public string Actor { get; } = Org is { } org ? $"{Role}:{org}" : Role;

    /// <summary>What tells callers apart; never stored but as a keyed digest.</summary>
    public string Identity { get; } = Org is { } org ? $"{Role}:{org}" : $"{Role}:{Subject}";
}

/// <summary>A principal whose claims were read once.</summary>
internal sealed class CallingPrincipal : ClaimsPrincipal
{
    public CallingPrincipal(ClaimsIdentity identity) : base(identity) => Caller = Caller.Read(this);

    public Caller Caller { get; }
}

public static class Roles
{
    public const string Member = "member";
    public const string Union = "union";
    public const string Platform = "platform";
    public const string Authority = "authority";
    public const string Auditor = "auditor";
    public const string Operator = "operator";

    public static readonly IReadOnlyList<string> All = [Member, Union, Platform, Authority, Auditor, Operator];

    /// <summary>An organisation's kind decides its role.</summary>
    public static string Of(OrganisationKind kind) => kind switch
    {
        _ when kind.IsRepresentative() => Union,
        _ when kind.IsController() => Platform,
        OrganisationKind.Authority => Authority,
        _ => Auditor,
    };
}
