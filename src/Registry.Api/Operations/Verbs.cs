using System.Globalization;
using Registry.Api.Security;
using Registry.Application.Instance;

namespace Registry.Api.Operations;

/// <summary>The verbs of <c>./registry</c>, and the exit codes that scripts may rely on.</summary>
internal static class Verbs
{
    private const string StandardUrls = "http://127.0.0.1:5080";

    private const string Help = """
        ./registry up      [--urls URL] [--data DIR] [--clock INSTANT]   start everything and serve
        ./registry demo    [--urls URL] [--data DIR]                     play the story of samples/vtc against the running service
        ./registry token   --role ROLE [--org ID] [--sub ID]             print a bearer token (embedded issuer; 12 h)
        ./registry migrate                                               bring the configured database to this program's schema
        ./registry rebuild VIEW                                          fold a view anew while the service goes on
        ./registry rotate-keys                                           wrap the vault's keys under a new key while the service goes on
        ./registry backup FILE                                           copy the private cluster into one file while the service goes on
        ./registry restore FILE                                          put a backup in its place; the service must be stopped
        ./registry test                                                  build and pass every test
        ./registry prove [NAME]                                          the long proofs in full
        """;

    /// <summary>0 done · 1 something was not as expected · 2 usage · 10 and up: why the instance cannot run.</summary>
    private static readonly Dictionary<string, int> ExitCodes = new(StringComparer.Ordinal)
    {
        ["port-taken"] = 10, ["no-binaries"] = 11, ["no-cluster-user"] = 11, ["folder-unreachable"] = 12, ["disk-full"] = 13, ["schema-version"] = 14, ["schema-altered"] = 14, ["event-unprovable"] = 14, ["engine-other"] = 26,
        ["durability-off"] = 15, ["folder-in-use"] = 16, ["database-away"] = 17, ["cluster-failed"] = 18, ["keys-missing"] = 19, ["keys-readable"] = 19,
        ["clock-runs"] = 20, ["broken-data"] = 21, ["no-owner"] = 22, ["no-reader"] = 22, ["unknown-view"] = 2, ["not-running"] = 23, ["database-older"] = 24, ["not-a-backup"] = 25, ["backup-failed"] = 25, ["file-exists"] = 25, ["not-embedded"] = 2,
    };

    public static async Task<int> Run(string[] args)
    {
        if (Arguments.Parse(args) is not { } asked) return Usage();
        try
        {
            return asked.Verb switch
            {
                "up" => await Up(asked),
                "token" => Token(asked),
                "demo" => await Demo.Run(asked.Urls ?? Folder(asked).Announced() ?? throw NotRunning(), Folder(asked), TimeProvider.System),
                "migrate" => await Migrate(asked),
                "rebuild" when asked.Subject is { } view => await Rebuild(asked, view),
                "rotate-keys" => await RotateKeys(asked),
                "backup" when asked.Subject is { } file => await BackUp(asked, file),
                "restore" when asked.Subject is { } file => await Restore(asked, file),
                "help" => Say(Help),
                _ => Usage(),
            };
        }
        catch (InstanceException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return ExitCodes.GetValueOrDefault(refused.Code, 1);
        }
    }

    private static async Task<int> Up(Arguments asked)
    {
        var options = Options(asked);
        using var held = options.Data.Lock();
        await using var instance = await RegistryInstance.Open(options, TimeProvider.System, CancellationToken.None);
        if (options.Evaluation) await instance.ReadClock(CancellationToken.None);
        if (asked.Clock is { } at) await instance.StartClock(at, CancellationToken.None);
        await using var app = RegistryHost.Build(instance, TimeProvider.System, asked.Urls ?? StandardUrls);
        try
        {
            await app.StartAsync();
        }
        catch (IOException taken)
        {
            throw new InstanceException("port-taken", $"{asked.Urls ?? StandardUrls} cannot be listened on: {taken.Message} Name another address with --urls.", taken);
        }
        options.Data.Announce(string.Join(';', app.Urls));
        Tell(instance, app);
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static void Tell(RegistryInstance instance, WebApplication app)
    {
        var database = instance.IsEmbedded ? "a private PostgreSQL, on a socket, in that folder" : "the configured PostgreSQL";
        var clock = instance.Options.Evaluation ? string.Create(CultureInfo.InvariantCulture, $"legal clock  {instance.Clock.Now:yyyy-MM-dd HH:mm:ss}Z") : "legal clock  the machine's";
        Console.Error.WriteLine($"""
            The Registry serves {string.Join(", ", app.Urls)}
              docs         {app.Urls.First()}/docs
              data         {instance.Options.Data.Root}
              database     {database}
              {clock}
            Ctrl-C stops everything.
            """);
        if (instance.Options.Data.Remark is { } remark) Console.Error.WriteLine(remark);
    }

    private static int Token(Arguments asked)
    {
        if (asked.Role is not { } role || !Roles.All.Contains(role)) return Usage();
        if (role == Roles.Member ? asked.Subject is null : role != Roles.Operator && asked.Organisation is null) return Usage();
        var folder = Folder(asked);
        if (folder.Existing(EmbeddedIssuer.KeyName) is null) throw NotRunning();
        var issuer = new EmbeddedIssuer(folder, TimeProvider.System);
        return Say(issuer.Token(role, asked.Organisation?.ToString(), role == Roles.Member ? asked.Subject : null));
    }

    private static async Task<int> Migrate(Arguments asked)
    {
        await RegistryInstance.Migrate(Options(asked), CancellationToken.None);
        return Say("The database stands at this program's schema.");
    }

    private static async Task<int> Rebuild(Arguments asked, string view)
    {
        var rows = await RegistryInstance.Rebuild(Options(asked), view, CancellationToken.None);
        return Say($"{view}: {rows} rows folded anew.");
    }

    private static async Task<int> RotateKeys(Arguments asked)
    {
        var (rows, retired) = await RegistryInstance.RotateKeys(Options(asked), TimeProvider.System, CancellationToken.None);
        return Say($"{rows} rows stand under the new key. Put aside: {string.Join(", ", retired)}. Older backups need it; delete it with the last of them.");
    }

    private static async Task<int> BackUp(Arguments asked, string file)
    {
        await RegistryInstance.BackUp(Options(asked), file, CancellationToken.None);
        return Say($"{file} holds the database. The keys are not in it: keep a copy of {Path.Combine(Folder(asked).Root, "keys")} elsewhere.");
    }

    private static async Task<int> Restore(Arguments asked, string file)
    {
        var options = Options(asked);
        using var held = options.Data.Lock();
        var restored = await RegistryInstance.Restore(options, file, TimeProvider.System, CancellationToken.None);
        var lost = restored.HadReached is { } reached ? $"It is older than what was here, which had reached {reached}: the log says so from now on." : "Nothing is missing from it.";
        return Say($"""
            The log ends at position {restored.EndsAt}. {lost}
            Erased again: {restored.Erased} references.
            {(restored.Replaced is { } before ? $"What stood here before is kept in {before}." : "There was no database here before.")}
            """);
    }

    private static InstanceOptions Options(Arguments asked)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build().GetSection("Registry");
        var connection = configuration["Database"];
        return new InstanceOptions(
            Folder(asked), Path.Combine(AppContext.BaseDirectory, "law"), connection, configuration["DatabaseReader"],
            configuration["DatabaseOwner"], configuration["DatabaseEraser"], configuration["PostgresBinaries"],
            connection is null || configuration.GetValue("Evaluation", false));
    }

    private static DataFolder Folder(Arguments asked) =>
        DataFolder.Choose(asked.Data, Path.Combine(Environment.GetEnvironmentVariable("REGISTRY_HOME") ?? Environment.CurrentDirectory, ".data"));

    private static InstanceException NotRunning() => new("not-running", "No registry has been started in this folder. Run: ./registry up");

    private static int Say(string text)
    {
        Console.WriteLine(text);
        return 0;
    }

    private static int Usage()
    {
        Console.Error.WriteLine(Help);
        return 2;
    }
}

/// <summary>The command line, read once.</summary>
internal sealed record Arguments(string Verb)
{
    public string? Urls { get; private set; }

    public string? Data { get; private set; }

    public DateTimeOffset? Clock { get; private set; }

    public string? Role { get; private set; }

    public Guid? Organisation { get; private set; }

    /// <summary>A member's subject, or the one word behind a verb.</summary>
    public string? Subject { get; private set; }

    public static Arguments? Parse(string[] args)
    {
        var asked = new Arguments(args.Length == 0 ? "help" : args[0]);
        for (var i = 1; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) && asked.Subject is null) asked.Subject = args[i];
            else if (i + 1 == args.Length || !asked.Take(args[i], args[++i])) return null;
        }
        return asked;
    }

    private bool Take(string name, string value)
    {
        switch (name)
        {
            case "--urls": Urls = value; return true;
            case "--data": Data = value; return true;
            case "--role": Role = value; return true;
            case "--sub": Subject = value; return true;
            case "--org" when Guid.TryParse(value, out var org): Organisation = org; return true;
            case "--clock" when DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at): Clock = at; return true;
            default: return false;
        }
    }
}
