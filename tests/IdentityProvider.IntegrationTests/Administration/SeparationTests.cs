using System.Net;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.Permissions;
using IdentityProvider.Users;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>Management, custody of the keys and audit are never one person's or client's, by whichever way they come.</summary>
public sealed class SeparationTests(AdministeredProviders providers) : IClassFixture<AdministeredProviders>
{
    [Theory]
    [OnEachDatabase("""{ "users": [{ "username": "joined", "roles": ["auditor", "help-desk"] }] }""", "users[0].roles")]
    [OnEachDatabase("""{ "users": [{ "username": "joined", "roles": ["auditor", "key-custodian"] }] }""", "users[0].roles")]
    [OnEachDatabase("""{ "users": [{ "username": "joined", "roles": ["administrator"] }], "groups": [{ "name": "keepers", "users": ["joined"] }] }""", "users[0].roles")]
    [OnEachDatabase("""{ "roles": [{ "name": "joined", "inherits": ["auditor", "support-lead"] }] }""", "roles[0].inherits")]
    [OnEachDatabase("""{ "groups": [{ "name": "joined", "roles": ["auditor", "client-manager"] }] }""", "groups[0].roles")]
    [OnEachDatabase("""{ "clients": [{ "client_id": "robot", "roles": ["client-manager", "auditor"] }] }""", "clients[0].roles")]
    [OnEachDatabase("""{ "users": [{ "username": "joined", "roles": [{ "role": "auditor", "expires_at": "2097-01-01T00:00:00Z" }, { "role": "help-desk", "not_before": "2096-12-31T00:00:00Z" }] }] }""", "users[0].roles")]
    public async Task A_file_after_which_somebody_would_have_both_is_refused(TestDatabase database, string declaration, string place)
    {
        var host = await providers.OnAsync(database);

        var errors = await host.MustRefuseAsync(declaration);

        Assert.Contains(errors, error => error.StartsWith(place, StringComparison.Ordinal) && error.Contains("nobody has together", StringComparison.Ordinal));
    }

    [Theory, OnEachDatabase]
    public async Task One_after_the_other_is_not_together(TestDatabase database)
    {
        var host = await providers.OnAsync(database);

        await host.NewPersonAsync("""[{ "role": "auditor", "expires_at": "2096-01-01T00:00:00Z" }, { "role": "help-desk", "not_before": "2096-01-01T00:00:00Z" }]""");
    }

    [Theory, OnEachDatabase]
    public async Task A_role_that_is_changed_after_it_was_given_is_refused_too(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var name = "late-" + Wire.RandomText(6).ToLowerInvariant();
        await host.ApplyAsync($$"""{ "roles": [{ "name": "{{name}}" }] }""");
        var person = await host.NewPersonAsync($$"""["{{name}}", "auditor"]""");

        var errors = await host.MustRefuseAsync($$"""{ "roles": [{ "name": "{{name}}", "inherits": ["help-desk"] }] }""");

        Assert.Contains(errors, error => error.Contains(person.UserName, StringComparison.Ordinal));
    }

    [Theory, OnEachDatabase]
    public async Task The_API_and_the_maker_of_accounts_refuse_it(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var administrator = await host.NewAdministratorAsync("""["administrator"]""");
        var auditor = await host.NewPersonAsync("""["auditor"]""");

        var given = await administrator.AskAsync("PUT", $"/users/{auditor.Subject}/roles/help-desk");
        await using var scope = host.Services.CreateAsyncScope();
        var made = await scope.ServiceProvider.GetRequiredService<UserAccounts>().CreateAsync(
            new NewUser { UserName = "joined-" + Wire.RandomText(6), Roles = [new("auditor", Period.Always), new("administrator", Period.Always)] }, CancellationToken.None);

        Assert.Equal(HttpStatusCode.Forbidden, given.Status);
        Assert.Contains("nobody has together", given["detail"], StringComparison.Ordinal);
        Assert.Contains("nobody has together", Assert.Single(Assert.IsType<UserCreation.Refused>(made).Problems).Message, StringComparison.Ordinal);
    }

    // What no check could see, such as a row that somebody wrote by hand, brings neither.
    [Theory, OnEachDatabase]
    public async Task Who_came_by_both_nevertheless_can_use_neither(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewAdministratorAsync("""["help-desk"]""");
        await host.NewPersonAsync("""["auditor"]""");
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            db.Add(new UserRole { UserId = person.Person.Id, RoleId = BuiltInRole.Auditor.Key!.Value });
            await db.SaveChangesAsync();
        }

        foreach (var path in new[] { "/users", "/audit" })
        {
            var refused = await person.AskAsync("GET", path);
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
            Assert.Contains("together", refused["detail"], StringComparison.Ordinal);
        }

        // Nor does it keep a file from being applied that did not cause it.
        await host.ApplyAsync(Administered.Declaration);
        await host.AssignAsync(person.Person, "[]");
    }

    [Theory]
    [OnEachDatabase("""{ "roles": [{ "name": "Help-Desk" }] }""", "roles[0].name")]
    [OnEachDatabase("""{ "roles": [{ "name": "administrator", "inherits": ["author"] }] }""", "roles[0].inherits")]
    [OnEachDatabase("""{ "roles": [{ "name": "mine", "permissions": { "urn:identityprovider:administration": ["users.read"] } }] }""", "roles[0].permissions")]
    [OnEachDatabase("""{ "resources": [{ "identifier": "urn:identityprovider:administration", "permissions": ["everything"] }] }""", "resources[0].identifier")]
    [OnEachDatabase("""{ "scopes": [{ "name": "administration" }] }""", "scopes[0].name")]
    [OnEachDatabase("""{ "scopes": [{ "name": "sneaky", "resources": ["urn:identityprovider:administration"] }] }""", "scopes[0].resources[0]")]
    public async Task What_is_this_servers_own_is_not_for_a_file_to_change(TestDatabase database, string declaration, string place)
    {
        var host = await providers.OnAsync(database);

        Assert.Contains(await host.MustRefuseAsync(declaration), error => error.StartsWith(place, StringComparison.Ordinal));
    }

    // A name that somebody gave a role of theirs before this server had one of that name brings nothing here.
    [Theory, OnEachDatabase]
    public async Task A_role_of_somebodys_own_under_such_a_name_is_none_of_this_servers(TestDatabase database)
    {
        await using var host = await ProviderHost.StartAsync(new ProviderSettings { Database = database });
        await host.ApplyAsync(Administered.Declaration.Replace("\"inherits\": [\"help-desk\", \"access-manager\"]", "\"inherits\": []", StringComparison.Ordinal)
            .Replace("\"roles\": [\"help-desk\"]", "\"roles\": []", StringComparison.Ordinal));
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            db.Add(new Role { Id = Guid.CreateVersion7(), Name = "help-desk", NormalizedName = "HELP-DESK" });
            await db.BumpAsync(ChangeStamps.Permissions, CancellationToken.None);
            await db.SaveChangesAsync();
        }

        var person = await host.NewPersonAsync("""["help-desk"]""");
        var token = (await host.Party("console").SignInAsync(person, "openid administration")).OrFail().AccessToken;

        Assert.Equal(host.Issuer, Wire.ClaimsOf(token).GetProperty("aud").GetString());
    }
}
