using System.Net;
using IdentityProvider.Data;
using IdentityProvider.IntegrationTests.Declarations;
using IdentityProvider.IntegrationTests.Evaluation;
using IdentityProvider.Jobs;
using IdentityProvider.Permissions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>Roles that nobody knows, roles in a circle, permissions of another API, and more permissions than anybody should have.</summary>
public sealed class BadModelTests(AdministeredProviders providers) : IClassFixture<AdministeredProviders>
{
    private const string Mass = "https://mass.example";

    [Theory, OnEachDatabase]
    public async Task An_unknown_role_is_not_found_and_nobody_gets_or_loses_anything(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var lead = await host.NewAdministratorAsync("""["support-lead"]""");
        var person = await host.NewPersonAsync("""["author"]""");

        foreach (var name in new[] { "no-such-role", "help-desk%20", "help%2Fdesk", "..%2Fhelp-desk", "%27%20OR%201=1--", "%F0%9F%92%A5", new string('r', 2000) })
        {
            foreach (var path in new[] { $"/users/{person.Subject}/roles/{name}", $"/users/{person.Subject}/groups/{name}", $"/clients/robot/roles/{name}", $"/users/{name}/roles/help-desk" })
            {
                foreach (var method in new[] { "PUT", "DELETE" })
                {
                    var answer = await lead.AskAsync(method, path);
                    Assert.True(answer.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{method} {path}: {answer}");
                }
            }
        }

        var held = (await lead.AskAsync("GET", $"/users/{person.Subject}/roles")).OrFail().Json;
        Assert.Equal("author", Assert.Single(held.GetProperty("roles").EnumerateArray()).GetProperty("role").GetString());
        Assert.Empty(held.GetProperty("groups").EnumerateArray());
    }

    // A declaration could not say that: it is refused. Rows that say it all the same end every walk.
    [Theory, OnEachDatabase]
    public async Task Roles_in_a_circle_are_refused_and_where_they_are_stored_nothing_goes_round_in_it(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var (one, other) = ($"circle-{Wire.RandomText(6)}", $"circle-{Wire.RandomText(6)}");
        await host.ApplyAsync($$"""
            {
              "resources": [{ "identifier": "{{Administered.Posts}}", "clients": ["posts-guard"] }],
              "clients": [{ "client_id": "posts-guard", "client_secret": "administered-secret-0000000000000000000000000", "grant_types": [] }],
              "roles": [
                { "name": "{{one}}", "permissions": { "{{Administered.Posts}}": ["posts.create"] } },
                { "name": "{{other}}", "inherits": ["{{one}}", "access-manager"], "conflicts_with": ["editor"] }
              ]
            }
            """);
        Assert.Contains(
            await host.MustRefuseAsync($$"""{ "roles": [{ "name": "{{one}}", "inherits": ["{{other}}"] }] }"""), error => error.Contains("in a circle", StringComparison.Ordinal));
        var lead = await host.NewAdministratorAsync($$"""["{{other}}"]""");
        var person = await host.NewPersonAsync("[]");
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            var keys = await db.Roles.Where(role => role.Name == one || role.Name == other).ToDictionaryAsync(role => role.Name!, role => role.Id);
            db.Add(new RoleInheritance { RoleId = keys[one], InheritedId = keys[other] });
            await db.SaveChangesAsync();
            await db.BumpAsync(ChangeStamps.Permissions, CancellationToken.None);
        }

        await host.Services.GetRequiredService<ChangeWatch>().LookAsync(CancellationToken.None);
        Assert.Equal(HttpStatusCode.NoContent, (await lead.AskAsync("PUT", $"/users/{person.Subject}/roles/{one}")).Status);
        var token = (await host.Party("console").SignInAsync(person, "openid posts")).OrFail().AccessToken;
        var role = (await lead.AskAsync("GET", $"/roles/{one}")).OrFail().Json;

        Assert.Equal("posts.create", Assert.Single(Wire.ClaimsOf(token).GetProperty("entitlements").EnumerateArray()).GetString());
        Assert.True(await host.Party("posts-guard").MayAsync(person.Subject, "create", "posts"));
        Assert.False(await host.Party("posts-guard").MayAsync(person.Subject, "delete", "posts"));
        Assert.Equal(other, Assert.Single(role.GetProperty("inherits").EnumerateArray()).GetString());
        Assert.Equal(other, Assert.Single(role.GetProperty("inherited_by").EnumerateArray()).GetString());
        // The conflict is found through the circle too.
        Assert.Contains("nobody has together", string.Join(' ', await host.MustRefuseAsync($$"""{ "users": [{ "username": "{{person.UserName}}", "roles": ["{{one}}", "editor"] }] }""")), StringComparison.Ordinal);
    }

    [Theory, OnEachDatabase]
    public async Task A_role_grants_no_permission_that_its_API_does_not_own(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        await host.ApplyAsync("""{ "resources": [{ "identifier": "https://own.example", "permissions": ["own.read"] }] }""");

        foreach (var (permissions, told) in new[]
        {
            ($$"""{ "{{Administered.Posts}}": ["own.read"] }""", "owns no permission"), ("""{ "https://own.example": ["posts.create"] }""", "owns no permission"),
            ("""{ "https://nobody.example": ["own.read"] }""", "There is no resource"), ("""{ "https://own.example/": ["own.read"] }""", "There is no resource"),
            ("""{ "https://own.example": ["OWN.read"] }""", "owns no permission"), ($$"""{ "{{Administered.Identifier}}": ["users.read"] }""", "by inheriting its roles"),
        })
        {
            var errors = await host.MustRefuseAsync($$"""{ "roles": [{ "name": "borrower", "permissions": {{permissions}} }] }""");
            Assert.Contains(errors, error => error.StartsWith("roles[0].permissions", StringComparison.Ordinal) && error.Contains(told, StringComparison.Ordinal));
        }
    }

    [Theory, OnEachDatabase]
    public async Task Ten_thousand_permissions_of_one_person_are_decided_about_passed_on_and_told(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var names = string.Join(", ", Enumerable.Range(0, 10_000).Select(number => $"\"things.{number:D5}\""));
        await host.ApplyAsync($$"""
            {
              "resources": [{ "identifier": "{{Mass}}", "clients": ["mass-guard"], "permissions": [{{names}}] }],
              "clients": [{ "client_id": "mass-guard", "client_secret": "administered-secret-0000000000000000000000000", "grant_types": [] }],
              "roles": [{ "name": "mass-holder", "inherits": ["access-manager"], "permissions": { "{{Mass}}": [{{names}}] } }]
            }
            """);
        var holder = await host.NewAdministratorAsync("""["mass-holder"]""");
        var person = await host.NewPersonAsync("[]");

        Assert.Equal(HttpStatusCode.NoContent, (await holder.AskAsync("PUT", $"/users/{person.Subject}/roles/mass-holder")).Status);
        var held = (await holder.AskAsync("GET", $"/users/{person.Subject}/roles")).OrFail().Json;
        var page = (await holder.AskAsync("GET", $"/resources/{Uri.EscapeDataString(Mass)}/permissions?limit=200")).OrFail();
        var guard = host.Party("mass-guard");
        var found = (await guard.AskAsync($$"""{ "subject": { "type": "user", "id": "{{person.Subject}}" }, "resource": { "type": "things", "id": "1" } }""", Asking.Actions)).OrFail();

        Assert.Equal(10_000, held.GetProperty("permissions").GetProperty(Mass).GetArrayLength());
        Assert.Equal(("things.00199", 200), (page["next"], page.Json.GetProperty("permissions").GetArrayLength()));
        Assert.True(await guard.MayAsync(person.Subject, "things.09999", "things"));
        Assert.False(await guard.MayAsync(person.Subject, "things.10000", "things"));
        Assert.Contains("things.00000", found.Body, StringComparison.Ordinal);
        Assert.InRange(found.Body.Length, 1, 100_000);
    }
}
