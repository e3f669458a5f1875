using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>
/// A writer's connection, held open, and waited for without async: each answer would wake two threads more. After any error
/// it is closed for good: PostgreSQL has ended the transaction by then, and Npgsql 10.0.0 loses count of what it
/// auto-prepared in a batch that failed halfway.
/// </summary>
internal sealed class WriterConnection(Database database)
{
    /// <summary>After a surprise the next groups are decided on what is read: another node writes too, or callers compete.</summary>
    private const int CarefulGroups = 16;

    private NpgsqlConnection? connection;
    private (long Position, DateTimeOffset At)? end;
    private int careful;

    public IReadOnlyList<Appended> Store(IReadOnlyList<Append> appends, bool trusting)
    {
        var group = new AppendGroup(appends, trusting);
        for (var attempt = 0; ; attempt++)
        {
            var fresh = connection is null;
            try
            {
                connection ??= Opened();
                return Store(connection, group, trusting && Guard.CanForesee(appends));
            }
            catch (Exception error)
            {
                Close();
                if (!Database.IsAway(error) || (fresh && attempt > 0)) throw;
                // The connection broke: the transaction may or may not have been committed. The log itself tells.
                connection = Opened();
                if (group.FindStored(connection) is { } stored) return stored;
                if (attempt > 0) throw;
            }
        }
    }

    private IReadOnlyList<Appended> Store(NpgsqlConnection on, AppendGroup group, bool mayForesee)
    {
        if (careful > 0) careful--;
        else if (mayForesee && end is { } known)
        {
            end = null;
            if (group.RunForeseen(on, known) is { } foreseen)
            {
                end = group.End;
                return foreseen;
            }
            careful = CarefulGroups;
        }
        end = null;
        var decided = group.Run(on);
        end = group.End;
        return decided;
    }

    private NpgsqlConnection Opened()
    {
        var opened = database.OpenOwn();
        try
        {
            EngineLock.Hold(opened, Engine.Grouped);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public void Close()
    {
        connection?.Dispose();
        (connection, end) = (null, null);
    }
}
