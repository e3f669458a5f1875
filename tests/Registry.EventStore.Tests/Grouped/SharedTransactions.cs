namespace Registry.EventStore.Tests.Grouped;

[Collection(OnPostgres.Name)]
public sealed class SharedTransactions(Postgres postgres)
{
    [Fact]
    public async Task Appends_that_wait_share_a_transaction()
    {
        await using var log = await postgres.NewLog();
        Assert.InRange(await Transactions.OfAHundredAppends(log), 1, 50);
    }
}
