using IdentityProvider.Data;
using IdentityProvider.Declarations;
using IdentityProvider.Permissions;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Declarations;

/// <summary>Permissions, what roles grant, groups, and who has them, as a file declares them.</summary>
public sealed class PermissionEntriesTests(EmptyProviders providers) : IClassFixture<EmptyProviders>
{
    [Theory]
    [OnEachDatabase]
    public async Task Everything_wrong_is_told_at_once_by_its_place(TestDatabase database)
    {
        var node = await providers.OnAsync(database);

        var errors = await node.MustRefuseAsync(
            """
            {
              "resources": [
                { "identifier": "https://wrong.example/a", "permissions": ["ok", "ok", "has space", { "description": "no name" }, 7, { "name": "x", "descripton": "typo" }] },
                { "identifier": "https://wrong.example/b", "permissions": ["b.read"] },
                { "identifier": "https://wrong.example/c", "permissions": "c.read" }
              ],
              "clients": [
                { "client_id": "wrong-client", "grant_types": [], "client_secret": "secret", "roles": ["ghost"] },
                { "client_id": "late-client", "grant_types": [], "client_secret": "secret", "roles": [{ "role": "wrong-3", "expires_at": "tomorrow" }] }
              ],
              "roles": [
                { "name": "wrong-1", "permissions": { "https://wrong.example/b": ["b.read", "b.write"], "https://nowhere.example": ["x"], "https://wrong.example/a": ["any"] } },
                { "name": "wrong-2", "permissions": { "https://wrong.example/b": ["b.read", "b.read"] }, "inherits": ["ghost"] },
                { "name": "wrong-3", "inherits": ["ghost", "wrong-2"] },
                { "name": "wrong-4", "inherits": ["wrong-5"] },
                { "name": "wrong-5", "inherits": ["Wrong-4"] },
                { "name": "wrong-6", "inherits": ["wrong-6"] },
                { "name": "wrong-7", "permissions": { "https://wrong.example/b": "b.read" }, "inherits": "wrong-1" }
              ],
              "users": [
                { "username": "wrong-user", "roles": [{ "role": "wrong-4", "not_before": "2030-01-02T00:00:00Z", "expires_at": "2030-01-01T23:00:00Z" }] },
                { "username": "ghostly-user", "roles": ["ghost"] }
              ],
              "groups": [
                { "name": "two words" },
                { "name": "wrong-group", "roles": ["ghost", "wrong-2"], "users": ["nobody", "wrong-user"], "clients": ["nothing", "wrong-client"] },
                { "name": "odd-group", "members": [] },
                { "name": "Odd-Group" }
              ]
            }
            """);

        Assert.Equal(
            [
                "groups[3].name (Odd-Group)",
                "resources[0].permissions[1] (https://wrong.example/a)",
                "resources[0].permissions[3] (https://wrong.example/a)",
                "resources[0].permissions[4] (https://wrong.example/a)",
                "resources[0].permissions[5].descripton (https://wrong.example/a)",
                "resources[0].permissions[2] (https://wrong.example/a)",
                "resources[2].permissions (https://wrong.example/c)",
                "clients[1].roles[0].expires_at (late-client)",
                "roles[1].permissions.https://wrong.example/b[1] (wrong-2)",
                "roles[6].inherits (wrong-7)",
                "roles[0].permissions.https://wrong.example/b[1] (wrong-1)",
                "roles[0].permissions.https://nowhere.example (wrong-1)",
                "roles[2].inherits[0] (wrong-3)",
                "roles[3].inherits (wrong-4)",
                "roles[5].inherits (wrong-6)",
                "users[0].roles[0].expires_at (wrong-user)",
                "users[1].roles (ghostly-user)",
                "clients[0].roles[0] (wrong-client)",
                "groups[0].name (two words)",
                "groups[1].roles[0] (wrong-group)",
                "groups[1].users[0] (wrong-group)",
                "groups[1].clients[0] (wrong-group)",
                "groups[2].members (odd-group)",
            ],
            errors.Select(error => error.Split("): ")[0] + (error.Contains('(', StringComparison.Ordinal) ? ")" : "")));
        Assert.Contains(errors, error => error.EndsWith("in a circle: wrong-4 -> wrong-5 -> wrong-4.", StringComparison.Ordinal)
            || error.EndsWith("in a circle: wrong-5 -> wrong-4 -> wrong-5.", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.EndsWith("The resource https://wrong.example/b owns no permission \"b.write\".", StringComparison.Ordinal));
        Assert.False(await node.ReadAsync(db => db.Set<Permission>().AnyAsync(row => row.Name == "b.read")));
    }

    [Theory]
    [OnEachDatabase("x\\u0000y")]
    [OnEachDatabase("ä")]
    [OnEachDatabase("a/b")]
    [OnEachDatabase("129")]
    public async Task A_permission_has_a_name_that_fits_into_every_token(TestDatabase database, string name)
    {
        var node = await providers.OnAsync(database);

        var errors = await node.MustRefuseAsync(
            $$"""{ "resources": [{ "identifier": "https://odd.example", "permissions": ["{{(name == "129" ? new string('p', 129) : name)}}"] }] }""");

        Assert.StartsWith("resources[0].permissions[0] (https://odd.example): ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [OnEachDatabase("roles", """{ "name": "odd", "inherits": ["a\u0000b"] }""")]
    [OnEachDatabase("groups", """{ "name": "odd", "roles": ["a\u0000b"] }""")]
    [OnEachDatabase("groups", """{ "name": "odd", "users": ["a\u0000b"] }""")]
    [OnEachDatabase("groups", """{ "name": "odd", "clients": ["a\u0000b"] }""")]
    [OnEachDatabase("groups", """{ "name": "a\u0000b" }""")]
    [OnEachDatabase("groups", """{ "name": "odd", "description": "a\u0000b" }""")]
    [OnEachDatabase("roles", """{ "name": "odd", "description": "a\u0000b" }""")]
    public async Task A_null_character_is_refused_and_no_error_of_the_database(TestDatabase database, string section, string entry)
    {
        var node = await providers.OnAsync(database);

        Assert.Single(await node.MustRefuseAsync($$"""{ "{{section}}": [{{entry}}] }"""));
    }

    [Theory]
    [OnEachDatabase] // RFC 6749 §2.2: a client's identifier is compared as it is. The one in capitals once stood for the other.
    public async Task A_client_in_a_group_is_named_in_its_own_case(TestDatabase database)
    {
        var node = await providers.OnAsync(database);

        var errors = await node.MustRefuseAsync(
            """
            {
              "clients": [{ "client_id": "CASED", "grant_types": [], "client_secret": "secret" }],
              "groups": [{ "name": "cased-1", "clients": ["CASED"] }, { "name": "cased-2", "clients": ["cased"] }]
            }
            """);

        Assert.Equal(["groups[1].clients[0] (cased-2): There is no client \"cased\"."], errors);
    }

    [Theory]
    [OnEachDatabase]
    public async Task Applying_again_changes_nothing_and_named_members_are_overwritten(TestDatabase database)
    {
        var node = await providers.OnAsync(database);
        const string File =
            """
            {
              "resources": [{ "identifier": "https://again.example", "permissions": ["a.read", { "name": "a.write", "description": "Change it" }] }],
              "clients": [{ "client_id": "again-client", "grant_types": [], "client_secret": "secret", "roles": [{ "role": "again-reader", "expires_at": "2040-01-01T00:00:00+02:00" }] }],
              "roles": [
                { "name": "again-writer", "inherits": ["again-reader"], "permissions": { "https://again.example": ["a.write"] } },
                { "name": "again-reader", "permissions": { "https://again.example": ["a.read"] } }
              ],
              "users": [{ "username": "again-user", "roles": ["again-reader", { "role": "again-writer", "not_before": "2030-01-01T00:00:00Z" }] }],
              "groups": [{ "name": "again-group", "description": "Again", "roles": ["again-reader"], "users": ["again-user"], "clients": [{ "client_id": "again-client", "expires_at": "2040-01-01T00:00:00Z" }] }]
            }
            """;

        var first = await node.MustDeclareAsync(File);
        var stamp = await StampAsync(node);
        var second = await node.MustDeclareAsync(File);
        var unmoved = await StampAsync(node) == stamp;
        var changed = await node.MustDeclareAsync(
            """
            {
              "resources": [{ "identifier": "https://again.example", "permissions": ["a.read", "a.write"] }],
              "clients": [{ "client_id": "again-client", "roles": ["again-reader"] }],
              "roles": [{ "name": "again-writer", "inherits": null }, { "name": "again-reader", "description": "Reads" }],
              "users": [{ "username": "again-user", "roles": null }],
              "groups": [{ "name": "AGAIN-GROUP", "clients": null }]
            }
            """);

        Assert.Equal(new DeclarationOutcome.Applied(Created: 6, Changed: 0, Unchanged: 0, Removed: 0), first);
        Assert.Equal(new DeclarationOutcome.Applied(Created: 0, Changed: 0, Unchanged: 6, Removed: 0), second);
        Assert.True(unmoved);
        Assert.Equal(new DeclarationOutcome.Applied(Created: 0, Changed: 6, Unchanged: 0, Removed: 0), changed);
        await node.ReadAsync(async db =>
        {
            Assert.All(await db.Set<Permission>().Where(row => row.Name == "a.write").ToListAsync(), row => Assert.Null(row.Description));
            var writer = await db.Roles.SingleAsync(role => role.Name == "again-writer");
            Assert.False(await db.Set<RoleInheritance>().AnyAsync(row => row.RoleId == writer.Id));
            Assert.True(await db.Set<RolePermission>().AnyAsync(row => row.RoleId == writer.Id));
            var user = await db.Users.SingleAsync(row => row.UserName == "again-user");
            Assert.False(await db.UserRoles.AnyAsync(row => row.UserId == user.Id));
            var group = await db.Set<Group>().SingleAsync(row => row.Name == "again-group");
            Assert.Equal("Again", group.Description);
            Assert.True(await db.Set<GroupUser>().AnyAsync(row => row.GroupId == group.Id));
            Assert.False(await db.Set<GroupClient>().AnyAsync(row => row.GroupId == group.Id));
            var client = await db.Set<Client>().SingleAsync(row => row.ClientId == "again-client");
            Assert.Null((await db.Set<ClientRole>().SingleAsync(row => row.ClientId == client.Id)).ExpiresAt);
            return true;
        });
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_permission_that_a_role_still_grants_stays_and_the_role_is_named(TestDatabase database)
    {
        var node = await providers.OnAsync(database);
        await node.MustDeclareAsync(
            """
            {
              "resources": [{ "identifier": "https://lost.example", "permissions": ["l.read", "l.write"] }],
              "roles": [{ "name": "lost-writer", "permissions": { "https://lost.example": ["l.read", "l.write"] } }]
            }
            """);

        var errors = await node.MustRefuseAsync("""{ "resources": [{ "identifier": "https://lost.example", "permissions": ["l.read"] }] }""");
        var together = await node.MustDeclareAsync(
            """
            {
              "resources": [{ "identifier": "https://lost.example", "permissions": ["l.read"] }],
              "roles": [{ "name": "lost-writer", "permissions": { "https://lost.example": ["l.read"] } }]
            }
            """);

        Assert.StartsWith("resources[0].permissions (https://lost.example): \"l.write\" is still granted by the roles lost-writer", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Equal(2, together.Changed);
        Assert.False(await node.ReadAsync(db => db.Set<Permission>().AnyAsync(row => row.Name == "l.write")));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Pruning_takes_groups_roles_and_the_permissions_of_a_resource_away(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = "{}" });
        await node.MustDeclareAsync(
            """
            {
              "resources": [{ "identifier": "https://kept.example", "permissions": ["k.read"] }, { "identifier": "https://gone.example", "permissions": ["g.read"] }],
              "roles": [
                { "name": "kept", "inherits": ["gone"], "permissions": { "https://kept.example": ["k.read"], "https://gone.example": ["g.read"] } },
                { "name": "gone", "permissions": { "https://kept.example": ["k.read"] } }
              ],
              "users": [{ "username": "kept-user", "roles": ["kept", "gone"] }],
              "groups": [{ "name": "gone-group", "roles": ["kept"], "users": ["kept-user"] }]
            }
            """);
        var model = node.Services.GetRequiredService<AccessCatalog>();
        Assert.True((await model.GetAsync(CancellationToken.None)).Owns("https://gone.example"));

        var applied = await node.MustDeclareAsync(
            """{ "resources": [{ "identifier": "https://kept.example" }], "roles": [{ "name": "kept" }], "users": [{ "username": "kept-user" }] }""", prune: true);

        Assert.Equal(3, applied.Removed);
        Assert.False((await model.GetAsync(CancellationToken.None)).Owns("https://gone.example"));
        Assert.Equal(
            (1, 1, 0, 0, 0, 1),
            await node.ReadAsync(async db => (
                await db.Set<Permission>().CountAsync(), await db.Set<RolePermission>().CountAsync(), await db.Set<RoleInheritance>().CountAsync(),
                await db.Set<Group>().CountAsync(), await db.Set<GroupUser>().CountAsync(), await db.UserRoles.CountAsync())));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Two_nodes_that_each_close_half_a_circle_make_none(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = "{}" });
        await using var other = await node.StartSecondNodeAsync();
        await node.MustDeclareAsync("""{ "roles": [{ "name": "left" }, { "name": "right" }] }""");

        var outcomes = await Task.WhenAll(
            Task.Run(() => node.DeclareAsync("""{ "roles": [{ "name": "left", "inherits": ["right"] }] }""")),
            Task.Run(() => other.DeclareAsync("""{ "roles": [{ "name": "right", "inherits": ["left"] }] }""")));

        Assert.Contains("in a circle", Assert.Single(Assert.Single(outcomes.OfType<DeclarationOutcome.Refused>()).Errors), StringComparison.Ordinal);
        Assert.Equal(1, await node.ReadAsync(db => db.Set<RoleInheritance>().CountAsync()));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Another_node_notices_within_seconds(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = "{}" });
        await using var other = await node.StartSecondNodeAsync();
        var model = other.Services.GetRequiredService<AccessCatalog>();
        Assert.False((await model.GetAsync(CancellationToken.None)).Owns("https://noticed.example"));

        await node.MustDeclareAsync("""{ "resources": [{ "identifier": "https://noticed.example", "permissions": ["n.read"] }] }""");

        Assert.True(await DeclarationSteps.WithinAsync(
            TimeSpan.FromSeconds(5), async () => (await model.GetAsync(CancellationToken.None)).Owns("https://noticed.example")));
    }

    private static Task<long> StampAsync(ProviderHost node) =>
        node.ReadAsync(db => db.Set<ChangeStamp>().Where(row => row.Name == ChangeStamps.Permissions).Select(row => row.Version).SingleAsync());
}
