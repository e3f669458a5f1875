using System.Globalization;
using Registry.Benchmarks;

// Every figure stands beside its floor, measured turn by turn in the same run: machines are shared and noisy.
// dotnet run -c Release --project bench/Registry.Benchmarks -- [all|engines|appends|decide|refold|beside|million|mandates|import|mandate-growth|requests|agreements|terms|resolution|decisions|growth] [ROUNDS] [SECONDS]
if (args is ["serve", var folder]) return await ServedFloors.Run(folder);
var what = args.Length > 0 ? args[0] : "all";
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
var seconds = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 3;
await using var floor = await Floor.Start();
var log = new LogBench(floor, rounds, seconds);
bool Asked(string name) => what is "all" || what == name;
Rounds.Head();
if (Asked("engines")) await log.Engines();
if (Asked("appends")) await log.Appends();
if (Asked("decide")) await log.LoadDecideAppend();
if (Asked("refold")) await log.Refold();
if (Asked("mandates")) await new MandateBench(floor, rounds, seconds).Grants();
if (Asked("import")) await new ImportBench(floor).Run();
if (Asked("mandate-growth")) await new MandateGrowth(rounds).Run();
if (Asked("requests")) await new RequestBench(rounds).Run();
if (Asked("agreements")) await new AgreementBench(rounds).Growth();
var terms = new TermsBench(rounds, seconds);
if (Asked("terms") || what is "resolution") terms.InProcess();
if (Asked("terms") || what is "decisions") await terms.OverHttp();
if (Asked("terms") || what is "growth") await terms.Growth();
if (Asked("beside")) await log.Beside();
if (Asked("million")) await log.Million(1_000_000);
return 0;
