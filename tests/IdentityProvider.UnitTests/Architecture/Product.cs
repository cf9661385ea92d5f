using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using IdentityProvider.Hosting;
using IdentityProvider.Testing;
using Assembly = System.Reflection.Assembly;

namespace IdentityProvider.UnitTests.Architecture;

/// <summary>The product's assembly as the architecture tests read it.</summary>
internal static class Product
{
    public static Assembly Assembly { get; } = typeof(IdentityProviderExtensions).Assembly;

    public static ArchUnitNET.Domain.Architecture Architecture { get; } = new ArchLoader().LoadAssembly(Assembly).Build();

    /// <summary>Types that somebody wrote in this repository; generated pages and the compiler's helpers are left out.</summary>
    public static IReadOnlyList<System.Type> Types { get; } =
        [.. Assembly.GetTypes().Where(type => IsOurs(type.FullName!) && !type.FullName!.Contains('<', StringComparison.Ordinal))];

    public static bool IsOurs(string fullName) =>
        fullName.StartsWith("IdentityProvider.", StringComparison.Ordinal)
        && !fullName.StartsWith("IdentityProvider.Data.Migrations.", StringComparison.Ordinal)
        && !fullName.StartsWith("IdentityProvider.Data.CompiledModels.", StringComparison.Ordinal);

    /// <summary>The capability of a type: the second word of its name, which is also its folder. Pages belong to Pages, whatever they compile to.</summary>
    public static string? CapabilityOf(IType type) => CapabilityOf(type.FullName);

    public static string? CapabilityOf(string fullName) =>
        fullName.StartsWith("AspNetCoreGeneratedDocument.", StringComparison.Ordinal) ? "Pages"
        : fullName.StartsWith("IdentityProvider.", StringComparison.Ordinal) ? fullName.Split('.')[1]
        : null;

    /// <summary>The source files of the product, by their path from the repository's root.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(string pattern) =>
        Directory.EnumerateFiles(Repository.PathOf("src"), pattern, SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
                && !path.Contains("/Migrations/", StringComparison.Ordinal) && !path.Contains("/CompiledModels/", StringComparison.Ordinal)
                && !path.Contains("/data/", StringComparison.Ordinal))
            .Select(path => (Path.GetRelativePath(Repository.Root, path), File.ReadAllText(path)));

    /// <summary>Fails with every violation, one a line.</summary>
    public static void AssertNone(IEnumerable<string> violations)
    {
        var found = violations.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(found.Count == 0, "\n" + string.Join('\n', found));
    }
}
