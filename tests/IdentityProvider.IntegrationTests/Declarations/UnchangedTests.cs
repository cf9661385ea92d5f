using IdentityProvider.Audit;
using IdentityProvider.Clients;
using IdentityProvider.Data;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.IntegrationTests.Declarations;

/// <summary>A start applies its file when that would change anything, and only then.</summary>
public sealed class UnchangedTests
{
    private const string Secret = "a-secret-0000000000000000000000000000000000";

    private const string Declared =
        """
        {
          "resources": [{ "identifier": "https://api.example", "name": "Orders API", "clients": ["machine"] }],
          "scopes": [{ "name": "orders", "description": "See your orders", "resources": ["https://api.example"], "claims": ["birthdate"] }],
          "clients": [
            { "client_id": "shop", "client_secret": "shop-secret-0000000000000000000000000000000", "client_name": "The shop", "redirect_uris": ["https://shop.example/callback"], "scope": "openid orders", "id_token_signed_response_alg": "PS384" },
            { "client_id": "machine", "client_secret_file": "machine.secret", "grant_types": ["client_credentials"], "scope": "orders" }
          ],
          "roles": [{ "name": "clerk", "description": "Works in the shop" }, { "name": "porter" }],
          "users": [
            { "username": "alice", "sub": "alice", "password": "a-password-of-alice", "roles": ["clerk"], "name": "Alice Example", "email": "alice@example.com", "email_verified": true, "address": { "country": "Germany" } },
            { "username": "bob", "phone_number": "+49 30 5550100" }
          ]
        }
        """;

    // What commands, other nodes, an operator with SQL and older versions leave behind.
    private static readonly string[] changes =
    [
        """UPDATE "Clients" SET "DisplayName" = 'Another shop' WHERE "ClientId" = 'shop'""",
        """UPDATE "Clients" SET "Permissions" = '[]' WHERE "ClientId" = 'shop'""",
        """UPDATE "Clients" SET "Metadata" = '{{"redirect_uris":["https://evil.example/callback"],"scope":"openid"}}' WHERE "ClientId" = 'shop'""",
        """UPDATE "Clients" SET "ClientSecret" = NULL WHERE "ClientId" = 'machine'""",
        """DELETE FROM "Clients" WHERE "ClientId" = 'machine'""",
        """UPDATE "Scopes" SET "Description" = 'Something else' WHERE "Name" = 'orders'""",
        """UPDATE "Scopes" SET "Claims" = '[]' WHERE "Name" = 'orders'""",
        """DELETE FROM "Scopes" WHERE "Name" = 'orders'""",
        """UPDATE "ApiResources" SET "Clients" = '["machine","shop"]' WHERE "Identifier" = 'https://api.example'""",
        """DELETE FROM "ApiResources" WHERE "Identifier" = 'https://api.example'""",
        """UPDATE "Roles" SET "Description" = NULL WHERE "Name" = 'clerk'""",
        """DELETE FROM "Roles" WHERE "Name" = 'porter'""",
        """UPDATE "Users" SET "Email" = 'alice@evil.example' WHERE "UserName" = 'alice'""",
        """UPDATE "Users" SET "NormalizedEmail" = 'ALICE@EVIL.EXAMPLE' WHERE "UserName" = 'alice'""",
        """UPDATE "Users" SET "Profile" = '{{}}' WHERE "UserName" = 'alice'""",
        """UPDATE "Users" SET "PhoneNumber" = NULL WHERE "UserName" = 'bob'""",
        """DELETE FROM "Users" WHERE "UserName" = 'bob'""",
        """DELETE FROM "UserRoles" """,
        """INSERT INTO "UserRoles" ("UserId", "RoleId") SELECT u."Id", r."Id" FROM "Users" AS u, "Roles" AS r WHERE u."UserName" = 'alice' AND r."Name" = 'porter'""",
        """DELETE FROM "DeclaredEntries" """,
    ];

    [Theory]
    [OnEachDatabase]
    public async Task A_restart_on_the_same_file_applies_nothing(TestDatabase database)
    {
        await using var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        Assert.Equal(["was applied: 15 created, 0 changed, 0 unchanged, 0 removed."], node.SaidAtStart());

        await node.RestartAsync();
        await node.RestartAsync();

        Assert.Equal(["nothing was applied.", "nothing was applied."], node.SaidAtStart().Skip(1));
    }

    [Theory]
    [OnEachDatabase]
    public async Task Whatever_was_changed_in_another_way_is_made_as_declared_again(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        var declared = await SnapshotAsync(node);
        foreach (var change in changes)
        {
            await node.ReadAsync(db => db.Database.ExecuteSqlRawAsync(change));

            Assert.True(await node.AppliesAsync(), change);
            Assert.Equal(declared, await SnapshotAsync(node));
            Assert.False(await node.AppliesAsync(), change);
        }
    }

    [Theory]
    [OnEachDatabase]
    public async Task What_the_file_does_not_name_may_change(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await node.ReadAsync(db => db.Database.ExecuteSqlRawAsync("""UPDATE "Users" SET "PhoneNumber" = '+49 30 5550101' WHERE "UserName" = 'alice'"""));
        await node.MustDeclareAsync("""{ "clients": [{ "client_id": "shop", "client_uri": "https://shop.example" }], "scopes": [{ "name": "more" }] }""");

        Assert.False(await node.AppliesAsync());
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_changed_file_and_a_changed_secret_beside_it_are_applied(TestDatabase database)
    {
        await using var node = await StartAsync(database);

        await File.WriteAllTextAsync(SecretFile(node), Secret.Replace('0', '1'));
        Assert.True(await node.AppliesAsync());
        Assert.True(ClientSecret.Matches(Secret.Replace('0', '1'), (await node.FindClientAsync("machine"))!.ClientSecret!));

        await node.WriteDeclarationAsync(Declared.Replace("The shop", "The other shop", StringComparison.Ordinal));
        Assert.True(await node.AppliesAsync());
        Assert.Equal("The other shop", (await node.FindClientAsync("shop"))!.DisplayName);

        // A key for what is registered is made also where only the registration was restored.
        await node.ReadAsync(db => db.Database.ExecuteSqlRawAsync("""DELETE FROM "SigningKeys" WHERE "Algorithm" = 'PS384'"""));
        await node.RestartAsync();
        await WriteFilesAsync(node);
        Assert.True(await node.AppliesAsync());
        Assert.Contains("PS384", await node.Http.GetStringAsync(".well-known/jwks"), StringComparison.Ordinal);
    }

    [Theory]
    [OnEachDatabase]
    public async Task A_wrong_file_ends_the_start_also_where_nothing_else_changed(TestDatabase database)
    {
        await using var node = await StartAsync(database);

        foreach (var (right, wrong) in new[] { ("\"The shop\"", "5"), ("[\"machine\"]", "[\"nobody\"]"), ("machine.secret", "nowhere"), ("\"clerk\", \"desc", "\"\", \"desc") })
        {
            await node.WriteDeclarationAsync(Declared.Replace(right, wrong, StringComparison.Ordinal));

            await Assert.ThrowsAsync<Configuration.StartRefusedException>(node.AppliesAsync);
        }
    }

    [Theory]
    [OnEachDatabase]
    public async Task What_stands_against_the_file_of_the_last_start_ends_none_unless_something_of_the_file_changed(TestDatabase database)
    {
        await using var node = await StartAsync(database);
        await node.ReadAsync(db => db.Database.ExecuteSqlRawAsync("""UPDATE "Users" SET "Email" = NULL, "NormalizedEmail" = NULL, "EmailConfirmed" = false WHERE "UserName" = 'alice'"""));
        await node.ReadAsync(db => db.Database.ExecuteSqlRawAsync(
            """UPDATE "Users" SET "Email" = 'alice@example.com', "NormalizedEmail" = 'ALICE@EXAMPLE.COM', "EmailConfirmed" = true WHERE "UserName" = 'bob'"""));
        var before = await SnapshotAsync(node);

        Assert.Contains("users[0].email (alice): The address alice@example.com is the verified address of another account.",
            await node.ContradictionAtStartAsync(), StringComparison.Ordinal);
        // Nor does a password that the file states count, of an account that is there.
        await node.WriteDeclarationAsync(Declared.Replace("a-password-of-alice", "another-password-of-alice", StringComparison.Ordinal));
        await node.ContradictionAtStartAsync();
        Assert.Equal(before, await SnapshotAsync(node));
        Assert.Equal([false, false], await node.ReadAsync(db => db.Set<AuditEvent>().OrderByDescending(row => row.Id).Take(2)
            .Where(row => row.Type == AuditEventType.DeclarationsApplied && row.Reason!.Contains("users[0].email (alice)")).Select(row => row.Succeeded).ToListAsync()));

        // Whatever is wrong with the file by itself, also where nothing else of it would be another.
        foreach (var (right, wrong) in new[]
        {
            ("\"a-password-of-alice\"", "5"), ("a-password-of-alice", "short"), ("{ \"name\": \"porter\" }", "{ \"name\": \"porter\" }, { \"nmae\": \"x\" }"),
            ("\"roles\": [{", "\"rolse\": [], \"roles\": [{"), ("{ \"username\": \"bob\"", "{ \"username\": \"alice\" }, { \"username\": \"bob\""),
        })
        {
            Assert.Contains(right, Declared, StringComparison.Ordinal);
            await node.WriteDeclarationAsync(Declared.Replace(right, wrong, StringComparison.Ordinal));
            await Assert.ThrowsAsync<Configuration.StartRefusedException>(node.AppliesAsync);
        }

        await node.WriteDeclarationAsync(Declared.Replace("The shop", "The other shop", StringComparison.Ordinal));
        await Assert.ThrowsAsync<Configuration.StartRefusedException>(node.AppliesAsync);
        await node.WriteDeclarationAsync(Declared);
        await File.WriteAllTextAsync(SecretFile(node), Secret.Replace('0', '1'));
        await Assert.ThrowsAsync<Configuration.StartRefusedException>(node.AppliesAsync);
        File.Delete(SecretFile(node));
        await Assert.ThrowsAsync<Configuration.StartRefusedException>(node.AppliesAsync);
        await WriteFilesAsync(node);
        await node.ContradictionAtStartAsync();

        // What is made right is applied again.
        await node.ReadAsync(db => db.Database.ExecuteSqlRawAsync("""UPDATE "Users" SET "EmailConfirmed" = false WHERE "UserName" = 'bob'"""));
        Assert.True(await node.AppliesAsync());
        Assert.False(await node.AppliesAsync());
        Assert.Equal(1, await node.ReadAsync(db => db.Set<IdentityProvider.Declarations.DeclaredEntry>()
            .CountAsync(entry => entry.Kind == IdentityProvider.Declarations.DeclaredKind.File)));
    }

    private static async Task<ProviderHost> StartAsync(TestDatabase database)
    {
        var node = await ProviderHost.StartAsync(new ProviderSettings { Database = database, Declaration = "{}" });
        await WriteFilesAsync(node);
        Assert.True(await node.AppliesAsync());
        Assert.False(await node.AppliesAsync());
        return node;
    }

    private static async Task WriteFilesAsync(ProviderHost node)
    {
        await File.WriteAllTextAsync(SecretFile(node), Secret + "\n");
        await node.WriteDeclarationAsync(Declared);
    }

    private static string SecretFile(ProviderHost node) => Path.Combine(node.Storage.ContentRoot, "machine.secret");

    private static Task<string> SnapshotAsync(ProviderHost node) => node.ReadAsync(async db => string.Join('\n',
        (await db.Set<Client>().OrderBy(row => row.ClientId).ToListAsync())
            .Select(row => $"{row.ClientId} {row.Metadata} {row.ClientSecret} {row.DisplayName} {row.Permissions} {row.RedirectUris}")
            .Concat((await db.Set<Scope>().OrderBy(row => row.Name).ToListAsync()).Select(row => $"{row.Name} {row.Description} {row.Resources} {row.Claims}"))
            .Concat((await db.Set<ApiResource>().ToListAsync()).Select(row => $"{row.Identifier} {row.Name} {row.Clients}"))
            .Concat((await db.Roles.OrderBy(row => row.Name).ToListAsync()).Select(row => $"{row.Name} {row.Description}"))
            .Concat((await db.Users.OrderBy(row => row.UserName).ToListAsync())
                .Select(row => $"{row.UserName} {row.Email} {row.NormalizedEmail} {row.EmailConfirmed} {row.PhoneNumber} {row.Profile}"))
            .Concat(await db.UserRoles.Join(db.Roles, member => member.RoleId, role => role.Id, (_, role) => "member of " + role.Name).ToListAsync())));
}
