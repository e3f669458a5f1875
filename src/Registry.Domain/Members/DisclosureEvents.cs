using Registry.Domain.Kernel;

namespace Registry.Domain.Members;

/// <summary>A read of something about members, in a stream of its own so that reading never changes an ETag.</summary>
public abstract record DisclosureEvent(Guid Log, DateTimeOffset At);

/// <summary>One per read and not per line: who read, for which purpose, which category, about which mandates or which request.</summary>
public sealed record DisclosureMade(
    Guid Log, OrganisationId Reader, string Purpose, string Category, IReadOnlyList<MandateId> Mandates, RequestId? Request, int Count,
    DateTimeOffset At) : DisclosureEvent(Log, At);
