using Npgsql;

namespace Registry.EventStore.Streams;

/// <summary>
/// A writer's connection, held open. After any error it is closed for good: PostgreSQL has ended the transaction by then,
/// and Npgsql 10.0.0 loses count of what it auto-prepared in a batch that failed halfway.
/// </summary>
internal sealed class WriterConnection(Database database)
{
    /// <summary>After a surprise the next groups are decided on what is read: another node writes too, or callers compete.</summary>
    private const int CarefulGroups = 16;

    private NpgsqlConnection? connection;
    private (long Position, DateTimeOffset At)? end;
    private int careful;

    public async Task<IReadOnlyList<Appended>> Store(IReadOnlyList<Append> appends, bool trusting)
    {
        var group = new AppendGroup(appends, trusting);
        for (var attempt = 0; ; attempt++)
        {
            var fresh = connection is null;
            try
            {
                connection ??= await Opened();
                return await Store(connection, group, trusting && Guard.CanForesee(appends));
            }
            catch (Exception error)
            {
                await Close();
                if (!Database.IsAway(error) || (fresh && attempt > 0)) throw;
                // The connection broke: the transaction may or may not have been committed. The log itself tells.
                connection = await Opened();
                if (await group.FindStored(connection) is { } stored) return stored;
                if (attempt > 0) throw;
            }
        }
    }

    private async Task<IReadOnlyList<Appended>> Store(NpgsqlConnection on, AppendGroup group, bool mayForesee)
    {
        if (careful > 0) careful--;
        else if (mayForesee && end is { } known)
        {
            end = null;
            if (await group.RunForeseen(on, known) is { } foreseen)
            {
                end = group.End;
                return foreseen;
            }
            careful = CarefulGroups;
        }
        end = null;
        var decided = await group.Run(on);
        end = group.End;
        return decided;
    }

    private async Task<NpgsqlConnection> Opened()
    {
        var opened = await database.OpenOwn();
        try
        {
            await EngineLock.Hold(opened, Engine.Grouped);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    public async Task Close()
    {
        if (connection is not null) await connection.DisposeAsync();
        (connection, end) = (null, null);
    }
}
