using System.Net;
using System.Text.Json.Nodes;
using IdentityProvider.Configuration;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Administration;
using IdentityProvider.Permissions;
using Microsoft.EntityFrameworkCore;
using static IdentityProvider.IntegrationTests.Declarations.DeclaredAccessCases;

namespace IdentityProvider.IntegrationTests.Declarations;

/// <summary>A start applies what its file says of permissions, roles, groups and policies when that would change anything, and only then.</summary>
public sealed class UnchangedAccessTests
{
    [Theory]
    [OnEachDatabase]
    public async Task A_restart_on_the_same_file_applies_nothing(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = Declared });

        await node.RestartAsync();
        await node.RestartAsync();

        Assert.Equal(["was applied: 13 created, 0 changed, 0 unchanged, 0 removed.", "nothing was applied.", "nothing was applied."], node.SaidAtStart());
    }

    [Theory]
    [OnEachDatabase]
    public async Task Whatever_was_changed_in_another_way_is_made_as_declared_again(TestDatabase database)
    {
        await using var node = await DeclarationSteps.StartOnAsync(database, Declared);
        var declared = await SnapshotAsync(node);
        foreach (var drift in Drifts)
        {
            Assert.True(await node.ReadAsync(db => db.Database.ExecuteSqlRawAsync(drift)) > 0, drift);

            Assert.True(await node.AppliesAsync(), drift);
            Assert.Equal(declared, await SnapshotAsync(node));
            Assert.False(await node.AppliesAsync(), drift);
        }
    }

    [Theory]
    [OnEachDatabase]
    public async Task Each_change_of_the_file_is_applied_and_taken_back(TestDatabase database)
    {
        await using var node = await DeclarationSteps.StartOnAsync(database, Declared);
        var declared = await SnapshotAsync(node);
        foreach (var (from, to) in Edits)
        {
            await node.WriteDeclarationAsync(Edited(from, to));
            Assert.True(await node.AppliesAsync(), to);
            Assert.False(await node.AppliesAsync(), to);
            Assert.NotEqual(declared, await SnapshotAsync(node));

            await node.WriteDeclarationAsync(Declared);
            Assert.True(await node.AppliesAsync(), to);
            Assert.False(await node.AppliesAsync(), to);
            Assert.Equal(declared, await SnapshotAsync(node));
        }

        await node.WriteDeclarationAsync(Edited("{ \"name\": \"silent\" }", "{ \"name\": \"silent\" }, { \"name\": \"loud\" }"));
        Assert.True(await node.AppliesAsync());
        Assert.Contains("group loud", await SnapshotAsync(node), StringComparison.Ordinal);
    }

    [Theory]
    [OnEachDatabase]
    public async Task What_the_file_does_not_say_may_be_anything(TestDatabase database)
    {
        await using var node = await DeclarationSteps.StartOnAsync(database, Declared);
        foreach (var (from, to) in Silences)
        {
            await node.WriteDeclarationAsync(Edited(from, to));

            Assert.False(await node.AppliesAsync(), from);
        }

        await node.WriteDeclarationAsync(Declared);
        await node.MustDeclareAsync(
            """
            {
              "resources": [{ "identifier": "https://other.example", "permissions": ["o.read"] }],
              "roles": [{ "name": "bare", "description": "Not much", "permissions": { "https://other.example": ["o.read"] } }, { "name": "other", "inherits": ["reader"] }],
              "groups": [{ "name": "silent", "description": "Quiet", "roles": ["other"], "users": ["ada"], "clients": ["MACHINE"] }]
            }
            """);
        await node.ReadAsync(db => db.Database.ExecuteSqlRawAsync(
            """UPDATE "ApiResources" SET "Policies" = (SELECT a."Policies" FROM "ApiResources" AS a WHERE a."Identifier" = 'https://posts.example') WHERE "Identifier" = 'https://notes.example'"""));

        Assert.False(await node.AppliesAsync());
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_wrong_file_ends_the_start_also_where_everything_else_is_as_it_says(TestDatabase database)
    {
        await using var node = await DeclarationSteps.StartOnAsync(database, Declared);
        var declared = await SnapshotAsync(node);
        foreach (var (right, wrong) in Mistakes)
        {
            await node.WriteDeclarationAsync(Edited(right, wrong));

            await Assert.ThrowsAsync<StartRefusedException>(node.AppliesAsync);
            Assert.Equal(declared, await SnapshotAsync(node));
        }
    }

    // What is stored is as the file says, and yet the file would be refused. Whoever may change what stands against it must not keep the server away.
    [Theory]
    [OnEachDatabase]
    public async Task What_became_wrong_by_itself_is_told_at_a_start_and_ends_it_only_with_another_file(TestDatabase database)
    {
        await using var node = await DeclarationSteps.StartOnAsync(database, Declared);

        // A circle by a role of which the file does not say what it inherits.
        await node.ReadAsync(db => db.Database.ExecuteSqlRawAsync(
            """INSERT INTO "RoleInheritances" ("RoleId", "InheritedId") SELECT r."Id", i."Id" FROM "Roles" AS r, "Roles" AS i WHERE r."Name" = 'reader' AND i."Name" = 'writer'"""));
        Assert.Contains("in a circle", await node.ContradictionAtStartAsync(), StringComparison.Ordinal);
        await node.WriteDeclarationAsync(Edited("Whoever writes", "Who writes"));
        Assert.Contains("in a circle", Assert.Single((await Assert.ThrowsAsync<StartRefusedException>(node.AppliesAsync)).Sentences), StringComparison.Ordinal);
        await node.WriteDeclarationAsync(Declared);
        await node.MustDeclareAsync("""{ "roles": [{ "name": "reader", "inherits": null }] }""");
        Assert.False(await node.AppliesAsync());

        // A claim that another scope makes too.
        await node.MustDeclareAsync("""{ "scopes": [{ "name": "other" }] }""");
        await node.ReadAsync(db => db.Database.ExecuteSqlRawAsync(
            """UPDATE "Scopes" SET "ClaimMappings" = (SELECT s."ClaimMappings" FROM "Scopes" AS s WHERE s."Name" = 'born') WHERE "Name" = 'other'"""));
        Assert.Contains("born_in", await node.ContradictionAtStartAsync(), StringComparison.Ordinal);
        await node.MustDeclareAsync("""{ "scopes": [{ "name": "other", "claim_mappings": null }] }""");
        Assert.False(await node.AppliesAsync());

        // Policies that a version before this one would have understood.
        var file = Edited("\"id\": \"bob\"", "\"id\": \"ada\"");
        var policies = JsonNode.Parse(file)!["resources"]![0]!["policies"]!.ToJsonString();
        await node.ReadAsync(db => db.Database.ExecuteSqlAsync($"""UPDATE "ApiResources" SET "Policies" = {policies} WHERE "Identifier" = 'https://posts.example'"""));
        await node.WriteDeclarationAsync(file);
        Assert.Contains("another", Assert.Single((await Assert.ThrowsAsync<StartRefusedException>(node.AppliesAsync)).Sentences), StringComparison.Ordinal);
    }

    [Theory]
    [OnEachDatabase]
    public async Task What_the_administration_gave_or_took_of_a_declared_entry_is_as_declared_again_after_the_next_start(TestDatabase database)
    {
        const string Password = "a-password-of-the-lead";
        await using var node = await ProviderHost.StartAsync(new ProviderSettings
        {
            Database = database,
            Declaration = Administered.Declaration.Replace(
                "\"groups\": [",
                $$"""
                "users": [
                  { "username": "lead", "sub": "lead", "password": "{{Password}}", "roles": ["support-lead", "author", "client-manager"] },
                  { "username": "ada", "sub": "ada", "roles": ["author"] },
                  { "username": "bob", "sub": "bob" }
                ],
                "groups": [{ "name": "helpers", "roles": ["help-desk"], "users": ["lead", "ada"] },
                """,
                StringComparison.Ordinal),
        });
        var person = new TestPerson((await node.FindUserAsync("lead"))!.Id, "lead", Password, "lead");
        var lead = new Administrator(node, person, await node.TokenAsync(person));

        foreach (var (method, path) in new[]
        {
            ("PUT", "/users/ada/roles/help-desk"), ("DELETE", "/users/ada/roles/author"), ("DELETE", "/users/ada/groups/helpers"),
            ("PUT", "/users/bob/groups/helpers"), ("DELETE", "/clients/robot/roles/client-manager"), ("PUT", "/clients/robot/roles/author"),
        })
        {
            Assert.Equal(HttpStatusCode.NoContent, (await lead.AskAsync(method, path, method == "PUT" ? "{}" : null)).Status);

            await node.RestartAsync();

            Assert.StartsWith("was applied: 0 created, 1 changed,", node.SaidAtStart()[^1], StringComparison.Ordinal);
        }

        // Of bob's roles the file says nothing.
        Assert.Equal(HttpStatusCode.NoContent, (await lead.AskAsync("PUT", "/users/bob/roles/author", "{}")).Status);
        await node.RestartAsync();
        Assert.Equal("nothing was applied.", node.SaidAtStart()[^1]);
    }

    private static Task<string> SnapshotAsync(ProviderHost node) => node.ReadAsync(async db =>
    {
        var names = new Dictionary<Guid, string>();
        foreach (var (key, name) in (await db.Roles.Select(row => new { row.Id, row.Name }).ToListAsync()).Select(row => (row.Id, "role " + row.Name))
            .Concat((await db.Set<Client>().Select(row => new { row.Id, row.ClientId }).ToListAsync()).Select(row => (row.Id, "client " + row.ClientId)))
            .Concat((await db.Users.Select(row => new { row.Id, row.UserName }).ToListAsync()).Select(row => (row.Id, "user " + row.UserName)))
            .Concat((await db.Set<Group>().ToListAsync()).Select(row => (row.Id, $"group {row.Name}: {row.Description}")))
            .Concat((await db.Set<ApiResource>().ToListAsync()).Select(row => (row.Id, $"resource {row.Identifier}: {row.Policies}"))))
        {
            names.Add(key, name);
        }

        var permissions = (await db.Set<Permission>().ToListAsync()).ToDictionary(row => row.Id, row => $"{names[row.ResourceId]} {row.Name}: {row.Description}");
        string[] lines =
        [
            .. names.Values,
            .. (await db.Roles.ToListAsync()).Select(row => $"{row.Name}: {row.Description}"),
            .. permissions.Values,
            .. (await db.Set<RolePermission>().ToListAsync()).Select(row => $"{names[row.RoleId]} {permissions[row.PermissionId]}"),
            .. (await db.Set<RoleInheritance>().ToListAsync()).Select(row => $"{names[row.RoleId]} {names[row.InheritedId]}"),
            .. (await db.Set<RoleConflict>().ToListAsync()).Select(row => $"{names[row.RoleId]} against {names[row.OtherId]}"),
            .. (await db.Set<GroupRole>().ToListAsync()).Select(row => $"{names[row.GroupId]} {names[row.RoleId]}"),
            .. (await db.UserRoles.ToListAsync()).Select(row => Tell(names[row.UserId], names[row.RoleId], row)),
            .. (await db.Set<ClientRole>().ToListAsync()).Select(row => Tell(names[row.ClientId], names[row.RoleId], row)),
            .. (await db.Set<GroupUser>().ToListAsync()).Select(row => Tell(names[row.UserId], names[row.GroupId], row)),
            .. (await db.Set<GroupClient>().ToListAsync()).Select(row => Tell(names[row.ClientId], names[row.GroupId], row)),
        ];
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    });

    private static string Tell(string holder, string held, ITimeLimited row) => $"{holder} has {held} from {row.NotBefore:s} until {row.ExpiresAt:s}";
}
