using Registry.EventStore.Streams;
using static Registry.EventStore.Tests.TestLog;

namespace Registry.EventStore.Tests.Marten;

/// <summary>What docs/marten.md says of the two engines' differences.</summary>
[Collection(OnPostgres.Name)]
public sealed class WhatDiffers(Postgres postgres)
{
    [Fact]
    public async Task Each_append_is_a_transaction_of_its_own()
    {
        await using var log = await postgres.NewLog();
        Assert.Equal(100, await Transactions.OfAHundredAppends(log));
    }

    [Fact]
    public async Task A_name_that_nobody_registered_cannot_be_read_where_ours_hands_it_on()
    {
        await using var log = await postgres.NewLog();
        var stream = Guid.NewGuid();
        await log.Execute($$"""
            INSERT INTO mt_streams (id, type, version) VALUES ('{{stream}}', 'thing', 1);
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type) VALUES (1, '{{Guid.NewGuid()}}', '{{stream}}', 1, '{}', 'never_heard_of', now(), 'No.Such, Thing');
            """);
        await Assert.ThrowsAnyAsync<Exception>(() => log.Log.FetchStream(stream, default));
        await using var ours = log.Again(Engine.Grouped);
        Assert.Equal("never_heard_of", (await ours.Log.FetchStream(stream, default)).Events.Single().Type);
    }

    [Fact]
    public async Task A_text_in_the_headers_that_reads_as_an_instant_comes_back_in_another_form()
    {
        await using var log = await postgres.NewLog();
        await using var ours = log.Again(Engine.Grouped);
        var stream = Guid.NewGuid();
        await log.Append(new Append(new AppendContext(Noon, """{"actor": "test", "on": "2026-11-25"}""")).StartStream(stream, "thing", Happened()));
        Assert.Equal("""{"on": "2026-11-25", "actor": "test"}""", (await ours.Log.FetchStream(stream, default)).Events.Single().Headers);
        Assert.Equal("""{"on":"2026-11-25T00:00:00","actor":"test"}""", (await log.Log.FetchStream(stream, default)).Events.Single().Headers);
    }
}
