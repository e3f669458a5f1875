using Registry.Application.Agreements;
using Registry.Application.Mandates;
using Registry.Application.Members;
using Registry.Application.Operations;
using Registry.Application.Organisations;
using Registry.Application.PortabilityRequests;
using Registry.Domain.Agreements;
using Registry.Domain.Mandates;
using Registry.Domain.Operations;
using Registry.Domain.Organisations;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;
using Registry.EventStore;
using Registry.EventStore.Embedded;
using Registry.EventStore.Schema;
using Registry.EventStore.Streams;

namespace Registry.Application.Instance;

/// <summary>What an instance is told: where its data stand, and whether it brings its own cluster.</summary>
/// <param name="Connection">A configured server; null starts the embedded cluster.</param>
/// <param name="ReaderConnection">How a configured server is read.</param>
/// <param name="OwnerConnection">Who may migrate a configured server; null: somebody else does.</param>
/// <param name="EraserConnection">Who blanks ended streams on a configured server.</param>
/// <param name="Evaluation">The embedded issuer and the movable clock may run.</param>
public sealed record InstanceOptions(DataFolder Data, string LawFolder, string? Connection, string? ReaderConnection, string? OwnerConnection, string? EraserConnection, string? PostgresBinaries, bool Evaluation)
{
    internal SchemaRoles Roles => Connection is null
        ? EmbeddedCluster.Roles
        : new SchemaRoles(Database.UserOf(Connection), Database.UserOf(ReaderConnection), Database.UserOf(EraserConnection));
}

/// <summary>An instance that is open: its database, its law, its clock and its keys.</summary>
public sealed class RegistryInstance : IAsyncDisposable
{
    private readonly EmbeddedCluster? cluster;
    private readonly TimeProvider machine;

    private RegistryInstance(InstanceOptions options, Law law, TimeProvider machine, EmbeddedCluster? cluster)
    {
        (Options, Law, this.machine, this.cluster) = (options, law, machine, cluster);
        Clock = new LegalTime(machine, law.Calendars);
        Database = new Database(options.Connection ?? cluster!.WriterConnection());
        Reads = new Database(options.ReaderConnection ?? cluster!.ReaderConnection());
        Writer = new AppendWriter(Database);
        Vault = new Vault(new VaultKeys(options.Data.Key("vault-wrapping", 32), options.Data.Key("vault-index", 32)));
        Queue = new OperationQueue(options.Data.Secret("node", () => NewIds.Secret().ToString()), Clock);
    }

    public InstanceOptions Options { get; }

    public Law Law { get; }

    public LegalTime Clock { get; }

    public Vault Vault { get; }

    public OperationQueue Queue { get; }

    public bool IsEmbedded => cluster is not null;

    internal Database Database { get; }

    internal Database Reads { get; }

    internal AppendWriter Writer { get; }

    public static ViewCatalogue Views { get; } = new ViewCatalogue()
        .Add<OrganisationView, OrganisationEvent, Organisation>("organisations")
        .Add<RepresentativenessView, RepresentativenessEvent, Representativeness>("representativeness")
        .Add<AgreementView, AgreementEvent, Agreement>("agreements")
        .Add<MandateView, MandateEvent, Mandate>("mandates")
        .Add<RequestView, RequestEvent, PortabilityRequest>("portability_requests")
        .Add<LineBlockView, LineBlockEvent, LineBlock>("line_blocks")
        .Add<OperationView, OperationEvent, Operation>("operations")
        .AddSide("Vault");

    /// <summary>Starts the cluster where none is configured, migrates what it may, and checks what it finds.</summary>
    /// <exception cref="InstanceException">It cannot run.</exception>
    public static async Task<RegistryInstance> Open(InstanceOptions options, TimeProvider machine, CancellationToken ct)
    {
        EmbeddedCluster? cluster = null;
        if (options is { Connection: not null, ReaderConnection: null }) throw new InstanceException("no-reader", "Name the reader's connection string in Registry__DatabaseReader.");
        try
        {
            var law = LawFiles.Read(options.LawFolder);
            if (options.Connection is null) cluster = await EmbeddedCluster.Start(options.Data.Root, options.PostgresBinaries, options.Data.Passwords(), ct);
            var instance = new RegistryInstance(options, law, machine, cluster);
            if (instance.Owner is { } owner) await Migrations.Apply(owner, options.Roles, Views.All, ct);
            await instance.Check(ct);
            return instance;
        }
        catch (Exception error) when (Told(error) is { } told)
        {
            if (cluster is not null) await cluster.DisposeAsync();
            throw told;
        }
    }

    /// <summary>Brings a configured server to this program's schema.</summary>
    public static async Task Migrate(InstanceOptions options, CancellationToken ct)
    {
        try
        {
            var owner = options.OwnerConnection ?? throw new InstanceException("no-owner", "Name the owner's connection string in Registry__DatabaseOwner.");
            await Migrations.Apply(owner, options.Roles, Views.All, ct);
        }
        catch (Exception error) when (Told(error) is { } told)
        {
            throw told;
        }
    }

    /// <summary>Folds a view anew while the service goes on; gives how many rows it has.</summary>
    public static async Task<long> Rebuild(InstanceOptions options, string view, CancellationToken ct)
    {
        var (found, fold) = Views.Named(view) ?? throw new InstanceException("unknown-view", $"There is no view {view}. Views: {string.Join(", ", Views.All.Where(v => v.IsFolded).Select(v => v.Name))}");
        var owner = options.Connection is null
            ? EmbeddedCluster.Connection(options.Data.Root, EmbeddedCluster.OwnerRole, options.Data.Passwords().Owner)
            : options.OwnerConnection ?? throw new InstanceException("no-owner", "Name the owner's connection string in Registry__DatabaseOwner.");
        var catalogue = new EventCatalogue();
        try
        {
            return await EventStore.Replay.Rebuild.Run(owner, options.Roles, found, Views.All, events => fold(catalogue, events), ct);
        }
        catch (Exception error) when (Told(error) is { } told)
        {
            throw told;
        }
    }

    /// <summary>Ready is who has the right schema, durable settings and a database that answers.</summary>
    public Task Check(CancellationToken ct) => Migrations.Check(Database, Views.All, ct);

    /// <summary>Takes over the clock that all nodes share.</summary>
    public async Task ReadClock(CancellationToken ct) => Clock.Offset = await LegalClockRow.Read(Database, ct);

    /// <summary>Moves the legal clock forward; an instant not later than the present moves nothing.</summary>
    public async Task MoveClock(DateTimeOffset to, CancellationToken ct) =>
        Clock.Offset = to <= Clock.Now ? Clock.Offset : await LegalClockRow.Advance(Database, to - machine.GetUtcNow(), ct);

    /// <summary>Starts a new data folder at a legal instant, past or future.</summary>
    public async Task StartClock(DateTimeOffset at, CancellationToken ct)
    {
        var offset = at - machine.GetUtcNow();
        Clock.Offset = await LegalClockRow.Start(Database, offset, ct);
        if ((Clock.Offset - offset).Duration() > TimeSpan.FromSeconds(1))
        {
            throw new InstanceException("clock-runs", "--clock starts a new data folder, and this one has begun already. Move its clock with PUT /dev/clock, or name another folder with --data.");
        }
    }

    /// <summary>The database did not answer: nothing is wrong with what was asked, and asking again is right.</summary>
    public static bool IsAway(Exception error) => error is DatabaseAwayException;

    /// <summary>Forgets the keys of calls that were made before an instant of machine time.</summary>
    public Task<int> DropOldKeys(DateTimeOffset before, CancellationToken ct) => Writer.DropKeys(before, ct);

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await Database.DisposeAsync();
        await Reads.DisposeAsync();
        if (cluster is not null) await cluster.DisposeAsync();
    }

    private string? Owner => cluster?.OwnerConnection() ?? Options.OwnerConnection;

    /// <summary>What a person can be told of an error; null for a bug.</summary>
    public static InstanceException? Told(Exception error) => error switch
    {
        EmbeddedException e => new InstanceException(e.Code, e.Message, e),
        SchemaException e => new InstanceException(e.Code, e.Message, e),
        DatabaseAwayException e => new InstanceException("database-away", $"The database cannot be reached: {e.InnerException?.Message}", e),
        InvalidDataException or RuleSetException or Domain.Vocabularies.VocabularyException => new InstanceException("broken-data", error.Message, error),
        _ when Database.IsConnectionFailure(error) => new InstanceException("database-away", $"The database cannot be reached: {error.Message}", error),
        _ => null,
    };
}
