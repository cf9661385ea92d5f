namespace IdentityProvider.Data;

/// <summary>A lock between processes on one machine, held by an open file and gone with the process that held it.</summary>
internal static class FileLock
{
    private static readonly TimeSpan retryEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>The lock, or null while another process holds it.</summary>
    public static IDisposable? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    public static async Task<IDisposable> TakeAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            // Other processes do not live in this process's clock.
            await Task.Delay(retryEvery, TimeProvider.System, cancellationToken);
        }
    }
}
