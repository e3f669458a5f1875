using Microsoft.Extensions.DependencyInjection;
using Registry.Application;
using Registry.Application.Operations;
using Registry.Domain.Kernel;
using Registry.Domain.Operations;

namespace Registry.Api.Tests.Operations;

/// <summary>Long work that ends in an error nobody foresaw: what can go on where it was is tried again, and not for ever.</summary>
public sealed class WorkThatBreaks : RegistryApp
{
    [Fact]
    public async Task It_is_tried_three_times_where_it_can_go_on()
    {
        var union = await Register("union", "U");
        var once = await Begun(union, fails: 1, goesOn: true);
        var always = await Begun(union, fails: int.MaxValue, goesOn: true);
        var last = await Begun(union, fails: 1, goesOn: false);
        Assert.Equal(("succeeded", 2), (await Ended(union, once.Id), once.Tries()));
        Assert.Equal(("failed", 3), (await Ended(union, always.Id), always.Tries()));
        Assert.Equal(("failed", 1), (await Ended(union, last.Id), last.Tries()));
        Assert.Equal(5, Log.Lines.Count(line => line.Contains("broken on purpose", StringComparison.Ordinal)));
    }

    private async Task<(Guid Id, Func<int> Tries)> Begun(Organisation union, int fails, bool goesOn)
    {
        var tries = 0;
        async Task Work(OperationId id, IWorkServices services, CancellationToken ct)
        {
            if (Interlocked.Increment(ref tries) <= fails) throw new InvalidOperationException("broken on purpose");
            await services.Get<Ledger>().Decide<Operation, OperationEvent, OperationView>(id.Value, operation => Operation.Go(operation, new OperationFinished(id, null, Noon)), ct);
        }
        await using var scope = Services.CreateAsyncScope();
        var begun = await scope.ServiceProvider.GetRequiredService<OperationQueue>().Start(
            scope.ServiceProvider.GetRequiredService<Ledger>(), "test", new OrganisationId(union.Id), null, Work, default, goesOn ? new OperationId(Guid.NewGuid()) : null);
        return (begun.View!.Id, () => Volatile.Read(ref tries));
    }

    private static async Task<string> Ended(Organisation union, Guid id)
    {
        var state = "running";
        for (var asked = 0; asked < 600 && state == "running"; asked++)
        {
            await Task.Delay(50);
            state = (await union.Http.Get($"/v1/operations/{id}").Expect(200))["state"].Text();
        }
        return state;
    }
}
