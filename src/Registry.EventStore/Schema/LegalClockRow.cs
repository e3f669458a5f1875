using Npgsql;

namespace Registry.EventStore.Schema;

/// <summary>What an evaluation instance adds to the machine's clock, in microseconds; one row for all nodes.</summary>
public static class LegalClockRow
{
    /// <summary>Reads the offset.</summary>
    public static Task<TimeSpan> Read(Database database, CancellationToken ct) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT offset_us FROM registry_clock", connection);
        return TimeSpan.FromMicroseconds((long)(await command.ExecuteScalarAsync(ct))!);
    }, ct);

    /// <summary>Sets the offset if that moves the clock forward; gives the offset that then holds.</summary>
    public static Task<TimeSpan> Advance(Database database, TimeSpan offset, CancellationToken ct) =>
        Write(database, "UPDATE registry_clock SET offset_us = greatest(offset_us, $1) RETURNING offset_us", offset, ct);

    /// <summary>Sets the offset of a new, empty log, forward or back; a log with events keeps its own. Gives the offset that then holds.</summary>
    public static Task<TimeSpan> Start(Database database, TimeSpan offset, CancellationToken ct) => Write(
        database,
        "UPDATE registry_clock SET offset_us = CASE WHEN (SELECT position FROM registry_head) = 0 THEN $1 ELSE offset_us END RETURNING offset_us",
        offset, ct);

    private static Task<TimeSpan> Write(Database database, string sql, TimeSpan offset, CancellationToken ct) => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = (long)offset.TotalMicroseconds } } };
        return TimeSpan.FromMicroseconds((long)(await command.ExecuteScalarAsync(ct))!);
    }, ct);
}
