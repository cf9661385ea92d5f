using System.Net;
using IdentityProvider.Audit;
using IdentityProvider.IntegrationTests.Accounts;

namespace IdentityProvider.IntegrationTests.Administration;

/// <summary>Which tokens somebody would get, over HTTP.</summary>
public sealed class PreviewAdministrationTests(AdministeredProviders providers) : IClassFixture<AdministeredProviders>
{
    [Theory, OnEachDatabase]
    public async Task Without_the_permission_nobody_looks(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var person = await host.NewPersonAsync("""["author"]""");

        foreach (var role in new[] { "help-desk", "client-manager", "auditor" })
        {
            var refused = await (await host.NewAdministratorAsync($"""["{role}"]""")).AskAsync("GET", $"/preview?client_id=plain-app&sub={person.Subject}");
            Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
            Assert.Contains("tokens.preview", refused["missing_permissions"], StringComparison.Ordinal);
        }

        Assert.DoesNotContain(await host.AuditAsync(person.Subject), row => row.Type == AuditEventType.TokensPreviewed);
    }

    [Theory]
    [OnEachDatabase("", HttpStatusCode.BadRequest)]
    [OnEachDatabase("?client_id=", HttpStatusCode.BadRequest)]
    [OnEachDatabase("?client_id=plain-app&client_id=robot", HttpStatusCode.BadRequest)]
    [OnEachDatabase("?client_id=plain-app&sub=a%00", HttpStatusCode.BadRequest)]
    [OnEachDatabase("?client_id=robot&scope=posts&scope=openid", HttpStatusCode.BadRequest)]
    [OnEachDatabase("?client_id=robot&resource=https://posts.example%0A", HttpStatusCode.BadRequest)]
    [OnEachDatabase("?client_id=nobody", HttpStatusCode.NotFound)]
    [OnEachDatabase("?client_id=plain-app&sub=nobody", HttpStatusCode.NotFound)]
    [OnEachDatabase("?client_id=nobody&sub=nobody&scope=ghost", HttpStatusCode.NotFound)]
    public async Task What_is_not_there_and_what_cannot_be_read_are_told_apart(TestDatabase database, string query, HttpStatusCode status)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");

        var answer = await manager.AskAsync("GET", "/preview" + query);

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.Headers["Content-Type"]));
    }

    [Theory]
    [OnEachDatabase("administrator")]
    [OnEachDatabase("user-manager")]
    public async Task The_claims_are_those_of_the_token_and_who_looked_is_on_record(TestDatabase database, string role)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync($"""["{role}"]""");
        var person = await host.NewPersonAsync("""["author"]""");
        var issued = Wire.ClaimsOf((await host.Party("plain-app").SignInAsync(person, "openid posts")).OrFail().AccessToken);

        var answer = (await manager.AskAsync("GET", $"/preview?client_id=plain-app&sub={person.Subject}&scope=openid%20posts&resource={Administered.Posts}")).OrFail();

        var claims = answer.Json.GetProperty("access_token").GetProperty("claims");
        foreach (var claim in new[] { "iss", "sub", "aud", "client_id", "scope", "roles", "entitlements" })
        {
            Assert.Equal(issued.GetProperty(claim).ToString(), claims.GetProperty(claim).ToString());
        }

        Assert.Equal("""["posts.create"]""", claims.GetProperty("entitlements").ToString());
        Assert.Equal(person.Subject, answer.Json.GetProperty("id_token").GetProperty("claims").GetProperty("sub").GetString());
        // A JWT begins with its header, and a header with {" and so with eyJ.
        Assert.DoesNotContain("eyJ", answer.Body, StringComparison.Ordinal);
        var looked = Assert.Single(await host.AuditAsync(person.Subject), row => row.Type == AuditEventType.TokensPreviewed);
        Assert.Equal((manager.Person.Subject, "console", "plain-app"), (looked.ActorSubject, looked.ActorClientId, looked.ClientId));
    }

    [Theory, OnEachDatabase]
    public async Task A_refusal_is_what_would_come_and_a_client_is_looked_at_for_itself(TestDatabase database)
    {
        var host = await providers.OnAsync(database);
        var manager = await host.NewAdministratorAsync("""["user-manager"]""");
        var person = await host.NewPersonAsync("[]");

        var ghost = (await manager.AskAsync("GET", $"/preview?client_id=plain-app&sub={person.Subject}&scope=openid%20ghost")).OrFail().Json;
        var robot = (await manager.AskAsync("GET", "/preview?client_id=robot&scope=administration")).OrFail().Json;
        Assert.Equal(HttpStatusCode.NoContent, (await manager.AskAsync("POST", $"/users/{person.Subject}/disable")).Status);
        var disabled = (await manager.AskAsync("GET", $"/preview?client_id=plain-app&sub={person.Subject}")).OrFail().Json;

        Assert.Equal("invalid_scope", ghost.GetProperty("refusal").GetProperty("error").GetString());
        Assert.Equal("client_credentials", robot.GetProperty("grant_type").GetString());
        Assert.Equal(Administered.Identifier, robot.GetProperty("access_token").GetProperty("claims").GetProperty("aud").GetString());
        Assert.Equal("access_denied", disabled.GetProperty("refusal").GetProperty("error").GetString());
        Assert.False(disabled.TryGetProperty("access_token", out _));
    }
}
