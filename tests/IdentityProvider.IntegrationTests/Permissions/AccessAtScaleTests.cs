using IdentityProvider.Data;
using IdentityProvider.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static IdentityProvider.IntegrationTests.Permissions.Publishing;

namespace IdentityProvider.IntegrationTests.Permissions;

/// <summary>Many roles, many assignments, and rows that nobody would write.</summary>
public sealed class AccessAtScaleTests
{
    private const int Roles = 10_000;

    private const string Sqlite = """
        INSERT INTO "Roles" ("Id", "Name", "NormalizedName")
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
        SELECT printf('%08X-0000-0000-0000-000000000000', i), 'mass-' || i, 'MASS-' || i FROM n;
        INSERT INTO "RoleInheritances" ("RoleId", "InheritedId")
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
        SELECT printf('%08X-0000-0000-0000-000000000000', i), printf('%08X-0000-0000-0000-000000000000', i % 10000 + 1) FROM n;
        """;

    private const string PostgreSql = """
        INSERT INTO "Roles" ("Id", "Name", "NormalizedName")
        SELECT (lpad(to_hex(i), 8, '0') || '-0000-0000-0000-000000000000')::uuid, 'mass-' || i, 'MASS-' || i FROM generate_series(1, 10000) AS i;
        INSERT INTO "RoleInheritances" ("RoleId", "InheritedId")
        SELECT (lpad(to_hex(i), 8, '0') || '-0000-0000-0000-000000000000')::uuid, (lpad(to_hex(i % 10000 + 1), 8, '0') || '-0000-0000-0000-000000000000')::uuid
        FROM generate_series(1, 10000) AS i;
        """;

    private const string Assignments = """
        INSERT INTO "UserRoles" ("UserId", "RoleId") SELECT u."Id", r."Id" FROM "Users" AS u, "Roles" AS r WHERE u."UserName" LIKE 'person-%' AND r."Name" LIKE 'mass-%';
        INSERT INTO "RolePermissions" ("RoleId", "PermissionId")
        SELECT r."Id", p."Id" FROM "Roles" AS r, "Permissions" AS p WHERE r."Name" = 'mass-10000' AND p."Name" = 'posts.create';
        """;

    // Every role inherits the next one and the last the first: a declaration could not say that.
    [Theory, OnEachDatabase]
    public async Task Ten_thousand_roles_in_one_circle_and_a_hundred_thousand_assignments_are_read(TestDatabase database)
    {
        await using var host = await StartAsync(database);
        var people = new List<TestPerson>();
        for (var number = 0; number < 10; number++)
        {
            people.Add(await host.NewPersonAsync());
        }

        await using (var scope = host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            await db.Database.ExecuteSqlRawAsync(database == TestDatabase.PostgreSql ? PostgreSql : Sqlite);
            await db.Database.ExecuteSqlRawAsync(Assignments);
            await db.BumpAsync(ChangeStamps.Permissions, CancellationToken.None);
            Assert.Equal(10 * Roles, await db.UserRoles.CountAsync());
        }

        await host.Services.GetRequiredService<ChangeWatch>().LookAsync(CancellationToken.None);
        var some = await host.NewPersonAsync("""["mass-7"]""");

        foreach (var person in new[] { people[0], people[9], some })
        {
            var token = (await host.Party("desk").SignInAsync(person, "openid posts")).AccessToken;
            var answer = (await host.Party("posts-api").IntrospectAsync(token)).OrFail().Json;

            Assert.Equal(Silent, AccessOf(token));
            Assert.Equal(Roles, answer.GetProperty("roles").GetArrayLength());
            Assert.Equal("posts.create", Assert.Single(answer.GetProperty("entitlements").EnumerateArray()).GetString());
        }
    }
}
