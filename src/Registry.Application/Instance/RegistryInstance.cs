using System.Globalization;
using Registry.Application.Agreements;
using Registry.Application.Mandates;
using Registry.Application.Members;
using Registry.Application.Operations;
using Registry.Application.Organisations;
using Registry.Application.PortabilityRequests;
using Registry.Application.Retention;
using Registry.Application.Terms;
using Registry.Domain.Agreements;
using Registry.Domain.Instances;
using Registry.Domain.Mandates;
using Registry.Domain.Operations;
using Registry.Domain.Organisations;
using Registry.Domain.PortabilityRequests;
using Registry.Domain.RuleSets;
using Registry.EventStore;
using Registry.EventStore.Embedded;
using Registry.EventStore.Schema;
using Registry.EventStore.Streams;
using Registry.EventStore.Views;

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
    /// <summary>How soon a service takes over a wrapping key that was made beside it.</summary>
    public static readonly TimeSpan KeysReadEvery = TimeSpan.FromSeconds(1);

    private readonly EmbeddedCluster? cluster;
    private readonly TimeProvider machine;
    private readonly SemaphoreSlim settingClock = new(1);
    private readonly Eraser? eraser;
    private long lastWitnessed;

    private RegistryInstance(InstanceOptions options, Law law, TimeProvider machine, EmbeddedCluster? cluster)
    {
        (Options, Law, this.machine, this.cluster) = (options, law, machine, cluster);
        Clock = new LegalTime(machine, law.Calendars);
        Database = new Database(options.Connection ?? cluster!.WriterConnection());
        Reads = new Database(options.ReaderConnection ?? cluster!.ReaderConnection());
        Writer = new AppendWriter(Database, EventCatalogue.Names);
        Vault = new Vault(() => options.Data.VaultKeys());
        Log = new EventLog(Reads, Writer);
        Itself = new ViewReader(Reads, Database, () => ViewReader.Itself);
        Terms = new FreshTerms(Log, Itself, new EventCatalogue(), Views, law, machine);
        eraser = cluster is not null ? new Eraser(cluster.EraserConnection(), ownsServer: true) : options.EraserConnection is { } named ? new Eraser(named, ownsServer: false) : null;
        Keeping = new Keeping(Itself, Views, Log, new EventCatalogue(), eraser, RewriteSoon, Clock);
        Queue = new OperationQueue(options.Data.Secret("node", () => NewIds.Secret().ToString()), Clock);
    }

    /// <summary>What writes the log: <c>registry</c>, or <c>marten</c> where it was built in.</summary>
    public static string Engine => EventLog.EngineBuiltIn;

    public InstanceOptions Options { get; }

    /// <summary>Reads for the service's own decisions.</summary>
    internal ViewReader Itself { get; }

    public Law Law { get; }

    public LegalTime Clock { get; }

    public Vault Vault { get; }

    public OperationQueue Queue { get; }

    public Keeping Keeping { get; }

    public FreshTerms Terms { get; }

    public bool IsEmbedded => cluster is not null;

    internal Database Database { get; }

    internal Database Reads { get; }

    internal AppendWriter Writer { get; }

    internal EventLog Log { get; }

    public static ViewCatalogue Views { get; } = new ViewCatalogue()
        .Add<OrganisationView, OrganisationEvent, Organisation>("organisations")
        .Add<RepresentativenessView, RepresentativenessEvent, Representativeness>("representativeness")
        .Add<AgreementRow, AgreementEvent, Agreement>("agreements")
        .Add<MandateRow, MandateEvent, Mandate>("mandates")
        .Add<RequestView, RequestEvent, PortabilityRequest>("portability_requests")
        .Add<LineBlockView, LineBlockEvent, LineBlock>("line_blocks")
        .Add<OperationView, OperationEvent, Operation>("operations")
        .AddSide("Vault");

    /// <summary>Starts the cluster where none is configured, migrates what it may, and checks what it finds.</summary>
    /// <exception cref="InstanceException">It cannot run.</exception>
    public static Task<RegistryInstance> Open(InstanceOptions options, TimeProvider machine, CancellationToken ct) => Open(options, machine, mayBeOlder: false, ct);

    private static async Task<RegistryInstance> Open(InstanceOptions options, TimeProvider machine, bool mayBeOlder, CancellationToken ct)
    {
        var (cluster, instance) = ((EmbeddedCluster?)null, (RegistryInstance?)null);
        if (options is { Connection: not null, ReaderConnection: null }) throw new InstanceException("no-reader", "Name the reader's connection string in Registry__DatabaseReader.");
        try
        {
            var law = LawFiles.Read(options.LawFolder);
            if (options.Connection is null) cluster = await EmbeddedCluster.Start(options.Data.Root, options.PostgresBinaries, options.Data.Passwords(), ct);
            instance = new RegistryInstance(options, law, machine, cluster);
            if (instance.Owner is { } owner) await Migrations.Apply(owner, options.Roles, Views.All, ct);
            await instance.Check(ct);
            await instance.Hold(ct);
            await instance.Destroy([.. options.Data.Erased()], ct); // whoever was erased before stays erased, whatever database this is
            if (!mayBeOlder) await instance.CheckAge(ct);
            return instance;
        }
        catch (Exception error) when (Told(error) is { } told)
        {
            if (instance is not null) await instance.Close();
            else if (cluster is not null) await cluster.DisposeAsync();
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

    /// <summary>
    /// Folds a view anew while the service goes on; gives how many rows it has. Where nobody serves an embedded folder its cluster
    /// is started for as long: a view of another shape than the program's keeps the service itself from starting.
    /// </summary>
    public static async Task<long> Rebuild(InstanceOptions options, string view, CancellationToken ct)
    {
        var (found, fold) = Views.Named(view) ?? throw new InstanceException("unknown-view", $"There is no view {view}. Views: {string.Join(", ", Views.All.Where(v => v.IsFolded).Select(v => v.Name))}");
        if (options.Connection is null && !options.Data.HasKeys) throw new InstanceException("not-running", "No registry has been started in this folder. Run: ./registry up");
        var owner = options.Connection is null
            ? EmbeddedCluster.Connection(options.Data.Root, EmbeddedCluster.OwnerRole, options.Data.Passwords().Owner)
            : options.OwnerConnection ?? throw new InstanceException("no-owner", "Name the owner's connection string in Registry__DatabaseOwner.");
        var catalogue = new EventCatalogue();
        try
        {
            using var held = options.Connection is null ? options.Data.LockIfFree() : null;
            await using var cluster = held is null ? null : await EmbeddedCluster.Start(options.Data.Root, options.PostgresBinaries, options.Data.Passwords(), ct);
            return await EventStore.Replay.Rebuild.Run(owner, options.Roles, found, Views.All, events => fold(catalogue, events), ct);
        }
        catch (Exception error) when (Told(error) is { } told)
        {
            throw told;
        }
    }

    /// <summary>
    /// Wraps every row's key anew under a new wrapping key, while the service goes on; gives how many rows there were and the files that
    /// were put aside. A service that runs takes the new key over within <see cref="KeysReadEvery"/>.
    /// </summary>
    public static async Task<(int Rows, IReadOnlyList<string> Retired)> RotateKeys(InstanceOptions options, TimeProvider machine, CancellationToken ct)
    {
        if (!options.Data.HasKeys) throw new InstanceException("not-running", "No registry has been started in this folder. Run: ./registry up");
        try
        {
            using var held = options.Connection is null ? options.Data.LockIfFree() : null;
            await using var cluster = held is null ? null : await EmbeddedCluster.Start(options.Data.Root, options.PostgresBinaries, options.Data.Passwords(), ct);
            await using var writes = new Database(options.Connection ?? EmbeddedCluster.Connection(options.Data.Root, EmbeddedCluster.WriterRole, options.Data.Passwords().Writer));
            options.Data.AddWrappingKey();
            var rotation = new KeyRotation(new ViewReader(writes, writes, () => ViewReader.Itself), Views.Side("Vault"), new Vault(() => options.Data.VaultKeys()));
            var rows = await rotation.Run(ct);
            if (held is null)
            {
                await Task.Delay(2 * KeysReadEvery, machine, ct); // by now whoever serves wraps with the new key too
                rows += await rotation.Run(ct);
            }
            return (rows, options.Data.RetireWrappingKeys());
        }
        catch (Exception error) when (Told(error) is { } told)
        {
            throw told;
        }
    }

    /// <summary>Copies the embedded cluster into one file while the service goes on. The keys are not in it.</summary>
    public static async Task BackUp(InstanceOptions options, string file, CancellationToken ct)
    {
        if (options.Connection is not null) throw NotEmbedded();
        if (File.Exists(file)) throw new InstanceException("file-exists", $"{file} is there already; a backup overwrites nothing.");
        try
        {
            await ClusterBackup.Make(options.Data.Root, options.PostgresBinaries, options.Data.Passwords(), Path.GetFullPath(file), ct);
        }
        catch (Exception error) when (Told(error) is { } told)
        {
            throw told;
        }
    }

    /// <summary>
    /// Puts a backup in the place of the embedded cluster, erases again whoever was erased since it was made, and where the
    /// log had reached further writes down in the log itself that it was restored.
    /// </summary>
    public static async Task<Restored> Restore(InstanceOptions options, string file, TimeProvider machine, CancellationToken ct)
    {
        if (options.Connection is not null) throw NotEmbedded();
        if (!File.Exists(file)) throw new InstanceException("not-a-backup", $"There is no file {file}.");
        if (!options.Data.HasKeys) throw new InstanceException("keys-missing", $"{options.Data.Root} holds no keys folder. Put back the one that belongs to the backup: without it nobody's name can be read.");
        string? replaced;
        try
        {
            replaced = await ClusterBackup.Restore(options.Data.Root, Path.GetFullPath(file), machine.GetUtcNow().ToString("'replaced-'yyyyMMddHHmmss", CultureInfo.InvariantCulture), ct);
        }
        catch (Exception error) when (Told(error) is { } told)
        {
            throw told;
        }
        try
        {
            return await FirstOpening(options, replaced, machine, ct);
        }
        catch (InstanceException)
        {
            ClusterBackup.PutBack(options.Data.Root, replaced); // other keys, a newer schema: as if nobody had tried
            throw;
        }
    }

    private static async Task<Restored> FirstOpening(InstanceOptions options, string? replaced, TimeProvider machine, CancellationToken ct)
    {
        var before = options.Data.Witnessed();
        await using var instance = await Open(options, machine, mayBeOlder: true, ct);
        var ends = await instance.Log.Head(ct);
        var isOlder = before is not null && !await instance.Holds(before, ct);
        if (isOlder) await instance.TellRestored(ends, before!.Position, ct);
        await instance.KeepWitness(ct);
        return new Restored(ends, isOlder ? before!.Position : null, options.Data.Erased().Count, replaced);
    }

    /// <summary>Destroys what names these people. Remembered outside the database first.</summary>
    public async Task Erase(IReadOnlyCollection<Guid> members, CancellationToken ct)
    {
        if (members.Count == 0) return;
        Options.Data.RememberErased(members);
        await Destroy([.. members], ct);
    }

    /// <summary>Something that named people was dropped: within the hour no sealed byte of it is left.</summary>
    public void RewriteSoon() => Options.Data.RememberTurnedOver(-1);

    /// <summary>Has the tables that hold people rewritten where somebody was erased since it was last done, and the server's log turned over where it is our own.</summary>
    public async Task TurnOver(CancellationToken ct)
    {
        var erased = Options.Data.Erased().Count;
        if (eraser is null || erased == Options.Data.TurnedOver()) return;
        await eraser.TurnOver(ct);
        Options.Data.RememberTurnedOver(erased);
    }

    private async Task Destroy(Guid[] members, CancellationToken ct)
    {
        await Itself.Execute(Views.Side("Vault").Query("erase"), [members], ct);
        foreach (var trace in new[] { "erase_accounts", "erase_answers", "erase_claims", "erase_invitations" }) await Itself.Execute(Views.Side("Vault").Query(trace), [members], ct);
    }

    /// <summary>Takes over a wrapping key that a rotation made beside this process.</summary>
    public Task ReadKeysAgain()
    {
        Vault.ReadKeysAgain();
        return Task.CompletedTask;
    }

    /// <summary>Writes down outside the database how far the log has reached.</summary>
    public async Task KeepWitness(CancellationToken ct)
    {
        if (await Log.Head(ct) is var head && head > 0 && head != lastWitnessed && await Log.LeafAt(head, ct) is { } leaf)
        {
            Options.Data.Remember(new Witness(head, Convert.ToHexStringLower(leaf)));
            lastWitnessed = head;
        }
    }

    private static InstanceException NotEmbedded() =>
        new("not-embedded", "This instance works on a configured PostgreSQL: back it up and restore it with that server's own tools, such as pg_basebackup.");

    private async Task<bool> Holds(Witness witness, CancellationToken ct) =>
        await Log.LeafAt(witness.Position, ct) is { } leaf && Convert.ToHexStringLower(leaf) == witness.Leaf;

    /// <summary>A database that lacks what was seen in it is an older one, or another: nobody may go on with it unawares.</summary>
    private async Task CheckAge(CancellationToken ct)
    {
        if (Options.Data.Witnessed() is not { } seen || await Holds(seen, ct)) return;
        var ends = await Log.Head(ct);
        throw new InstanceException(
            "database-older", $"The database ends at position {ends} and lacks what was acknowledged up to {seen.Position}: it is older than this folder's keys, or another. "
            + "Bring back the right one, or put a backup in its place with ./registry restore FILE, which writes the loss into the log.");
    }

    private Task<Appended> TellRestored(long ends, long reached, CancellationToken ct) => Log.Append(
        new Append(new AppendContext(Clock.Now, """{"actor": "operator"}""", null, "restore")).AppendTo(
            NewIds.Named("instance"), "instance", Append.AnyVersion, new EventCatalogue().Store(new LogRestored(ends, reached, Clock.Now))), ct);

    /// <summary>Takes the log for this engine, and again where PostgreSQL let go of it.</summary>
    public Task Hold(CancellationToken ct) => Writer.Open(ct);

    /// <summary>Ready is who has the right schema, durable settings and a database that answers.</summary>
    public Task Check(CancellationToken ct) => Migrations.Check(Database, Views.All, ct);

    /// <summary>Takes over the clock that all nodes share.</summary>
    public Task ReadClock(CancellationToken ct) => SetClock(() => LegalClockRow.Read(Database, ct), ct);

    /// <summary>Moves the legal clock forward; an instant not later than the present moves nothing.</summary>
    public Task MoveClock(DateTimeOffset to, CancellationToken ct) => to <= Clock.Now ? Task.CompletedTask : SetClock(() => LegalClockRow.Advance(Database, to - machine.GetUtcNow(), ct), ct);

    /// <summary>One after the other: what was read before a move must not be set after it, or the clock would go back.</summary>
    private async Task SetClock(Func<Task<TimeSpan>> offset, CancellationToken ct)
    {
        await settingClock.WaitAsync(ct);
        try
        {
            Clock.Offset = await offset();
        }
        finally
        {
            settingClock.Release();
        }
    }

    /// <summary>Starts a new data folder at a legal instant, past or future.</summary>
    public async Task StartClock(DateTimeOffset at, CancellationToken ct)
    {
        var offset = at - machine.GetUtcNow();
        await SetClock(() => LegalClockRow.Start(Database, offset, ct), ct);
        if ((Clock.Offset - offset).Duration() > TimeSpan.FromSeconds(1))
        {
            throw new InstanceException("clock-runs", "--clock starts a new data folder, and this one has begun already. Move its clock with PUT /dev/clock, or name another folder with --data.");
        }
    }

    /// <summary>The database did not answer: nothing is wrong with what was asked, and asking again is right.</summary>
    public static bool IsAway(Exception error) => error is DatabaseAwayException;

    /// <summary>True for an act of more events than one transaction takes.</summary>
    public static bool IsTooLarge(Exception error) => error is AppendTooLargeException;

    /// <summary>Forgets the keys of calls that were made before an instant of machine time.</summary>
    public Task<int> DropOldKeys(DateTimeOffset before, CancellationToken ct) => Writer.DropKeys(before, ct);

    public async ValueTask DisposeAsync()
    {
        await LastWitness();
        await Close();
    }

    private async Task Close()
    {
        Terms.Dispose();
        await Writer.DisposeAsync();
        await Database.DisposeAsync();
        await Reads.DisposeAsync();
        if (cluster is not null) await cluster.DisposeAsync();
    }

    /// <summary>A stop keeps the newest witness where the database still answers; a kill leaves the last second's.</summary>
    private async Task LastWitness()
    {
        try
        {
            await KeepWitness(CancellationToken.None);
        }
        catch (Exception error) when (IsAway(error) || Database.IsConnectionFailure(error))
        {
            // the database went first: the witness stays where it was, which is never too far
        }
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

/// <summary>What a restore found and did.</summary>
/// <param name="EndsAt">The last position of the restored log.</param>
/// <param name="HadReached">How far the log had been seen to reach; null where nothing is missing.</param>
/// <param name="Erased">How many references were erased again.</param>
/// <param name="Replaced">Where the cluster stands that was replaced.</param>
public sealed record Restored(long EndsAt, long? HadReached, int Erased, string? Replaced);
