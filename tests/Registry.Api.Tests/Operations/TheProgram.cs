using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Registry.Api.Tests.Operations;

/// <summary>The verbs, the Folder, the clock, and what stands in the way.</summary>
public sealed class TheProgram : StartedProgram
{
    [Fact]
    public async Task Up_serves_stops_cleanly_and_starts_again_with_what_was_there()
    {
        var (first, url) = await Up();
        var operating = new Client(url, (await Run("token", "--role", "operator", "--data", Folder)).Output.Trim());
        await operating.Raw("/v1/organisations", """{"kind": "union", "name": "U", "country": "FR"}""").Expect(201);
        await Stop(first);
        Assert.Equal(0, first.ExitCode);
        Assert.False(File.Exists(Path.Combine(Folder, "pg", "postmaster.pid"))); // the cluster ended with it
        var (_, again) = await Up();
        Assert.Single((await new Client(again, null).Get("/v1/organisations").Expect(200))["items"]!.AsArray());
    }

    /// <summary>A watch on the settings would cover all below the folder that it was started in, such as somebody's home.</summary>
    [Fact]
    public async Task It_watches_no_folder()
    {
        var (started, _) = await Up();
        Assert.DoesNotContain(Directory.EnumerateFiles($"/proc/{started.Id}/fdinfo").SelectMany(File.ReadLines), line => line.StartsWith("inotify", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Killed_it_starts_again_and_nothing_acknowledged_is_missing()
    {
        var (first, url) = await Up();
        var operating = new Client(url, (await Run("token", "--role", "operator", "--data", Folder)).Output.Trim());
        for (var i = 0; i < 5; i++) await operating.Raw("/v1/organisations", $$"""{"kind": "union", "name": "U{{i}}", "country": "FR"}""").Expect(201);
        first.Kill();
        await first.WaitForExitAsync();
        var (_, again) = await Up();
        Assert.Equal(5, (await new Client(again, null).Get("/v1/organisations").Expect(200))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_clock_starts_where_it_is_told_moves_forward_only_and_survives_a_restart()
    {
        var (first, url) = await Up("--clock", "2031-03-01T12:00:00Z");
        var operating = new Client(url, (await Run("token", "--role", "operator", "--data", Folder)).Output.Trim());
        Assert.StartsWith("2031-03-01T12:00", (await operating.Get("/dev/clock").Expect(200))["now"].Text(), StringComparison.Ordinal);
        await operating.Put("/dev/clock", new JsonObject { ["now"] = "2031-04-01T12:00:00Z" }).Expect(200);
        await operating.Put("/dev/clock", new JsonObject { ["now"] = "2030-01-01T12:00:00Z" }).Expect(200); // moves nothing
        await operating.Raw("/v1/organisations", """{"kind": "union", "name": "U", "country": "FR"}""").Expect(201);
        await Stop(first);
        var (_, again) = await Up();
        Assert.StartsWith("2031-04-01T12:0", (await new Client(again, null).Get("/dev/clock").Expect(200))["now"].Text(), StringComparison.Ordinal);
        foreach (var process in Started.Where(p => !p.HasExited)) await Stop(process);
        Assert.Equal(20, (await Run("up", "--data", Folder, "--urls", "http://127.0.0.1:0", "--clock", "2040-01-01T00:00:00Z")).Code);
    }

    /// <summary>As docker-compose.yml does: a server beside it, roles for owner and service, the evaluation issuer let in by name.</summary>
    [Fact]
    public async Task With_a_connection_string_it_uses_that_server_and_starts_none()
    {
        var (writer, reader, owner, _) = await Postgres.NewDatabase();
        (string, string)[] configured = [("Registry__Database", writer), ("Registry__DatabaseReader", reader), ("Registry__DatabaseOwner", owner), ("Registry__Evaluation", "true")];
        var (_, url) = await Up(configured);
        var operating = new Client(url, (await Run("token", "--role", "operator", "--data", Folder)).Output.Trim());
        await operating.Raw("/v1/organisations", """{"kind": "union", "name": "U", "country": "FR"}""").Expect(201);
        Assert.False(Directory.Exists(Path.Combine(Folder, "pg")));
        var compose = await File.ReadAllTextAsync(Path.Combine(House.Architecture.Root, "docker-compose.yml"));
        Assert.All(configured, setting => Assert.Contains(setting.Item1 + ":", compose, StringComparison.Ordinal));
        Assert.Contains("127.0.0.1:5080:8080", compose, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_view_is_rebuilt_while_the_service_runs()
    {
        var (_, url) = await Up();
        var operating = new Client(url, (await Run("token", "--role", "operator", "--data", Folder)).Output.Trim());
        for (var i = 0; i < 3; i++) await operating.Raw("/v1/organisations", $$"""{"kind": "union", "name": "U{{i}}", "country": "FR"}""").Expect(201);
        var rebuilt = await Run("rebuild", "organisations", "--data", Folder);
        Assert.Equal((0, "organisations: 3 rows folded anew.\n"), (rebuilt.Code, rebuilt.Output));
        await operating.Raw("/v1/organisations", """{"kind": "union", "name": "After", "country": "FR"}""").Expect(201);
        Assert.Equal(4, (await operating.Get("/v1/organisations").Expect(200))["items"]!.AsArray().Count);
        Assert.Equal(2, (await Run("rebuild", "dreams", "--data", Folder)).Code);
        Assert.Equal(200, (await operating.Get("/health/ready")).Status);
    }

    /// <summary>A newer program's view may have another shape: it says so and does not start, and the verb that it names works then.</summary>
    [Fact]
    public async Task A_view_of_another_shape_is_rebuilt_while_the_service_stands_still()
    {
        var (service, url) = await Up();
        var operating = new Client(url, (await Run("token", "--role", "operator", "--data", Folder)).Output.Trim());
        await operating.Raw("/v1/organisations", """{"kind": "union", "name": "U", "country": "FR"}""").Expect(201);
        await using (var owner = new Npgsql.NpgsqlConnection(EventStore.Embedded.EmbeddedCluster.Connection(Folder, EventStore.Embedded.EmbeddedCluster.OwnerRole, new Registry.Application.Instance.DataFolder(Folder).Passwords().Owner) + ";Search Path=registry;Pooling=false"))
        {
            await owner.OpenAsync();
            await using var other = new Npgsql.NpgsqlCommand("UPDATE registry_views SET sha256 = 'another' WHERE name = 'organisations'", owner);
            Assert.Equal(1, await other.ExecuteNonQueryAsync());
        }
        await Stop(service);
        await Says(14, "rebuild organisations", "up", "--data", Folder, "--urls", "http://127.0.0.1:0");
        var rebuilt = await Run("rebuild", "organisations", "--data", Folder);
        Assert.Equal((0, "organisations: 1 rows folded anew.\n"), (rebuilt.Code, rebuilt.Output));
        (_, url) = await Up();
        Assert.Single((await new Client(url, null).Get("/v1/organisations").Expect(200))["items"]!.AsArray());
        await Says(23, "./registry up", "rebuild", "organisations", "--data", Folder + "-never");
        Assert.False(Directory.Exists(Folder + "-never"));
    }

    [Fact]
    public async Task What_stands_in_the_way_is_said_in_a_sentence_with_an_exit_code()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        await Says(10, "--urls", "up", "--data", Folder, "--urls", $"http://127.0.0.1:{port}");
        await Up();
        await Says(16, "Another registry runs", "up", "--data", Folder, "--urls", "http://127.0.0.1:0");
        await Says(23, "./registry up", "token", "--role", "operator", "--data", Folder + "-never");
        await Says(2, "./registry up", "fly");
        await Says(2, "./registry up", "token", "--role", "emperor", "--data", Folder);
        var nowhere = Folder + "-none";
        await Says(11, "no postgres", "up", "--data", nowhere, environment: ("Registry__PostgresBinaries", "/nowhere"));
        const string away = "Host=/nowhere;Username=x;Password=x;Database=x";
        await Says(17, "cannot be reached", ["up", "--data", nowhere], [("Registry__Database", away), ("Registry__DatabaseReader", away)]);
        await Says(22, "Registry__DatabaseReader", "up", "--data", nowhere, environment: ("Registry__Database", away));
        if (Directory.Exists(nowhere)) Directory.Delete(nowhere, recursive: true);
    }

    /// <summary>Started by root the cluster's user must get in; started by anybody else the user itself must.</summary>
    [Fact]
    public async Task A_folder_that_cannot_be_reached_is_refused()
    {
        var mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | (Environment.IsPrivilegedProcess ? UnixFileMode.UserWrite : 0);
        var closed = Directory.CreateDirectory(Folder, mode).FullName;
        await Says(12, closed, "up", "--data", Path.Combine(closed, "data"), "--urls", "http://127.0.0.1:0");
        File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Keys_that_others_can_read_are_refused()
    {
        var (first, _) = await Up();
        await Stop(first);
        File.SetUnixFileMode(Path.Combine(Folder, "keys", "vault-wrapping"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await Says(19, "chmod 600", "up", "--data", Folder, "--urls", "http://127.0.0.1:0");
    }
}
