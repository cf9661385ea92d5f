using System.Runtime.InteropServices;

namespace IdentityProvider.Hosting;

/// <summary>What a start needed, and a server that has nothing to do yet does not.</summary>
internal static class SpareMemory
{
    /// <summary>Gives it back to the operating system.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

        // What native libraries have freed, such as the certificates of the start, glibc keeps for them. Other C libraries have no such function.
        if (OperatingSystem.IsLinux()
            && NativeLibrary.TryLoad("libc.so.6", out var library)
            && NativeLibrary.TryGetExport(library, "malloc_trim", out var function))
        {
            Marshal.GetDelegateForFunctionPointer<MallocTrim>(function)(0);
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int MallocTrim(nuint pad);
}
