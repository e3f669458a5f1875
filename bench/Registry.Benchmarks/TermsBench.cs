using System.Diagnostics;
using System.Globalization;
using Registry.Api.Security;
using Registry.Application.Instance;
using Registry.Domain.Terms;

namespace Registry.Benchmarks;

/// <summary>
/// Agreed terms and decisions: resolution in the process, over HTTP beside an action of the same host that returns a
/// constant of the same length and beside a bare Kestrel endpoint, in batches, and as the record grows.
/// </summary>
internal sealed class TermsBench(int rounds, double seconds)
{
    private const int Connections = 64;
    private const int Prepared = 4_000;
    private const int Callers = 100;

    private static readonly string LawFolder = Path.Combine(AppContext.BaseDirectory, "law");

    public void InProcess()
    {
        var world = new TermsWorld(LawFiles.Read(LawFolder), 1).Conclude(1_000);
        var law = LawFiles.Read(LawFolder);
        var terms = AgreedTerms.None(law).With(Enumerable.Range(0, 1_000).Select(world.Known), world.Memberships());
        var on = new DateOnly(2026, 11, 22);
        var questions = Enumerable.Range(0, 100_000).Select(_ => world.Question(on)).ToArray();
        var verdicts = questions.GroupBy(q => terms.Ask(q).Verdict).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count() / 1_000}%");
        Console.WriteLine($"resolution, 1,000 agreements of 50 terms, 100,000 questions: {string.Join(", ", verdicts)}");
        var allowed = questions.Where(q => terms.Ask(q).Verdict == Verdict.Allowed).ToArray();
        foreach (var (name, asked) in new[] { ("any answer, 100,000 different", questions), ("allowed, 35,000 different", allowed), ("any answer, 1,000 again", [.. Repeated(questions)]), ("allowed, 1,000 again", [.. Repeated(allowed)]) })
        {
            var (medians, bytes) = (new List<double>(), 0.0);
            for (var round = 0; round < rounds; round++)
            {
                var times = new long[asked.Length];
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < asked.Length; i++)
                {
                    var began = Stopwatch.GetTimestamp();
                    _ = terms.Ask(asked[i]);
                    times[i] = Stopwatch.GetTimestamp() - began;
                }
                bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)asked.Length;
                Array.Sort(times);
                medians.Add(times[times.Length / 2] * 1e9 / Stopwatch.Frequency);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-32} {Rounds.Median(medians),8:0} ns at the median, {bytes:0} bytes a question   under 2,000 ns"));
        }
        var cold = Stopwatch.StartNew();
        var (day, few) = (on.AddDays(1), questions[..2_000]);
        foreach (var question in few) _ = terms.Ask(question with { On = day });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {"the first one in its place",-32} {cold.Elapsed.TotalNanoseconds / few.Length,8:0} ns on average"));
    }

    private static IEnumerable<Question> Repeated(Question[] questions) => Enumerable.Range(0, 100).SelectMany(_ => questions[..1_000]);

    public async Task OverHttp()
    {
        await using var served = await Served.Start(1_000);
        var questions = Enumerable.Range(0, Prepared).Select(_ => TermsWorld.Body(served.World.Question(default))).ToArray();
        var asking = questions.Select((q, i) => RawCaller.Request("POST", "/v1/decisions", served.Tokens[i % Callers], q)).ToArray();
        var length = (int)await Average(served.Url, asking, 200);
        var constant = questions.Select((q, i) => RawCaller.Request("POST", $"/bench/decisions/{length}", served.Tokens[i % Callers], q)).ToArray();
        var bare = questions.Select(q => RawCaller.Request("POST", $"/{length}", null, q)).ToArray();
        await Beside($"POST /v1/decisions ({length} bytes)", served, asking, constant, bare, 200, "0.7", "0.4");

        var places = served.World.Platforms.Take(Callers).Select(p => $"/v1/terms?sector={p.Sector}&territory=FR&status=selfEmployed&platform={p.Platform}").ToArray();
        var reading = places.Select((p, i) => RawCaller.Request("GET", p, served.Tokens[i])).ToArray();
        var listed = (int)await Average(served.Url, reading, 200);
        var lists = places.Select((p, i) => RawCaller.Request("GET", $"/bench/terms/{listed}", served.Tokens[i])).ToArray();
        await Beside($"GET /v1/terms 200 ({listed} bytes)", served, reading, lists, [RawCaller.Request("GET", $"/{listed}", null)], 200, "0.85", "0.55");
        var known = await Task.WhenAll(places.Select((p, i) => ETag(served, p, served.Tokens[i])));
        var unchanged = places.Select((p, i) => RawCaller.Request("GET", p, served.Tokens[i], more: $"If-None-Match: {known[i]}\r\n")).ToArray();
        var nothing = places.Select((p, i) => RawCaller.Request("GET", "/bench/unchanged", served.Tokens[i])).ToArray();
        await Beside("GET /v1/terms 304", served, unchanged, nothing, [RawCaller.Request("GET", "/0", null)], 304, "0.85", "0.55");

        var batches = questions.Chunk(1_000).Select((items, i) => RawCaller.Request("POST", "/v1/decisions/batch", served.Tokens[i], $"{{\"items\": [{string.Join(',', items)}]}}")).ToArray();
        await Rounds.Compare("questions a second, single against batch", rounds, () => Rate(served.Url, asking, 200), async () => 1_000 * await Rate(served.Url, batches, 200), "10");
    }

    /// <summary>One call after the other on one connection, with 10 agreements and with 20,000.</summary>
    public async Task Growth()
    {
        await using var served = await Served.Start(10);
        var few = await Latency(served);
        await served.World.Conclude(20_000).Append(served.Folder, 10, 20_000);
        await served.Restart();
        var many = await Latency(served);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"POST /v1/decisions, 10 and 20,000 agreements",-44} {few,8:0.000} ms {many,8:0.000} ms  x{many / few:0.00}   under 1.5"));
        Console.WriteLine($"{served.Index}   under 15 s");
    }

    private async Task<double> Latency(Served served)
    {
        var asking = Enumerable.Range(0, Prepared).Select(i => RawCaller.Request("POST", "/v1/decisions", served.Tokens[i % Callers], TermsWorld.Body(served.World.Question(default)))).ToArray();
        using var caller = await RawCaller.Connect(served.Url);
        var medians = new List<double>();
        for (var round = -1; round < rounds; round++)
        {
            var times = new List<double>();
            foreach (var request in asking)
            {
                var began = Stopwatch.GetTimestamp();
                await caller.Send(request, 200);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            if (round >= 0) medians.Add(Rounds.Median(times)); // the first round warms
        }
        return Rounds.Median(medians);
    }

    private async Task Beside(string what, Served served, byte[][] ours, byte[][] constant, byte[][] bare, int expected, string asked, string aimed)
    {
        for (var warm = 0; warm < 3; warm++)
        {
            await Rate(served.Url, ours, expected);
            await Rate(served.Url, constant, expected);
        }
        await Rate(served.Bare, bare, 200);
        var bares = new List<double>();
        var figures = new List<double>();
        await Rounds.Compare(
            what, rounds,
            async () =>
            {
                bares.Add(await Rate(served.Bare, bare, 200));
                return await Rate(served.Url, constant, expected);
            },
            async () =>
            {
                figures.Add(await Rate(served.Url, ours, expected));
                return figures[^1];
            }, asked);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {"beside bare Kestrel",-42} {Rounds.Median(bares),10:0} {"",10} {Rounds.Median(figures) / Rounds.Median(bares),7:0.00}   {aimed} aimed at"));
    }

    private async Task<double> Rate(Uri url, byte[][] requests, int expected)
    {
        var callers = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => RawCaller.Connect(url)));
        var next = -1;
        var rate = await Rounds.Rate(Connections, seconds, async caller => await callers[caller].Send(requests[(int)((uint)Interlocked.Increment(ref next) % (uint)requests.Length)], expected));
        foreach (var caller in callers) caller.Dispose();
        return rate;
    }

    private static async Task<double> Average(Uri url, byte[][] requests, int expected)
    {
        using var caller = await RawCaller.Connect(url);
        var sum = 0L;
        foreach (var request in requests) sum += await caller.Send(request, expected);
        return sum / (double)requests.Length;
    }

    private static async Task<string> ETag(Served served, string path, string token)
    {
        using var http = new HttpClient { BaseAddress = served.Url };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + token);
        using var answer = await http.GetAsync(path);
        return answer.EnsureSuccessStatusCode().Headers.ETag!.Tag;
    }

    /// <summary>The service in a process of its own with its agreements, and callers that are platforms.</summary>
    private sealed class Served : IAsyncDisposable
    {
        private Process service = null!;
        private EmbeddedIssuer? issuer;

        public string Folder { get; } = Path.Combine(Path.GetTempPath(), "registry-bench-terms-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

        public TermsWorld World { get; } = new(LawFiles.Read(LawFolder), 1);

        public Uri Url { get; private set; } = null!;

        public Uri Bare { get; private set; } = null!;

        public string[] Tokens { get; private set; } = [];

        /// <summary>How long the index took and how much memory it holds.</summary>
        public string Index { get; private set; } = "";

        public static async Task<Served> Start(int agreements)
        {
            var served = new Served();
            served.Up();
            await served.World.Conclude(agreements).Append(served.Folder, 0, agreements);
            await served.Restart();
            return served;
        }

        public async Task Restart()
        {
            await Stop();
            Up();
            issuer ??= new EmbeddedIssuer(new DataFolder(Folder), TimeProvider.System);
            using var http = new HttpClient { BaseAddress = Url };
            var platforms = new List<string>();
            while (platforms.Count < Callers) platforms.Add(await MandateBench.Register(http, issuer, "platform"));
            Tokens = [.. platforms.Select(p => issuer.Token(Roles.Platform, p, null))];
        }

        public async ValueTask DisposeAsync()
        {
            await Stop();
            Directory.Delete(Folder, recursive: true);
        }

        private void Up() => (service, Url, Bare, Index) = MandateBench.Up(Folder);

        private async Task Stop()
        {
            using var stop = Process.Start("kill", [service.Id.ToString(CultureInfo.InvariantCulture)]);
            await service.WaitForExitAsync();
        }
    }
}
