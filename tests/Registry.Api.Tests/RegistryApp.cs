using System.Text.Json.Nodes;
using Npgsql;
using Registry.Api.Operations;
using Registry.Api.Security;
using Registry.Application.Instance;
using Registry.EventStore.Embedded;
using Registry.EventStore.Schema;

namespace Registry.Api.Tests;

/// <summary>One private cluster for the whole run.</summary>
public sealed class Postgres
{
    private static readonly Lazy<Task<Postgres>> Shared = new(Start);
    private static int databases;

    private readonly Lazy<Task<string>> migrated;

    private Postgres(EmbeddedCluster cluster, string folder)
    {
        Cluster = cluster;
        migrated = new(Migrated);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            cluster.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));
            Directory.Delete(folder, recursive: true);
        };
    }

    public EmbeddedCluster Cluster { get; }

    public static async Task<(string Writer, string Reader, string Owner, string Eraser)> NewDatabase() => await (await Shared.Value).Made("template1");

    /// <summary>At this program's schema: a copy of one that was brought there once.</summary>
    public static async Task<(string Writer, string Reader, string Owner, string Eraser)> NewRegistry()
    {
        var shared = await Shared.Value;
        return await shared.Made(await shared.migrated.Value);
    }

    private async Task<(string Writer, string Reader, string Owner, string Eraser)> Made(string template)
    {
        var name = $"api{Interlocked.Increment(ref databases)}";
        await Cluster.MakeDatabase(name, default, template);
        return (Cluster.WriterConnection(name), Cluster.ReaderConnection(name), Cluster.OwnerConnection(name), Cluster.EraserConnection(name));
    }

    private async Task<string> Migrated()
    {
        const string name = "migrated";
        await Cluster.MakeDatabase(name, default);
        await Migrations.Apply(Cluster.OwnerConnection(name), EmbeddedCluster.Roles, RegistryInstance.Views.All, default);
        return name;
    }

    public static async Task<string> Admin() => (await Shared.Value).Cluster.AdminConnection("postgres");

    private static async Task<Postgres> Start()
    {
        var folder = Path.Combine(Path.GetTempPath(), "registry-api-" + Guid.NewGuid().ToString("N")[..12]);
        var cluster = await EmbeddedCluster.Start(folder, null, ClusterPasswords.Random(), default);
        await using var admin = new NpgsqlConnection(cluster.AdminConnection("postgres"));
        await admin.OpenAsync();
        foreach (var sql in new[] { "ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()" }) // hundreds of small databases, each looked at every few seconds
        {
            await using var command = new NpgsqlCommand(sql, admin);
            await command.ExecuteNonQueryAsync();
        }
        return new Postgres(cluster, folder);
    }
}

/// <summary>A real host on a real database, over HTTP, at noon of a Wednesday in November 2026.</summary>
public class RegistryApp : IAsyncLifetime
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 25, 11, 0, 0, TimeSpan.Zero);

    private readonly string folder = Path.Combine(Path.GetTempPath(), "registry-host-" + Guid.NewGuid().ToString("N")[..12]);
    private WebApplication app = null!;

    public RegistryInstance Instance { get; private set; } = null!;

    /// <summary>The host's own services, for tests that stand between two steps of an act.</summary>
    public IServiceProvider Services => app.Services;

    public EmbeddedIssuer Issuer { get; private set; } = null!;

    public CapturedLog Log { get; } = new();

    public string Owner { get; private set; } = "";

    public Uri Url { get; private set; } = null!;

    internal Client Nobody { get; private set; } = null!;

    internal Client Operator { get; private set; } = null!;

    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["Registry:Limits:Others"] = "0", ["Registry:Limits:Decisions"] = "0" };

    protected virtual bool Evaluation => true;

    protected virtual DateTimeOffset Start => Noon;

    protected virtual string LawFolder => Path.Combine(AppContext.BaseDirectory, "law");

    public async Task InitializeAsync()
    {
        (var writer, var reader, Owner, var eraser) = await Postgres.NewRegistry();
        var options = new InstanceOptions(new DataFolder(folder), LawFolder, writer, reader, Owner, eraser, null, Evaluation);
        Instance = await RegistryInstance.Open(options, TimeProvider.System, default);
        if (Evaluation) await Instance.StartClock(Start, default);
        app = RegistryHost.Build(Instance, TimeProvider.System, "http://127.0.0.1:0", builder => builder.Configuration.AddInMemoryCollection(Settings), Log);
        await app.StartAsync();
        Url = new Uri(app.Urls.First());
        Issuer = new EmbeddedIssuer(options.Data, TimeProvider.System);
        Nobody = new Client(Url, null);
        Operator = As(Roles.Operator, null);
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        await Instance.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    internal Client As(string role, Guid? organisation) => new(Url, Issuer.Token(role, organisation?.ToString(), null));

    internal Client Member(string subject) => new(Url, Issuer.Token(Roles.Member, null, subject));

    internal async Task<Organisation> Register(string kind, string name, JsonObject? more = null)
    {
        var body = new JsonObject { ["kind"] = kind, ["name"] = name, ["country"] = "FR" };
        foreach (var (key, value) in more ?? []) body[key] = value?.DeepClone();
        var made = await Operator.Post("/v1/organisations", body).Expect(201);
        var id = made["id"]!.GetValue<Guid>();
        var role = kind switch { "platform" or "employer" or "employersAssociation" => Roles.Platform, "authority" => Roles.Authority, "auditor" => Roles.Auditor, _ => Roles.Union };
        return new Organisation(id, As(role, id));
    }

    public Task MoveTo(string day, string time = "11:00:00") => Operator.Put("/dev/clock", new JsonObject { ["now"] = $"{day}T{time}Z" }).Expect(200);

    public async Task<T> Scalar<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Owner + ";Search Path=registry;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>An organisation with the client that speaks for it.</summary>
internal sealed record Organisation(Guid Id, Client Http);

/// <summary>What the host writes to its log.</summary>
public sealed class CapturedLog : Serilog.Core.ILogEventSink
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();
    private readonly Serilog.Formatting.Json.JsonFormatter formatter = new(renderMessage: true);

    public IEnumerable<string> Lines => lines;

    public void Emit(Serilog.Events.LogEvent logEvent)
    {
        using var text = new StringWriter();
        formatter.Format(logEvent, text);
        lines.Enqueue(text.ToString());
    }
}
