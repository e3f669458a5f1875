using Npgsql;

namespace Registry.EventStore.Tests;

/// <summary>Few sessions read at once, and nobody waits long for those who hold them.</summary>
[Collection(OnPostgres.Name)]
public sealed class TurnsOfReaders(Postgres postgres)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Many_readers_take_turns_on_few_sessions()
    {
        await using var log = await postgres.NewLog();
        var few = log.Connection + ";Maximum Pool Size=8;Minimum Pool Size=8";
        await using var database = new Database(few) { Patience = Long };
        Assert.InRange((await Sessions(database)).Count, 1, database.Turns);
        await using var impatient = new Database(few) { Patience = TimeSpan.Zero };
        Assert.InRange((await Sessions(impatient)).Count, impatient.Turns + 1, 9);
    }

    [Fact]
    public async Task Those_who_are_held_up_by_a_lock_do_not_hold_up_others()
    {
        await using var log = await postgres.NewLog();
        await using var holder = new NpgsqlConnection(log.Connection);
        await holder.OpenAsync();
        await Run(holder, "SELECT pg_advisory_lock(12)");
        await using var database = new Database(log.Connection);
        var held = Enumerable.Range(0, database.Turns).Select(_ => database.Use(c => Run(c, "SELECT pg_advisory_lock_shared(12)"), default)).ToList();
        await database.Use(c => Run(c, "SELECT 1"), default);
        Assert.All(held, reading => Assert.False(reading.IsCompleted));
        await Run(holder, "SELECT pg_advisory_unlock(12)");
        await Task.WhenAll(held);
    }

    [Fact]
    public async Task A_reading_that_failed_gives_its_turn_back()
    {
        await using var log = await postgres.NewLog();
        await using var database = new Database(log.Connection) { Patience = Long };
        foreach (var _ in Enumerable.Range(0, database.Turns + 1)) await Assert.ThrowsAsync<PostgresException>(() => database.Use(c => Run(c, "SELECT 1/0"), default));
        foreach (var after in Enumerable.Range(0, database.Turns + 1))
        {
            using var gaveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(after * 20)); // before its turn, and in it
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => database.Use(async c =>
            {
                await using var command = new NpgsqlCommand("SELECT pg_sleep(60)", c);
                return await command.ExecuteNonQueryAsync(gaveUp.Token);
            }, gaveUp.Token));
        }
        await database.Use(c => Run(c, "SELECT 1"), default).WaitAsync(Long / 2);
    }

    private static async Task<HashSet<int>> Sessions(Database database) => [.. await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => database.Use(async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid() FROM pg_sleep(0.05)", connection);
        return (int)(await command.ExecuteScalarAsync())!;
    }, default)))];

    private static async Task<bool> Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
        return true;
    }
}
