namespace IdentityProvider.Benchmarks.Servers;

/// <summary>The sources that this program was built from.</summary>
internal static class Sources
{
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IdentityProvider.sln")))
            {
                return folder.FullName;
            }
        }

        throw new BenchmarkException("The sources are not above this program: give --host with a published Host.");
    }
}
