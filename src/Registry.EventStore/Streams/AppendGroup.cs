using System.Diagnostics;
using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>
/// Appends in one transaction, numbered over the winners. Where all is as foreseen they take one round trip; else two: the
/// head row with what they rest on, then everything of the winners with the commit. One large append goes by itself in
/// three: what nobody else can touch is written before the head row is locked.
/// </summary>
/// <param name="appends">What to store.</param>
/// <param name="trusting">Streams that are to start are not looked up first; where one is there already, its primary key
/// rolls the whole group back, and its members come back one by one without that trust.</param>
internal sealed class AppendGroup(IReadOnlyList<Append> appends, bool trusting)
{
    private readonly Appended[] results = new Appended[appends.Count];
    private (long Position, Guid Event)? first;

    /// <summary>Where the log ends once this group is stored.</summary>
    public (long Position, DateTimeOffset At) End { get; private set; }

    /// <summary>
    /// Stores the whole group in one round trip, on a log that ends where the writer left it. Null where anything is not as
    /// it was foreseen: then nothing was written.
    /// </summary>
    public IReadOnlyList<Appended>? RunForeseen(NpgsqlConnection connection, (long Position, DateTimeOffset At) end)
    {
        var ground = Ground.Foreseen(end.Position, end.At, appends);
        var rows = Decide(ground, null);
        using var batch = new NpgsqlBatch(connection); // without BEGIN: a batch is one transaction, ended by its last message
        var tests = Guard.Tests(appends);
        foreach (var test in tests) batch.BatchCommands.Add(test);
        batch.BatchCommands.Add(rows.Command());
        if (!IsWritten(batch, tests.Count)) return null;
        Measure(ground);
        return results;
    }

    /// <summary>Decides every append on what is read under the head row, and stores the winners. Where it throws, nothing is known yet to be stored.</summary>
    public IReadOnlyList<Appended> Run(NpgsqlConnection connection)
    {
        first = null;
        var ahead = trusting && appends is [{ IsLarge: true } large] ? RowsAhead.Of(large) : null;
        if (ahead is not null)
        {
            using var early = ahead.Batch(connection);
            early.ExecuteNonQuery();
        }
        var ground = Ground.Unread(appends, trusting);
        using (var questions = ground.Questions(connection, begun: ahead is not null))
        using (var answers = questions.ExecuteReader()) ground.Answers(answers);
        var rows = Decide(ground, ahead);
        using var batch = new NpgsqlBatch(connection);
        if (rows.Any) batch.BatchCommands.Add(rows.Command());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(rows.Any ? "COMMIT" : "ROLLBACK"));
        if (!rows.Any) batch.ExecuteNonQuery();
        else if (!IsWritten(batch, 0)) throw new InvalidOperationException("the head row moved while it was locked"); // never an answer for what is not there
        Measure(ground);
        return results;
    }

    private WinnersRows Decide(Ground ground, RowsAhead? ahead)
    {
        var rows = new WinnersRows(ground, ahead, trusting);
        for (var i = 0; i < appends.Count; i++) results[i] = ground.Conflict(appends[i]) ?? rows.Add(appends[i]);
        (first, End) = (rows.First, rows.End);
        return rows;
    }

    private void Measure(Ground ground)
    {
        Measures.HeadHeld.Record(Stopwatch.GetElapsedTime(ground.LockedAt).TotalMilliseconds);
        Measures.GroupSize.Record(appends.Count);
    }

    /// <summary>
    /// After the connection broke: the results, if the transaction was committed. The head row is locked first: whoever
    /// holds it may still be the broken connection's own transaction, and only its end makes the answer final.
    /// </summary>
    public IReadOnlyList<Appended>? FindStored(NpgsqlConnection connection) => IsStored(connection, first) ? results : null;

    /// <summary>True where a transaction's first event stands in the log, once nobody holds the head row any more.</summary>
    internal static bool IsStored(NpgsqlConnection connection, (long Position, Guid Event)? first)
    {
        if (first is not { } asked) return false; // it never came to the commit, or had no event to be known by
        using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT 1 FROM registry_head WHERE one FOR UPDATE"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT id FROM mt_events WHERE seq_id = $1") { Parameters = { new NpgsqlParameter<long> { TypedValue = asked.Position } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        using var reader = batch.ExecuteReader();
        reader.NextResult();
        return reader.Read() && reader.GetGuid(0) == asked.Event;
    }

    /// <summary>What the writing statement answers, once the whole batch went well.</summary>
    private static bool IsWritten(NpgsqlBatch batch, int before)
    {
        using var reader = batch.ExecuteReader();
        // Tests answer a row only where they fail; each result is passed over.
        for (var test = 0; test < before; test++) reader.NextResult();
        var written = reader.Read() && reader.GetBoolean(0);
        while (reader.NextResult())
        {
            // the commit's own answer: its error would be thrown here
        }
        return written;
    }
}
