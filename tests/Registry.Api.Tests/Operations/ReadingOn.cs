using Microsoft.Extensions.DependencyInjection;
using Registry.Application;
using Registry.Application.Operations;
using Registry.Domain.Kernel;
using Registry.Domain.Operations;

namespace Registry.Api.Tests.Operations;

/// <summary>A long act reads a long stream on from where its last append left it.</summary>
public sealed class ReadingOn : RegistryApp
{
    [Fact]
    public async Task What_somebody_else_appended_in_between_is_in_what_it_decides_and_shows_next()
    {
        var id = new OperationId(Guid.NewGuid());
        using var scope = Services.CreateScope();
        using var another = Services.CreateScope();
        var (ledger, other) = (scope.ServiceProvider.GetRequiredService<Ledger>(), another.ServiceProvider.GetRequiredService<Ledger>());
        await Tell(ledger, _ => new OperationStarted(id, "import", new OrganisationId(Guid.NewGuid()), 100, "node", Now));
        for (var done = 1; done <= 20; done++) await Tell(ledger, _ => Advanced(done));
        await Tell(other, _ => Advanced(50));
        var reply = await Tell(ledger, operation => Advanced(operation!.Ended ? 0 : 51));
        Assert.Equal((23, 51), (reply.Revision, reply.View!.Done));

        await Tell(other, _ => new OperationFailed(id, "interrupted", Now));
        var after = await Tell(ledger, operation => operation!.Ended ? Outcome<OperationEvent>.Nothing : Advanced(52)); // it has read that it ended
        Assert.Equal((24, "failed", 51), (after.Revision, after.View!.State, after.View.Done));

        OperationAdvanced Advanced(int done) => new(id, done, new Dictionary<string, int>(), Now);
        Task<Reply<OperationView>> Tell(Ledger by, Func<Operation?, Outcome<OperationEvent>> decide) =>
            by.Together<OperationView, OperationEvent>(act => act.Decide<Operation, OperationEvent, OperationView>(id.Value, decide, default), default, remembered: false);
    }

    private DateTimeOffset Now => Instance.Clock.Now;
}
