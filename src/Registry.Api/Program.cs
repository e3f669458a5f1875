using Registry.Api.Operations;

return await Verbs.Run(args);

/// <summary>The host, for tests that start it over HTTP.</summary>
public partial class Program;
