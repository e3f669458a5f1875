using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Registry.Api.Http;
using Registry.Application;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;
using Registry.EventStore.Streams;

namespace Registry.Api.Tests.Operations;

/// <summary>What one append does not hold breaks its act off, whoever looks at the reply, and nothing of it is stored.</summary>
public sealed class TooLargeAnAct : RegistryApp
{
    [Fact]
    public async Task It_is_broken_off_whole()
    {
        await using var scope = Services.CreateAsyncScope();
        var ledger = scope.ServiceProvider.GetRequiredService<Ledger>();
        Task<Reply<LineBlockView>> Seal(int blocks) => ledger.Together<LineBlockView, LineBlockEvent>(act => Task.FromResult(Enumerable.Range(0, blocks).Select(_ => Guid.NewGuid())
            .Select(block => act.Start<LineBlock, LineBlockEvent, LineBlockView>(block, new LinesSealed(new BlockId(block), new RequestId(Guid.NewGuid()), 1, [], [], Instance.Clock.Now))).ToList()[0]), default, most: 2);
        await Assert.ThrowsAsync<AppendTooLargeException>(() => Seal(3));
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'lines_sealed'"));
        Assert.Null((await Seal(2)).Refused);
        Assert.Equal(2L, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'lines_sealed'"));
    }

    [Fact]
    public async Task Its_caller_is_told()
    {
        var http = new DefaultHttpContext { RequestServices = Services, Response = { Body = new MemoryStream() } };
        await new Failures(_ => throw new AppendTooLargeException("5,001"), NullLogger<Failures>.Instance).InvokeAsync(http);
        http.Response.Body.Position = 0;
        var problem = System.Text.Json.Nodes.JsonNode.Parse(http.Response.Body)!;
        Assert.Equal((409, "act-too-large"), (http.Response.StatusCode, problem["code"]!.GetValue<string>()));
    }
}
