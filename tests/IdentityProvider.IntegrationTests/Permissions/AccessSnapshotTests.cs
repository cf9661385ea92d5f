using IdentityProvider.Data;
using IdentityProvider.Permissions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Permissions;

/// <summary>The model of roles and permissions while it changes.</summary>
public sealed class AccessSnapshotTests
{
    private const string Api = "https://snapshot.example";

    private const string Declaration =
        $$"""
        {
          "resources": [{ "identifier": "{{Api}}", "permissions": ["do"] }],
          "roles": [{ "name": "left", "permissions": { "{{Api}}": ["do"] } }, { "name": "right" }, { "name": "heir", "inherits": ["right"] }],
          "groups": [{ "name": "all", "roles": ["right"] }]
        }
        """;

    // Whoever has the permission, nobody inherits it and no group brings it: each half alone would give it to more.
    private const string Swap =
        """
        UPDATE "RoleInheritances" SET "InheritedId" = (SELECT "RoleId" FROM "RolePermissions");
        UPDATE "GroupRoles" SET "RoleId" = (SELECT "RoleId" FROM "RolePermissions");
        UPDATE "RolePermissions" SET "RoleId" = (SELECT r."Id" FROM "Roles" AS r WHERE r."Name" IN ('left', 'right') AND r."Id" <> "RolePermissions"."RoleId");
        UPDATE "ChangeStamps" SET "Version" = "Version" + 1 WHERE "Name" = 'permissions';
        """;

    // It was read again until nothing changed meanwhile: while somebody writes all the time it would have had no end.
    [Theory]
    [OnEachDatabase]
    public async Task It_is_read_from_one_moment_by_two_commands_however_often_it_changes(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = Declaration });
        var catalog = host.Services.GetRequiredService<AccessCatalog>();
        var (all, roles) = await KeysAsync(host);
        var writing = Task.Run(() => SwapAsync(host, times: 50));

        var holders = new HashSet<string>();
        while (!writing.IsCompleted)
        {
            AccessModel model = null!;
            await host.Sql.ObserveAsync("reading", async () => model = await catalog.ReadStoredAsync(CancellationToken.None));

            var grants = model.FindGrants(Api)!;
            var holder = Assert.Single(roles, role => grants.FindRole(role) is not null);
            Assert.DoesNotContain(holder, model.FindGroup(all)!.Roles);
            holders.Add(model.FindRole(holder)!.Name);
            Assert.Equal(2, host.Sql.CommandsOf("reading").Count);
        }

        await writing;
        Assert.Equal(["left", "right"], holders.Order(StringComparer.Ordinal));
    }

    private static async Task<(Guid Group, IReadOnlyList<Guid> Roles)> KeysAsync(ProviderHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        return (await db.Set<Group>().Select(group => group.Id).SingleAsync(), await db.Roles.Select(role => role.Id).ToListAsync());
    }

    private static async Task SwapAsync(ProviderHost host, int times)
    {
        for (var swap = 0; swap < times; swap++)
        {
            await using var scope = host.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.Database.ExecuteSqlRawAsync(Swap);
            await transaction.CommitAsync();
        }
    }
}
