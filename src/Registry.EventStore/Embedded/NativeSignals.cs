using System.Runtime.InteropServices;

namespace Registry.EventStore.Embedded;

internal static class NativeSignals
{
    /// <summary>SIGINT asks PostgreSQL for a fast shutdown.</summary>
    public const int Interrupt = 2;

    /// <summary>False where there is no such process or it is not ours to signal.</summary>
    public static bool Send(int process, int signal) => Kill(process, signal) == 0;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
