namespace Registry.Api;

/// <summary>Every log message of the host, with its id. No name, no token, no body.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Method} {Route} {Status} {Milliseconds} ms by {Actor}")]
    public static partial void Request(ILogger log, string method, string route, int status, double milliseconds, string actor);

    [LoggerMessage(2, LogLevel.Warning, "The database is away ({Kind})")]
    public static partial void DatabaseAway(ILogger log, string kind);

    [LoggerMessage(3, LogLevel.Error, "A bug: the request ended in an unexpected error")]
    public static partial void Bug(ILogger log, Exception error);

    [LoggerMessage(4, LogLevel.Error, "Operation {Operation} ended in an unexpected error")]
    public static partial void OperationBroke(ILogger log, Guid operation, Exception error);

    [LoggerMessage(6, LogLevel.Error, "Housekeeping ended in an unexpected error")]
    public static partial void HousekeepingBroke(ILogger log, Exception error);

    [LoggerMessage(5, LogLevel.Warning, "Housekeeping was put off ({Kind})")]
    public static partial void HousekeepingPutOff(ILogger log, string kind);
}
