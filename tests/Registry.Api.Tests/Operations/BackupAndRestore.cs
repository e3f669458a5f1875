using System.Text.Json.Nodes;
using Registry.Application.Instance;
using Registry.EventStore;
using Registry.EventStore.Embedded;
using Registry.EventStore.Streams;

namespace Registry.Api.Tests.Operations;

/// <summary>A backup is made while the service goes on; what is restored knows that it is older, and nobody who was erased comes back.</summary>
public sealed class BackupAndRestore : StartedProgram
{
    private string Backup => Folder + ".tar";

    [Fact]
    public async Task What_is_restored_is_older_and_says_so_and_the_erased_stay_erased()
    {
        try
        {
            await Story();
        }
        finally
        {
            File.Delete(Backup);
        }
    }

    private async Task Story()
    {
        var (service, url) = await Up();
        var operating = new Client(url, (await Run("token", "--role", "operator", "--data", Folder)).Output.Trim());
        var platform = (await operating.Raw("/v1/organisations", """{"kind": "platform", "name": "Vite", "country": "FR"}""").Expect(201))["id"].Text();
        var (alice, bob) = (await Member(url, "alice"), await Member(url, "bob"));
        foreach (var member in new[] { alice, bob }) await member.Put($"/v1/me/accounts/{platform}", new JsonObject { ["accountId"] = "driver-7" }).Expect(200);

        var backup = await Run("backup", Backup, "--data", Folder);
        Assert.True(backup.Code == 0, backup.Error);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Backup));
        await Says(25, "overwrites nothing", "backup", Backup, "--data", Folder);
        await operating.Raw("/v1/organisations", """{"kind": "union", "name": "Later", "country": "FR"}""").Expect(201);
        Assert.Equal(204, (await alice.Send(HttpMethod.Delete, "/v1/me", null, [])).Status);
        Assert.Equal(204, (await alice.Send(HttpMethod.Delete, "/v1/me", null, [])).Status);
        Assert.Empty((await alice.Get("/v1/me").Expect(200))["accounts"]!.AsArray());
        await alice.Put($"/v1/me/accounts/{platform}", new JsonObject { ["accountId"] = "driver-8" }).Expect(200); // somebody new
        await Says(16, "Another registry runs", "restore", Backup, "--data", Folder);
        await Stop(service);

        await File.WriteAllTextAsync(Folder + ".txt", "not a tar");
        await Says(25, "no backup", "restore", Folder + ".txt", "--data", Folder);
        File.Delete(Folder + ".txt");
        (service, url) = await Up();
        Assert.Single((await (await Member(url, "alice")).Get("/v1/me").Expect(200))["accounts"]!.AsArray()); // a start erases nobody who came back
        await Stop(service);
        await WithOtherKeys(async () =>
        {
            await Says(19, "other keys", "restore", Backup, "--data", Folder);
            Assert.Equal(["pg"], Directory.EnumerateDirectories(Folder, "pg*").Select(Path.GetFileName)); // as if nobody had tried
        });

        var restored = await Run("restore", Backup, "--data", Folder);
        Assert.True(restored.Code == 0, restored.Error);
        Assert.Contains("It is older", restored.Output, StringComparison.Ordinal);
        Assert.Contains("Erased again: 1 references", restored.Output, StringComparison.Ordinal);

        (service, url) = await Up();
        Assert.Equal(["Vite"], (await new Client(url, null).Get("/v1/organisations").Expect(200))["items"]!.AsArray().Select(o => o!["name"].Text()));
        Assert.Empty((await (await Member(url, "alice")).Get("/v1/me").Expect(200))["accounts"]!.AsArray());
        Assert.Single((await (await Member(url, "bob")).Get("/v1/me").Expect(200))["accounts"]!.AsArray());
        var told = Assert.Single(await Log(), e => e.Type == "log_restored");
        Assert.Equal((1, 2), (JsonNode.Parse(told.Data)!["endsAt"]!.GetValue<int>(), JsonNode.Parse(told.Data)!["hadReached"]!.GetValue<int>()));
        await Stop(service);

        // A copy that somebody put back by hand is noticed too.
        var (pg, aside) = (Path.Combine(Folder, "pg"), Directory.EnumerateDirectories(Folder, "pg.replaced-*").Single());
        Directory.Move(pg, pg + ".good");
        Directory.Move(aside, pg);
        await Says(24, "older than this folder's keys, or another", "up", "--data", Folder, "--urls", "http://127.0.0.1:0");
    }

    private async Task WithOtherKeys(Func<Task> act)
    {
        var file = Path.Combine(Folder, "keys", "database");
        var right = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, System.Text.Json.JsonSerializer.Serialize(ClusterPasswords.Random()));
        await act();
        await File.WriteAllTextAsync(file, right);
    }

    private async Task<Client> Member(Uri url, string name) => new(url, (await Run("token", "--role", "member", "--sub", name, "--data", Folder)).Output.Trim());

    private async Task<List<StoredEvent>> Log()
    {
        await using var database = new Database(EmbeddedCluster.Connection(Folder, EmbeddedCluster.ReaderRole, new DataFolder(Folder).Passwords().Reader));
        await using var writer = new AppendWriter(database, Application.EventCatalogue.Names);
        var stored = new List<StoredEvent>();
        await foreach (var happened in new EventStore.Streams.EventLog(database, writer).ReadAll(0, 1_000, default)) stored.Add(happened);
        return stored;
    }
}
