using System.Reflection;
using System.Runtime.CompilerServices;
using IdentityProvider.Sessions;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.UnitTests.Architecture;

/// <summary>The house rules that a program can check.</summary>
public sealed class ShapeTests
{
    [Fact]
    public void Only_extension_points_and_entry_points_are_public() => Product.AssertNone(
        from type in Product.Types
        where type.IsVisible && Product.CapabilityOf(type.FullName!) is not ("Extensibility" or "Hosting")
        select $"{type.FullName} is public");

    [Fact]
    public void Classes_are_sealed_unless_something_derives_from_them() => Product.AssertNone(
        from type in Product.Types
        where type is { IsClass: true, IsAbstract: false, IsSealed: false } && !Product.Types.Any(other => other.BaseType == type)
        select $"{type.FullName} is neither sealed nor derived from");

    [Fact]
    public void An_interface_has_two_implementations_or_is_an_extension_point() => Product.AssertNone(
        from type in Product.Types
        where type.IsInterface && Product.CapabilityOf(type.FullName!) != "Extensibility" && type != typeof(ISessionEndedHandler)
        let implementations = Product.Types.Count(other => other.IsClass && type.IsAssignableFrom(other))
        where implementations < 2
        select $"{type.FullName} has {implementations} implementations");

    [Fact]
    public void Names_are_the_nouns_of_the_specifications() => Product.AssertNone(
        from type in Product.Types
        from word in new[] { "Manager", "Helper", "Util", "Utils", "Utilities", "Processor" }
        where type.Name.EndsWith(word, StringComparison.Ordinal)
        // A class that extends one of a library's keeps the library's word.
        where type.BaseType?.Name.Split('`')[0].EndsWith(word, StringComparison.Ordinal) != true
        select $"{type.FullName} is a {word}");

    [Fact]
    public void A_class_has_at_most_six_dependencies() => Product.AssertNone(
        from type in Product.Types
        where type.IsClass && !IsRecord(type)
        from constructor in type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        let dependencies = constructor.GetParameters().Count(parameter => !parameter.ParameterType.IsValueType && parameter.ParameterType != typeof(string))
        where dependencies > 6
        select $"{type.FullName} takes {dependencies}");

    [Fact]
    public void Nothing_is_async_void() => Product.AssertNone(
        from type in Product.Types
        from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute))
        select $"{type.FullName}.{method.Name} is async void");

    [Fact]
    public void A_file_has_at_most_300_lines() => Product.AssertNone(
        from source in Product.Sources("*.cs")
        let lines = source.Text.Count(character => character == '\n')
        where lines > 300
        select $"{source.Path} has {lines} lines");

    [Fact]
    public void Exceptions_are_caught_whole_only_at_the_edges()
    {
        // A request, a job run, a command, the queue that must outlive a failed write, what hands a write's failure to who waits, and the thread that goes on after one.
        string[] edges = ["src/IdentityProvider/Hosting/", "src/IdentityProvider/Jobs/", "src/IdentityProvider/Audit/", "src/IdentityProvider/Data/SqliteWrite", "src/IdentityProvider/Data/SqliteCheckpoints.cs", "src/IdentityProvider.Sandbox/", "src/IdentityProvider.Host/"];

        Product.AssertNone(
            from source in Product.Sources("*.cs")
            where !edges.Any(edge => source.Path.StartsWith(edge, StringComparison.Ordinal))
            where System.Text.RegularExpressions.Regex.IsMatch(source.Text, @"catch \((System\.)?Exception\b[^)]*\)(?! when)|catch\s*\r?\n\s*\{(?![^}]*throw;)")
            select $"{source.Path} catches every exception");
    }

    [Fact]
    public void Pages_hold_no_script_and_no_style() => Product.AssertNone(
        from source in Product.Sources("*.cshtml")
        from rule in new[] { @"<script(?![^>]*\ssrc=)", @"<style\b", @"\sstyle\s*=", @"\son[a-z]+\s*=\s*""", @"javascript:" }
        let found = System.Text.RegularExpressions.Regex.Match(source.Text, rule, System.Text.RegularExpressions.RegexOptions.IgnoreCase)
        where found.Success
        select $"{source.Path}: {found.Value.Trim()}");

    [Fact]
    public void Page_models_touch_no_table() => Product.AssertNone(
        from type in Product.Architecture.Types
        where Product.CapabilityOf(type) == "Pages"
        from dependency in type.Dependencies
        where dependency.Target.FullName.StartsWith("Microsoft.EntityFrameworkCore.", StringComparison.Ordinal)
            || dependency.Target.FullName is "IdentityProvider.Data.AppDbContext" or "IdentityProvider.Data.ProtocolDbContext"
        select $"{type.FullName} uses {dependency.Target.FullName}");

    [Fact]
    public void A_page_model_is_named_after_its_page() => Product.AssertNone(
        from type in Product.Types
        where typeof(PageModel).IsAssignableFrom(type) && !type.Name.EndsWith("Model", StringComparison.Ordinal)
        select $"{type.FullName} does not end in Model");

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;
}
