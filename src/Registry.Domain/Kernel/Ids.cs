namespace Registry.Domain.Kernel;

public readonly record struct OrganisationId(Guid Value) { public override string ToString() => Value.ToString(); }

public readonly record struct AgreementId(Guid Value) { public override string ToString() => Value.ToString(); }

public readonly record struct MandateId(Guid Value) { public override string ToString() => Value.ToString(); }

public readonly record struct ScopeId(Guid Value) { public override string ToString() => Value.ToString(); }

/// <summary>One random reference per (member, representative), so that two unions cannot compare lists.</summary>
public readonly record struct MemberRef(Guid Value) { public override string ToString() => Value.ToString(); }

public readonly record struct RequestId(Guid Value) { public override string ToString() => Value.ToString(); }

/// <summary>A line's id is new in each request, so that a platform cannot join two requests on it.</summary>
public readonly record struct LineId(Guid Value) { public override string ToString() => Value.ToString(); }

public readonly record struct BlockId(Guid Value) { public override string ToString() => Value.ToString(); }

public readonly record struct DeliveryId(Guid Value) { public override string ToString() => Value.ToString(); }

/// <summary>One refusal by a platform, over as many lines as it names.</summary>
public readonly record struct RefusalId(Guid Value) { public override string ToString() => Value.ToString(); }

public readonly record struct OperationId(Guid Value) { public override string ToString() => Value.ToString(); }
