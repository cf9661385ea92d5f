using System.Reflection;
using IdentityProvider.ResourceServer;
using IdentityProvider.Testing;

namespace IdentityProvider.UnitTests.ResourceServer;

/// <summary>
/// What other people's code is built on changes only on purpose: PublicApi.txt is changed in the same commit, and what is taken away or
/// renamed there is a breaking change.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly Assembly package = typeof(ResourceServerExtensions).Assembly;

    [Fact]
    public void The_public_API_is_the_one_that_is_written_down()
    {
        var written = File.ReadAllLines(Repository.PathOf("src", "IdentityProvider.ResourceServer", "PublicApi.txt"));

        var actual = package.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Describe).ToArray();

        Assert.True(written.SequenceEqual(actual, StringComparer.Ordinal), "PublicApi.txt should read:\n" + string.Join('\n', actual));
    }

    [Fact]
    public void It_depends_on_neither_the_provider_nor_its_library() => Assert.DoesNotContain(
        package.GetReferencedAssemblies(),
        reference => reference.Name == "IdentityProvider" || reference.Name!.StartsWith("OpenIddict", StringComparison.Ordinal));

    private static IEnumerable<string> Describe(Type type) =>
    [
        NameOf(type) + (type.IsEnum ? " (enum)" : type.IsInterface ? " (interface)" : ""),
        .. type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(member => member is not Type && member.Name[0] != '<' && member.Name != "value__" && member is not MethodInfo { IsSpecialName: true })
            .Select(member => "    " + Describe(member))
            .Order(StringComparer.Ordinal),
    ];

    private static string Describe(MemberInfo member) => member switch
    {
        ConstructorInfo made => $"new({Parameters(made)})",
        MethodInfo method => $"{NameOf(method.ReturnType)} {method.Name}{Generic(method)}({Parameters(method)})",
        PropertyInfo property => $"{NameOf(property.PropertyType)} {property.Name} {{{(property.GetMethod?.IsPublic is true ? " get;" : "")}{(property.SetMethod?.IsPublic is true ? " set;" : "")} }}",
        FieldInfo { IsLiteral: true } field => $"{field.Name} = {field.GetRawConstantValue()}",
        _ => member.ToString()!,
    };

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(NameOf))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{NameOf(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "")}"));

    private static string NameOf(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? NameOf(inner) + "?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}
