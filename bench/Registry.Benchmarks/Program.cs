using Registry.Benchmarks;

// Every figure is a median of three rounds beside its floor, measured in the same run: machines are shared and noisy.
var seconds = args.Length > 0 && int.TryParse(args[0], out var asked) ? asked : 5;
await using var bench = await AppendBench.Start();
await bench.Run(TimeSpan.FromSeconds(seconds));
