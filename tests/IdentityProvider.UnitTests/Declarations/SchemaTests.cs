using System.Text.Json;
using IdentityProvider.Clients;
using IdentityProvider.Declarations;
using IdentityProvider.Scopes;
using IdentityProvider.Testing;
using IdentityProvider.Users;

namespace IdentityProvider.UnitTests.Declarations;

/// <summary>What editors offer is what the product takes.</summary>
public class SchemaTests
{
    private static readonly JsonElement sections = JsonDocument
        .Parse(File.ReadAllText(Repository.PathOf("docs", "declarations.schema.json"))).RootElement.GetProperty("properties");

    [Fact]
    public void The_schema_has_the_members_of_a_client() =>
        Assert.Equal(Sorted([.. ClientMembers.Table.Names, "client_id", "client_secret", "client_secret_file", DeclaredClientRoles.Member]), MembersOf("clients"));

    [Fact]
    public void The_schema_has_the_members_of_a_scope_and_a_resource()
    {
        Assert.Equal(Sorted([.. ScopeRules.ScopeMembers.Names, "name"]), MembersOf("scopes"));
        Assert.Equal(Sorted([.. ScopeRules.ResourceMembers.Names, "identifier", DeclaredPermissions.Member, DeclaredPolicies.Member]), MembersOf("resources"));
    }

    [Fact]
    public void The_schema_has_the_members_of_a_role_a_group_and_a_user()
    {
        Assert.Equal(Sorted([.. DeclaredRoles.Members.Names, "name"]), MembersOf("roles"));
        Assert.Equal(Sorted([.. DeclaredGroups.Members.Names, "name"]), MembersOf("groups"));
        Assert.Equal(Sorted([.. DeclaredClaims.Names, "username", "password", "sub", "roles"]), MembersOf("users"));
    }

    private static IEnumerable<string> MembersOf(string section) => Sorted(
        sections.GetProperty(section).GetProperty("items").GetProperty("properties").EnumerateObject().Select(member => member.Name));

    private static IEnumerable<string> Sorted(IEnumerable<string> names) => names.Order(StringComparer.Ordinal);
}
