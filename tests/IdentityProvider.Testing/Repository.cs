namespace IdentityProvider.Testing;

/// <summary>Where the sources and the built programs lie, seen from a running test.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary><c>Debug</c> or <c>Release</c>, whichever this test was built as.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The assembly of a program under <c>src/</c>, built as this test was built.</summary>
    public static string Program(string project)
    {
        var path = PathOf("src", project, "bin", Configuration, "net10.0", project + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} is not built as {Configuration}.", path);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IdentityProvider.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("Tests run from inside the repository: IdentityProvider.sln was not found above them.");
    }
}
