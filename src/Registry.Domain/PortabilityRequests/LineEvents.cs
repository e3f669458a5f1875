using Registry.Domain.Kernel;

namespace Registry.Domain.PortabilityRequests;

public enum LineState
{
    Pending,
    IdentityAsked,
    Extended,
    Fulfilled,
    Refused,
    Cancelled,
    Unmatched,
}

public enum Recipient
{
    Representative,
    Member,
}

/// <summary>One right over one category: each line has its own status in each column that its mandate covers.</summary>
public sealed record LineColumn(string Category, string Hook);

/// <summary>A member's place in the cohort. <paramref name="Covered"/> numbers the columns that the mandate reaches.</summary>
/// <param name="Line">Its id, new in each request.</param>
/// <param name="Mandate">On which it rests.</param>
/// <param name="DeliverTo">Who is to have the data.</param>
/// <param name="Covered">Which columns.</param>
/// <param name="Until">The day from which on the representative has it in sight no longer.</param>
public sealed record SealedLine(LineId Line, MandateId Mandate, Recipient DeliverTo, IReadOnlyList<int> Covered, DateOnly? Until = null);

/// <summary>What a platform says it delivered for one line: the manifest, never the data. Rows of others stand apart (GDPR Art. 20(4)).</summary>
public sealed record DeliveredLine(LineId Line, string Sha256, long Bytes, int Rows, int? Quarantine);

public enum MatchResult
{
    Matched,
    Unmatched,
    Ambiguous,
}

public sealed record MatchedLine(LineId Line, MatchResult Result);

public enum CheckResult
{
    Received,
    Missing,
    Mismatch,
    Unreadable,
}

public sealed record CheckedLine(LineId Line, CheckResult Result, string? Sha256);

public abstract record LineBlockEvent(BlockId Block, DateTimeOffset At);

public sealed record LinesSealed(
    BlockId Block, RequestId Request, int Index, IReadOnlyList<LineColumn> Columns, IReadOnlyList<SealedLine> Lines, DateTimeOffset At)
    : LineBlockEvent(Block, At);

public sealed record LinesDelivered(BlockId Block, DeliveryId Delivery, string Category, IReadOnlyList<DeliveredLine> Items, DateTimeOffset At, DateOnly? On = null)
    : LineBlockEvent(Block, At);

/// <summary>It came after the member had changed their mind: it counts for nothing and is to be destroyed.</summary>
public sealed record LinesDeliveredLate(BlockId Block, DeliveryId Delivery, string Category, IReadOnlyList<DeliveredLine> Items, DateOnly On, DateTimeOffset At) : LineBlockEvent(Block, At);

/// <summary>One file about many: it answers all these lines.</summary>
public sealed record LinesDeliveredTogether(BlockId Block, DeliveryId Delivery, string Category, IReadOnlyList<LineId> Lines, string Sha256, DateOnly On, DateTimeOffset At) : LineBlockEvent(Block, At);

public sealed record LinesChecked(BlockId Block, DeliveryId Delivery, IReadOnlyList<CheckedLine> Items, bool ByMember, DateOnly On, DateTimeOffset At) : LineBlockEvent(Block, At);

/// <summary>The member changed their mind: what is still open in these columns is cancelled; what was delivered stays lawful, and is to be erased.</summary>
public sealed record LinesCancelled(BlockId Block, MandateId Mandate, IReadOnlyList<int> Columns, DateTimeOffset At, DateOnly? On = null) : LineBlockEvent(Block, At);

/// <summary>The representative took the request back: whatever was open is cancelled.</summary>
public sealed record LinesGivenUp(BlockId Block, DateOnly On, DateTimeOffset At) : LineBlockEvent(Block, At);

/// <summary>Until when the representative has this member's lines in sight, and who is to have the answer till then: paused, renounced or run out, they go to the member.</summary>
public sealed record LinesInSight(BlockId Block, MandateId Mandate, DateOnly Until, Recipient DeliverTo, DateTimeOffset At) : LineBlockEvent(Block, At);

public sealed record LinesIdentityAsked(BlockId Block, IReadOnlyList<LineId> Lines, DateOnly On, DateTimeOffset At) : LineBlockEvent(Block, At);

public sealed record LinesIdentityAnswered(BlockId Block, IReadOnlyList<LineId> Lines, DateOnly On, DateTimeOffset At) : LineBlockEvent(Block, At);

/// <summary><paramref name="Columns"/> are those whose law knows an extension.</summary>
public sealed record LinesExtended(BlockId Block, IReadOnlyList<LineId> Lines, IReadOnlyList<int> Columns, DateOnly On, DateTimeOffset At) : LineBlockEvent(Block, At);

/// <summary>Lines for which the same columns are meant: each right has its own time.</summary>
public sealed record LinesAndColumns(IReadOnlyList<LineId> Lines, IReadOnlyList<int> Columns);

/// <summary>Refused are the open columns whose time for a refusal had not run out.</summary>
public sealed record LinesRefused(BlockId Block, RefusalId Refusal, IReadOnlyList<LinesAndColumns> Groups, DateOnly On, DateTimeOffset At) : LineBlockEvent(Block, At);

/// <summary>An earlier receipt was proved: what was refused after the true month is open again.</summary>
public sealed record LinesReopened(BlockId Block, IReadOnlyList<LinesAndColumns> Groups, DateTimeOffset At) : LineBlockEvent(Block, At);

/// <summary>Whom the platform found by the identifiers that it was given.</summary>
public sealed record LinesLookedUp(BlockId Block, IReadOnlyList<MatchedLine> Items, DateOnly On, DateTimeOffset At) : LineBlockEvent(Block, At);
