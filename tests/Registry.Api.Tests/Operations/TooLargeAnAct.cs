using Microsoft.Extensions.DependencyInjection;
using Registry.Application;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Kernel;
using Registry.Domain.PortabilityRequests;

namespace Registry.Api.Tests.Operations;

/// <summary>What one append does not hold is refused, and nothing of it is stored.</summary>
public sealed class TooLargeAnAct : RegistryApp
{
    [Fact]
    public async Task It_is_refused_whole()
    {
        await using var scope = Services.CreateAsyncScope();
        var ledger = scope.ServiceProvider.GetRequiredService<Ledger>();
        Task<Reply<LineBlockView>> Seal(int blocks) => ledger.Together<LineBlockView, LineBlockEvent>(act => Task.FromResult(Enumerable.Range(0, blocks).Select(_ => Guid.NewGuid())
            .Select(block => act.Start<LineBlock, LineBlockEvent, LineBlockView>(block, new LinesSealed(new BlockId(block), new RequestId(Guid.NewGuid()), 1, [], [], Instance.Clock.Now))).ToList()[0]), default, most: 2);
        var refused = (await Seal(3)).Refused!;
        Assert.Equal(("act-too-large", RefusalKind.Conflict, 2), (refused.Code, refused.Kind, refused.Facts[0]));
        Assert.Equal(0L, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'lines_sealed'"));
        Assert.Null((await Seal(2)).Refused);
        Assert.Equal(2L, await Scalar<long>("SELECT count(*) FROM mt_events WHERE type = 'lines_sealed'"));
    }
}
